// SPDX-License-Identifier: Apache-2.0
#include "broker/service/byte_buffers.h"

#include <memory>
#include <vector>

#include "base/io/handover.h"

namespace entente::broker {
namespace {

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

}  // namespace

SharedSlice ToSharedSlice(const grpc::ByteBuffer& buffer) {
  const auto slice = std::make_shared<grpc::Slice>();
  if (!buffer.TrySingleSlice(slice.get()).ok() && !buffer.DumpToSingleSlice(slice.get()).ok()) return {};
  return {slice, ByteView(slice->begin(), slice->size())};
}

grpc::ByteBuffer ToByteBuffer(OutboundFrame frame) {
  std::vector<grpc::Slice> slices;
  slices.reserve(frame.slices.size() + 1);
  if (!frame.header.empty()) slices.push_back(ToGrpcSlice(SharedSlice(std::move(frame.header))));
  for (const SharedSlice& slice : frame.slices) slices.push_back(ToGrpcSlice(slice));
  return {slices.data(), slices.size()};
}

grpc::ByteBuffer ToByteBuffer(Bytes octets) {
  return ToByteBuffer(OutboundFrame{std::move(octets), {}, false});
}

}  // namespace entente::broker
