// SPDX-License-Identifier: Apache-2.0
#include "harness/run/frame_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"

namespace entente::harness {
namespace {

using testing::ElementsAre;

std::vector<Bytes> Frames(FrameStream& stream) {
  std::vector<Bytes> frames;
  for (auto next = stream.Next(); next && *next; next = stream.Next()) frames.push_back(**next);
  return frames;
}

TEST(FrameStreamTest, FramesComeOutAsTheyWentInWhateverTheSlices) {
  const Bytes first{1, 2, 3};
  const Bytes second(70'000, 7);
  Bytes octets = Prefixed(first);
  EXPECT_THAT(octets, ElementsAre(0, 0, 0, 0, 3, 1, 2, 3));
  for (const Bytes& frame : {Bytes{}, second}) {
    const Bytes more = Prefixed(frame);
    octets.insert(octets.end(), more.begin(), more.end());
  }
  for (const std::size_t slice : {std::size_t{1}, std::size_t{4}, std::size_t{1460}, octets.size()}) {
    FrameStream stream;
    std::vector<Bytes> frames;
    for (std::size_t at = 0; at < octets.size(); at += slice) {
      stream.Append(ByteView(octets).subspan(at, std::min(slice, octets.size() - at)));
      for (Bytes& frame : Frames(stream)) frames.push_back(std::move(frame));
    }
    EXPECT_EQ(frames, (std::vector<Bytes>{first, {}, second})) << slice;
  }
}

TEST(FrameStreamTest, WhatWasNeverAFrameIsAnError) {
  FrameStream compressed;
  compressed.Append(Bytes{1, 0, 0, 0, 0});
  EXPECT_FALSE(compressed.Next());
  FrameStream endless;
  endless.Append(Bytes{0, 0xff, 0xff, 0xff, 0xff});
  EXPECT_FALSE(endless.Next());
}

}  // namespace
}  // namespace entente::harness
