// SPDX-License-Identifier: Apache-2.0
#pragma once

// Between gRPC's ByteBuffer and the relay's slices, without a copy where both sides allow it.

#include <grpcpp/support/byte_buffer.h>

#include "broker/core/relay.h"

namespace entente::broker {

// The slice keeps gRPC's memory alive. A message that arrived in several pieces is joined, which copies it.
SharedSlice ToSharedSlice(const grpc::ByteBuffer& buffer);
// gRPC keeps the slices' owners alive until they are written; small slices are copied.
grpc::ByteBuffer ToByteBuffer(const OutboundFrame& frame);
grpc::ByteBuffer ToByteBuffer(Bytes octets);

}  // namespace entente::broker
