// SPDX-License-Identifier: Apache-2.0
#pragma once

// What live control can ask of a run, one function per request: checks it against the exercise, does it, writes it into the record
// with who commanded it, and says what came of it. On the run's thread; knows no gRPC. Whether the commander may is asked before.

#include <functional>
#include <type_traits>

#include "base/result.h"
#include "base/time.h"
#include "broker/core/relay.h"
#include "entente/v1/control.pb.h"
#include "harness/run/run_commands.h"

namespace entente::harness {

// Looks; nothing is recorded.
Result<v1::StatusReply> CarryOut(const v1::StatusRequest& request, const broker::StreamPeer& by, RunDesk& desk, Now now);
Result<v1::ListFaultsReply> CarryOut(const v1::ListFaultsRequest& request, const broker::StreamPeer& by, RunDesk& desk, Now now);
Result<v1::ListFaultKindsReply> CarryOut(const v1::ListFaultKindsRequest& request, const broker::StreamPeer& by, RunDesk& desk,
                                         Now now);

// Commands; recorded, also when the error is that they cannot be carried out.
Result<v1::StopReply> CarryOut(const v1::StopRequest& request, const broker::StreamPeer& by, RunDesk& desk, Now now);
Result<v1::PauseReply> CarryOut(const v1::PauseRequest& request, const broker::StreamPeer& by, RunDesk& desk, Now now);
Result<v1::ResumeReply> CarryOut(const v1::ResumeRequest& request, const broker::StreamPeer& by, RunDesk& desk, Now now);
Result<v1::AddFaultReply> CarryOut(const v1::AddFaultRequest& request, const broker::StreamPeer& by, RunDesk& desk, Now now);
Result<v1::FireInjectReply> CarryOut(const v1::FireInjectRequest& request, const broker::StreamPeer& by, RunDesk& desk, Now now);
Result<v1::ObserveReply> CarryOut(const v1::ObserveRequest& request, const broker::StreamPeer& by, RunDesk& desk, Now now);

// Answers when every link that was concerned has been probed.
using OnCleared = std::function<void(const Result<v1::ClearFaultsReply>&)>;
void CarryOut(const v1::ClearFaultsRequest& request, const broker::StreamPeer& by, RunDesk& desk, Now now, OnCleared answer);

// The others answer at once.
template <typename Request, typename Answer>
  requires(!std::is_same_v<Request, v1::ClearFaultsRequest>)
void CarryOut(const Request& request, const broker::StreamPeer& by, RunDesk& desk, Now now, Answer answer) {
  answer(CarryOut(request, by, desk, now));
}

}  // namespace entente::harness
