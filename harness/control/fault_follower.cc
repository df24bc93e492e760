// SPDX-License-Identifier: Apache-2.0
#include "harness/control/fault_follower.h"

#include <fmt/format.h>

#include <condition_variable>
#include <mutex>
#include <utility>

#include "base/io/log.h"
#include "harness/run/message_probe.h"

namespace entente::harness {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kAskEvery{100};
constexpr milliseconds kAnswerWithin{1000};
constexpr milliseconds kGoodFor{2000};

}  // namespace

FaultFollower::FaultFollower(std::string endpoint, std::shared_ptr<grpc::ChannelCredentials> credentials, std::string exercise,
                             StandingFaults& standing, const Clock& clock)
    : endpoint_(std::move(endpoint)),
      exercise_(std::move(exercise)),
      standing_(standing),
      clock_(clock),
      client_(endpoint_, std::move(credentials), kAnswerWithin),
      trouble_("none yet"),
      thread_([this](const std::stop_token& stop) { Follow(stop); }) {}

void FaultFollower::Follow(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    const Instant asked = clock_.Read().instant;
    Result<StandingFaults::List> faults = Ask();
    Tell(faults ? Status() : std::unexpected(faults.error()));
    if (faults) standing_.Renew(*std::move(faults), asked + kGoodFor);
    stopped.wait_for(lock, stop, kAskEvery, [] { return false; });
  }
}

Result<StandingFaults::List> FaultFollower::Ask() {
  if (Status same = CheckExercise(); !same) return std::unexpected(same.error());
  auto reply = client_.Ask(&ControlClient::Stub::ListFaults, v1::ListFaultsRequest());
  if (!reply) {
    same_exercise_ = false;
    return std::unexpected(reply.error());
  }
  StandingFaults::List faults;
  for (v1::LiveFault& fault : *reply->mutable_faults()) {
    if (fault.state() == v1::FAULT_STATE_ACTIVE && ActsOnMessages(fault.plan())) faults.push_back(std::move(*fault.mutable_plan()));
  }
  return faults;
}

Status FaultFollower::CheckExercise() {
  if (same_exercise_) return {};
  const auto status = client_.Ask(&ControlClient::Stub::GetStatus, v1::StatusRequest());
  if (!status) return std::unexpected(status.error());
  if (status->exercise() != exercise_) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("the run there is one of \"{}\", not of \"{}\"", status->exercise(), exercise_), endpoint_,
                "give the address of the run of this exercise");
  }
  same_exercise_ = true;
  return {};
}

void FaultFollower::Tell(const Status& answered) {
  const std::string trouble = answered ? std::string() : answered.error().Text();
  if (std::exchange(trouble_, trouble) == trouble) return;
  if (answered) {
    spdlog::info("the run at {} says which faults of messages act here", endpoint_);
  } else {
    spdlog::warn("no fault of messages acts here without the word of the run: {}", trouble);
  }
}

}  // namespace entente::harness
