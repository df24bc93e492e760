// SPDX-License-Identifier: Apache-2.0
#include "broker/record/jetstream/chain_frame.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/byte_reader.h"
#include "base/byte_writer.h"

namespace entente::record {
namespace {

constexpr std::uint32_t kVersion = 1;
constexpr std::string_view kOriginPrefix = "entente chain 1\n";

void Copy(ByteView taken, Digest& out) {
  std::ranges::copy(taken, out.begin());
}

}  // namespace

Digest ChainOrigin(std::string_view writer) {
  return Sha256(AsBytes(kOriginPrefix), AsBytes(writer));
}

Bytes EncodeChainFrame(std::uint64_t number, Digest previous, ByteView body, Digest& hash) {
  hash = Sha256(previous, body);
  ByteWriter out(kChainHeaderOctets + body.size());
  out.U32Le(kVersion);
  out.U64Le(number);
  out.Octets(previous);
  out.Octets(hash);
  out.Octets(body);
  return std::move(out).Release();
}

Result<ChainFrame> ParseChainFrame(ByteView octets, std::string_view where) {
  ByteReader in(octets);
  const std::uint32_t version = in.U32Le();
  if (in.ok() && version != kVersion) {
    return Fail(ErrorCode::kUnsupported,
                fmt::format("the frame has format version {}, and this program knows version {}", version, kVersion),
                std::string(where), "read it with the version of Entente that wrote it");
  }
  ChainFrame frame;
  frame.number = in.U64Le();
  const ByteView previous = in.Take(frame.previous.size());
  const ByteView hash = in.Take(frame.hash.size());
  if (!in.ok()) return Fail(ErrorCode::kDataLoss, "the message is too short for a frame of a record", std::string(where));
  Copy(previous, frame.previous);
  Copy(hash, frame.hash);
  frame.body = in.Take(in.remaining());
  if (frame.number == 0 || Sha256(frame.previous, frame.body) != frame.hash) {
    return Fail(ErrorCode::kDataLoss, "the frame is not as it was written: its hash is another", std::string(where));
  }
  return frame;
}

}  // namespace entente::record
