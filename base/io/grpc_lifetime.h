// SPDX-License-Identifier: Apache-2.0
#pragma once

// Keeps gRPC alive for an object that uses it, as its first member. The last one to go waits until gRPC's own threads have ended;
// by itself gRPC ends them on a thread that nobody can wait for, and a process that exits meanwhile leaves them behind.

#include <grpc/grpc.h>

namespace entente {

class GrpcLifetime {
 public:
  GrpcLifetime() { grpc_init(); }
  ~GrpcLifetime() { grpc_shutdown_blocking(); }
  GrpcLifetime(const GrpcLifetime&) = delete;
  GrpcLifetime& operator=(const GrpcLifetime&) = delete;
};

}  // namespace entente
