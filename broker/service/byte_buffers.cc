// SPDX-License-Identifier: Apache-2.0
#include "broker/service/byte_buffers.h"

#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "base/io/handover.h"

namespace entente::broker {
namespace {

// A smaller slice costs more to share than to copy.
constexpr std::size_t kWorthSharingOctets = 2048;

using Owner = std::shared_ptr<const void>;

// On whichever thread gRPC is done with the slice.
void LetGo(void* held) {
  TakeOver(held);
  delete static_cast<Owner*>(held);
}

grpc::Slice ToGrpcSlice(const SharedSlice& slice) {
  auto owner = std::make_unique<Owner>(slice.owner());
  HandOver(owner.get());
  // gRPC only reads it.
  void* octets = const_cast<std::uint8_t*>(slice.view().data());
  return {octets, slice.size(), LetGo, owner.release()};
}

// Views side by side in one slice of gRPC's own; cleared.
void CopyTo(std::vector<grpc::Slice>& slices, std::vector<ByteView>& views, std::size_t octets) {
  if (octets == 0) return;
  grpc::Slice copy(octets);
  auto* at = const_cast<std::uint8_t*>(copy.begin());
  for (const ByteView view : views) {
    if (!view.empty()) std::memcpy(at, view.data(), view.size());
    at += view.size();
  }
  views.clear();
  slices.push_back(std::move(copy));
}

}  // namespace

SharedSlice ToSharedSlice(const grpc::ByteBuffer& buffer) {
  const auto slice = std::make_shared<grpc::Slice>();
  if (!buffer.TrySingleSlice(slice.get()).ok() && !buffer.DumpToSingleSlice(slice.get()).ok()) return {};
  return {slice, ByteView(slice->begin(), slice->size())};
}

grpc::ByteBuffer ToByteBuffer(const OutboundFrame& frame) {
  std::vector<grpc::Slice> slices;
  std::vector<ByteView> small = {frame.header};
  std::size_t small_octets = frame.header.size();
  for (const SharedSlice& slice : frame.slices) {
    if (slice.size() < kWorthSharingOctets) {
      small.push_back(slice.view());
      small_octets += slice.size();
      continue;
    }
    CopyTo(slices, small, std::exchange(small_octets, 0));
    slices.push_back(ToGrpcSlice(slice));
  }
  CopyTo(slices, small, small_octets);
  return {slices.data(), slices.size()};
}

grpc::ByteBuffer ToByteBuffer(Bytes octets) {
  return ToByteBuffer(OutboundFrame{std::move(octets), {}, false});
}

}  // namespace entente::broker
