// SPDX-License-Identifier: Apache-2.0
#pragma once

// Asks a running broker where a message would go. One call on the caller's thread, with a deadline.

#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "entente/v1/bus.pb.h"

namespace grpc {
class ChannelCredentials;
}

namespace entente::broker {

// Without credentials: without TLS.
Result<v1::ExplainReply> AskExplain(const std::string& endpoint, const v1::Envelope& envelope, Duration at_most,
                                    std::shared_ptr<grpc::ChannelCredentials> credentials = nullptr);

}  // namespace entente::broker
