// SPDX-License-Identifier: Apache-2.0
#include "base/digest.h"

#include <gtest/gtest.h>

namespace entente {
namespace {

std::string HexOfSha256(std::string_view text) {
  return ToHex(Sha256(AsBytes(text)));
}

// FIPS 180-4 examples.
TEST(Digest, Sha256OfTheStandardsExamples) {
  EXPECT_EQ(HexOfSha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(HexOfSha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(HexOfSha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(HexOfSha256(std::string(1'000'000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Digest, TwoPartsAreTheirConcatenation) {
  EXPECT_EQ(Sha256(AsBytes("ab"), AsBytes("c")), Sha256(AsBytes("abc")));
  EXPECT_EQ(Sha256({}, AsBytes("abc")), Sha256(AsBytes("abc")));
}

TEST(Digest, UnitHashIsTheFirstSixteenOctets) {
  EXPECT_EQ(ToHex(AsBytes(UnitHash(AsBytes("abc")))), "ba7816bf8f01cfea414140de5dae2223");
}

}  // namespace
}  // namespace entente
