// SPDX-License-Identifier: Apache-2.0
#include "adapters/dis/framing.h"

#include "adapters/dis/pdu.h"

namespace entente::dis {
namespace {

std::size_t LengthField(ByteView header) {
  return static_cast<std::size_t>(header[8]) << 8 | header[9];
}

// A version that was ever in use and the exercise of the PDU before: padding hardly looks like that by chance.
bool LooksLikePdu(ByteView octets, std::uint8_t exercise) {
  return octets.size() >= kHeaderOctets && octets[0] >= 1 && octets[0] <= 7 && octets[1] == exercise;
}

}  // namespace

FramedPdu TakePdu(ByteView rest) {
  if (rest.size() < kHeaderOctets) return {rest, 0};
  const std::size_t length = LengthField(rest);
  if (length < kHeaderOctets || length > rest.size()) return {rest, 0};
  const ByteView next = rest.subspan(length);
  if (next.empty() || LooksLikePdu(next, rest[1])) return {rest.first(length), 0};
  return {rest.first(length), next.size()};
}

}  // namespace entente::dis
