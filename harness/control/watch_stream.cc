// SPDX-License-Identifier: Apache-2.0
#include "harness/control/watch_stream.h"

#include <algorithm>
#include <array>
#include <utility>

namespace entente::harness {
namespace {

// What a person looks for; the traffic itself is asked for by name. EXCON's.
constexpr std::array kSeldom = {v1::RecordEvent::kRunStarted,       v1::RecordEvent::kExerciseStateChanged,
                                v1::RecordEvent::kNodeStateChanged, v1::RecordEvent::kInjectFired,
                                v1::RecordEvent::kProcessFault,     v1::RecordEvent::kRunEnded,
                                v1::RecordEvent::kCommandGiven,     v1::RecordEvent::kPeerRefused,
                                v1::RecordEvent::kFaultStarted,     v1::RecordEvent::kFaultEnded,
                                v1::RecordEvent::kLinkProbed};

// What says nothing of any message: whoever is not EXCON sees no more, for a record holds what is not released to them.
constexpr std::array kOpen = {v1::RecordEvent::kExerciseStateChanged, v1::RecordEvent::kNodeStateChanged,
                              v1::RecordEvent::kFaultStarted,         v1::RecordEvent::kFaultEnded,
                              v1::RecordEvent::kLinkProbed,           v1::RecordEvent::kRunEnded};

Result<record::EventFilter> FilterOf(const v1::WatchRequest& request, const broker::Identity& identity) {
  const bool sees_all = !identity.proven() || identity.role == v1::ROLE_EXCON;
  record::EventFilter filter;
  const auto* event = v1::RecordEvent::descriptor();
  for (const std::string& kind : request.kinds()) {
    const auto* field = event->FindFieldByName(kind);
    if (field == nullptr || field->containing_oneof() == nullptr) {
      return Fail(ErrorCode::kInvalidArgument, "the record has no events \"" + kind.substr(0, 80) + "\"", {},
                  "name them as entente/v1/record.proto does: \"fault_started\"");
    }
    const auto wanted = static_cast<v1::RecordEvent::EventCase>(field->number());
    if (!sees_all && std::ranges::find(kOpen, wanted) == kOpen.end()) {
      return Fail(ErrorCode::kPermissionDenied, "only EXCON may watch " + kind, "identity " + identity.name,
                  "watch states and faults; what a nation may see of messages comes on the bus");
    }
    filter.events.push_back(wanted);
  }
  if (!filter.events.empty()) return filter;
  if (sees_all) {
    filter.events.assign(kSeldom.begin(), kSeldom.end());
  } else {
    filter.events.assign(kOpen.begin(), kOpen.end());
  }
  return filter;
}

}  // namespace

WatchStream::WatchStream(ControlService& service, broker::ServerLoop& loop, Host& host)
    : service_(service),
      loop_(loop),
      host_(host),
      on_call_([this](bool ok) { OnCall(ok); }),
      on_written_([this](bool ok) {
        --operations_;
        writing_ = false;
        if (ok) Pump();
      }),
      on_finished_([this](bool) { --operations_; }),
      on_gone_([this](bool) {
        --operations_;
        telling_ = false;
        over_ = true;
        reader_.reset();
      }) {}

void WatchStream::AwaitCall() {
  context_.AsyncNotifyWhenDone(&on_gone_);
  ++operations_;
  service_.RequestWatch(&context_, &request_, &writer_, loop_.queue(), loop_.queue(), &on_call_);
}

void WatchStream::OnCall(bool ok) {
  --operations_;
  if (!ok) {
    over_ = true;  // the server stops; on_gone_ comes for calls only
    return;
  }
  ++operations_;  // on_gone_
  telling_ = true;
  const auto peer = host_.OnWatch(context_, request_);
  if (!peer) return Finish(ToGrpc(peer.error()));
  auto filter = FilterOf(request_, peer->identity);
  if (!filter) {
    if (filter.error().code == ErrorCode::kPermissionDenied) host_.OnRefusedWatch(*peer, filter.error());
    return Finish(ToGrpc(filter.error()));
  }
  auto reader = host_.record().Tail(request_.from_beginning() ? record::Cursor() : host_.record().end(), *std::move(filter));
  if (!reader) return Finish(ToGrpc(reader.error()));
  reader_ = *std::move(reader);
  Pump();
}

void WatchStream::Pump() {
  if (!telling_ || writing_ || reader_ == nullptr || !loop_.open()) return;
  auto next = reader_->Next();
  if (!next) return Finish(ToGrpc(next.error()));
  if (!*next) {
    if (ending_) Finish(grpc::Status::OK);
    return;
  }
  v1::WatchReply reply;
  *reply.mutable_event() = std::move((*next)->event);
  writing_ = true;
  ++operations_;
  writer_.Write(reply, &on_written_);
}

void WatchStream::EndSoon() {
  ending_ = true;
  Pump();
}

void WatchStream::Finish(const grpc::Status& status) {
  if (!telling_ || !loop_.open()) return;
  telling_ = false;
  ++operations_;
  writer_.Finish(status, &on_finished_);
}

}  // namespace entente::harness
