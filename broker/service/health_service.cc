// SPDX-License-Identifier: Apache-2.0
#include "broker/service/health_service.h"

#include <algorithm>
#include <utility>

#include "entente/v1/bus.grpc.pb.h"

namespace entente::broker {

HealthWatch::HealthWatch(HealthService& service, ServerLoop& loop, Host& host)
    : service_(service),
      loop_(loop),
      host_(host),
      on_call_([this](bool ok) { OnCall(ok); }),
      on_written_([this](bool ok) { OnWritten(ok); }),
      on_finished_([this](bool) { --operations_; }),
      on_gone_([this](bool) {
        --operations_;
        telling_ = false;
        over_ = true;
      }) {}

void HealthWatch::AwaitCall() {
  context_.AsyncNotifyWhenDone(&on_gone_);
  ++operations_;
  service_.RequestWatch(&context_, &request_, &writer_, loop_.queue(), loop_.queue(), &on_call_);
}

void HealthWatch::OnCall(bool ok) {
  --operations_;
  if (!ok) {
    over_ = true;  // the server stops; on_gone_ comes for calls only
    return;
  }
  ++operations_;  // on_gone_
  telling_ = host_.OnCall();
  if (telling_) return Tell();
  if (!loop_.open()) return;
  ++operations_;
  writer_.Finish({grpc::StatusCode::RESOURCE_EXHAUSTED, "this broker takes no more health watches; ask with Check"}, &on_finished_);
}

void HealthWatch::Tell() {
  if (!telling_ || writing_ || !loop_.open()) return;
  const Health::ServingStatus status = host_.StatusOf(request_.service());
  if (status == told_) return;
  told_ = status;
  writing_ = true;
  ++operations_;
  Health reply;
  reply.set_status(status);
  writer_.Write(reply, &on_written_);
}

void HealthWatch::OnWritten(bool ok) {
  --operations_;
  writing_ = false;
  if (ok) Tell();
}

void HealthCalls::Await() {
  AwaitCheck();
  AwaitWatch();
}

void HealthCalls::Report(bool serving) {
  if (std::exchange(serving_, serving) == serving) return;
  for (const auto& watch : watches_) watch->Tell();
}

bool HealthCalls::quiet() const {
  return std::ranges::none_of(watches_, [](const std::unique_ptr<HealthWatch>& watch) { return watch->writing(); });
}

void HealthCalls::AwaitCheck() {
  if (!loop_.open()) return;
  check_ = std::make_unique<Check>();
  service_.RequestCheck(&check_->context, &check_->request, &check_->responder, loop_.queue(), loop_.queue(), &asked_);
}

void HealthCalls::Answer() {
  if (!loop_.open()) return;
  Health reply;
  reply.set_status(StatusOf(check_->request.service()));
  if (reply.status() == Health::SERVICE_UNKNOWN) {
    return check_->responder.FinishWithError({grpc::StatusCode::NOT_FOUND, "no such service here"}, &answered_);
  }
  check_->responder.Finish(reply, grpc::Status::OK, &answered_);
}

void HealthCalls::AwaitWatch() {
  watches_.push_back(std::make_unique<HealthWatch>(service_, loop_, *this));
  watches_.back()->AwaitCall();
}

bool HealthCalls::OnCall() {
  std::erase_if(watches_, [](const std::unique_ptr<HealthWatch>& watch) { return watch->over(); });
  const bool room = watches_.size() <= kHealthWatches;
  if (loop_.open()) AwaitWatch();
  return room;
}

Health::ServingStatus HealthCalls::StatusOf(const std::string& service) const {
  if (!service.empty() && service != v1::Bus::service_full_name()) return Health::SERVICE_UNKNOWN;
  return serving_ ? Health::SERVING : Health::NOT_SERVING;
}

}  // namespace entente::broker
