// SPDX-License-Identifier: Apache-2.0
#include "broker/record/jetstream/stream_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <thread>
#include <vector>

namespace entente::record {
namespace {

using std::chrono::milliseconds;

// The server says so often that it is there when it has nothing else to say; silence for longer than kSilence is its death.
constexpr std::chrono::nanoseconds kHeartbeat = milliseconds(300);
constexpr milliseconds kSilence{1000};
constexpr milliseconds kBetweenAttempts{50};
constexpr milliseconds kMostBetweenAttempts{1000};
constexpr int kPlacements = 6;  // tried at once
constexpr milliseconds kLookAfter{2000};
constexpr milliseconds kLookAfterAlone{100};  // without a consumer
constexpr milliseconds kAnswered{1000};
// The servers forget a consumer that nobody listens to.
constexpr std::chrono::nanoseconds kForgottenAfter = std::chrono::seconds(5);
// More than the servers send ahead (32 MiB).
constexpr int kWaitingOctets = 64 * 1024 * 1024;

bool IsControl(natsMsg* message) {
  const char* status = nullptr;
  return natsMsg_GetDataLength(message) == 0 && natsMsgHeader_Get(message, "Status", &status) == NATS_OK &&
         std::string_view(status) == "100";
}

// 0: it is none.
std::uint64_t NumberIn(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

Bytes OctetsOf(natsMsg& message) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(natsMsg_GetData(&message));
  return {data, data + natsMsg_GetDataLength(&message)};
}

// Who delivered a message, and its sequence in the stream, out of "$JS.ACK.<stream>.<consumer>.<deliveries>.<sequence>…"; longer
// forms have domain and account before the stream. Without either it has none.
struct Delivery {
  std::string_view consumer;
  std::uint64_t sequence = 0;
};

Delivery DeliveryOf(const char* reply) {
  if (reply == nullptr) return {};
  std::vector<std::string_view> tokens;
  for (std::string_view rest(reply);;) {
    const std::size_t dot = rest.find('.');
    tokens.push_back(rest.substr(0, dot));
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  if (tokens.size() < 9) return {};
  const std::size_t stream = tokens.size() >= 11 ? 4 : 2;
  return {tokens[stream + 1], NumberIn(tokens[stream + 3])};
}

}  // namespace

StreamSource::~StreamSource() {
  Retire();
  FreeRetired();
}

void StreamSource::Retire() {
  if (!subscription_) return;
  natsSubscription_Unsubscribe(subscription_.get());
  retired_ = std::move(subscription_);
}

bool StreamSource::FreeRetired() {
  if (!retired_) return true;
  if (natsConnection_FlushTimeout(link_.connection(), kAnswered.count()) != NATS_OK) return false;
  retired_.reset();
  return true;
}

void StreamSource::Begin() {
  failures_ = Make() ? 0 : failures_ + 1;
  if (failures_ == 0) return;
  Retire();
  not_before_ = std::chrono::steady_clock::now() + std::min(kBetweenAttempts * failures_, kMostBetweenAttempts);
}

// The servers place a consumer anywhere; one in a wrong place is removed.
bool StreamSource::Make() {
  if (!link_.connected() || !FreeRetired()) return false;
  reconnections_ = link_.reconnections();
  natsInbox* inbox = nullptr;
  if (natsInbox_Create(&inbox) != NATS_OK) return false;
  const std::unique_ptr<natsInbox, void (*)(natsInbox*)> owned(inbox, natsInbox_Destroy);
  natsSubscription* made = nullptr;
  if (natsConnection_SubscribeSync(&made, link_.connection(), inbox) != NATS_OK) return false;
  subscription_.reset(made);
  natsSubscription_SetPendingLimits(made, kWaiting, kWaitingOctets);
  jsConsumerConfig config;
  jsConsumerConfig_Init(&config);
  config.DeliverSubject = inbox;
  config.DeliverPolicy = js_DeliverByStartSequence;
  config.OptStartSeq = next_;
  config.AckPolicy = js_AckNone;
  config.FlowControl = true;
  config.Heartbeat = kHeartbeat.count();
  config.InactiveThreshold = kForgottenAfter.count();
  config.MemoryStorage = true;
  config.Replicas = 1;
  for (int attempt = 0; attempt < kPlacements; ++attempt) {
    jsConsumerInfo* asked = nullptr;
    if (js_AddConsumer(&asked, link_.jetstream(), stream_.c_str(), &config, nullptr, nullptr) != NATS_OK) return false;
    const NatsOwned<jsConsumerInfo> info(asked);
    const char* server = info->Cluster != nullptr ? info->Cluster->Leader : nullptr;
    if (!placement_ || (server != nullptr && placement_(server))) {
      heard_ = std::chrono::steady_clock::now();
      consumer_ = info->Name;
      return true;
    }
    js_DeleteConsumer(link_.jetstream(), stream_.c_str(), info->Name, nullptr, nullptr);
  }
  return false;
}

void StreamSource::BeginAgain() {
  Retire();
  Begin();
}

// Where any copy will do, the leader's has come this way, and is asked again at once while it has something.
std::optional<StreamSource::Message> StreamSource::Look() {
  const milliseconds after = subscription_ || placement_ ? kLookAfter : kLookAfterAlone;
  if (std::chrono::steady_clock::now() - looked_ <= after || !link_.connected()) return std::nullopt;
  std::optional<Message> behind = Fetch(next_);
  if (behind) Retire();
  if (behind && !placement_) {
    ++next_;
    return behind;
  }
  looked_ = std::chrono::steady_clock::now();
  return std::nullopt;
}

Result<std::optional<StreamSource::Message>> StreamSource::Next(milliseconds at_most) {
  const Time until = std::chrono::steady_clock::now() + at_most;
  for (;;) {
    if (auto behind = Look()) return behind;
    const Time now = std::chrono::steady_clock::now();
    const auto left = std::max(std::chrono::ceil<milliseconds>(until - now), milliseconds(0));
    const bool stale = subscription_ && (now - heard_ > kSilence || reconnections_ != link_.reconnections());
    if (stale) Retire();
    if (!subscription_) {
      if (now < not_before_) std::this_thread::sleep_for(std::min(left, std::chrono::ceil<milliseconds>(not_before_ - now)));
      if (std::chrono::steady_clock::now() >= not_before_) Begin();
      if (!subscription_ && left.count() == 0) return std::nullopt;
      continue;
    }
    natsMsg* taken = nullptr;
    // A short wait even when there is no time: what has arrived is given.
    const auto wait = std::max(std::min(left, std::chrono::duration_cast<milliseconds>(kHeartbeat)), milliseconds(1));
    const natsStatus status = natsSubscription_NextMsg(&taken, subscription_.get(), wait.count());
    const NatsOwned<natsMsg> message(taken);
    if (status == NATS_OK) {
      heard_ = std::chrono::steady_clock::now();
      Result<std::optional<Message>> given = Take(*message);
      if (!given || *given) return given;
    } else if (status != NATS_TIMEOUT) {
      Retire();
    }
    if (std::chrono::steady_clock::now() >= until) return std::nullopt;
  }
}

// Flow control asks for an answer; a heartbeat says which message was sent last.
void StreamSource::OnControl(natsMsg& control) {
  const char* text = nullptr;
  if (natsMsg_GetReply(&control) != nullptr) {
    natsConnection_Publish(link_.connection(), natsMsg_GetReply(&control), nullptr, 0);
  } else if (natsMsgHeader_Get(&control, "Nats-Consumer-Stalled", &text) == NATS_OK) {
    natsConnection_Publish(link_.connection(), text, nullptr, 0);
  }
  if (natsMsgHeader_Get(&control, "Nats-Last-Stream", &text) == NATS_OK && NumberIn(text) >= next_) BeginAgain();
}

std::optional<StreamSource::Message> StreamSource::Fetch(std::uint64_t sequence) const {
  natsMsg* asked = nullptr;
  js_GetMsg(&asked, link_.jetstream(), stream_.c_str(), sequence, nullptr, nullptr);
  const NatsOwned<natsMsg> found(asked);
  if (!found) return std::nullopt;
  return Message{sequence, natsMsg_GetSubject(asked), OctetsOf(*asked)};
}

bool StreamSource::IsGone(std::uint64_t sequence, std::uint64_t later) const {
  if (!Fetch(later)) return false;
  natsMsg* found = nullptr;
  jsErrCode code = static_cast<jsErrCode>(0);
  js_GetMsg(&found, link_.jetstream(), stream_.c_str(), sequence, nullptr, &code);
  natsMsg_Destroy(found);
  return code == JSNoMessageFoundErr;
}

Result<std::optional<StreamSource::Message>> StreamSource::Take(natsMsg& message) {
  if (IsControl(&message)) {
    OnControl(message);
    return std::nullopt;
  }
  const auto [consumer, sequence] = DeliveryOf(natsMsg_GetReply(&message));
  if (consumer != consumer_) return std::nullopt;  // one in a wrong place, which sent something before it was removed
  if (sequence < next_) return std::nullopt;       // a server that was behind began earlier
  if (sequence > next_ && IsGone(next_, sequence)) {
    return Fail(ErrorCode::kDataLoss, fmt::format("the stream has message {} and no message {} any more", sequence, next_),
                fmt::format("stream {} on {}", stream_, link_.where()),
                "somebody removed it: compare with another copy of the record");
  }
  if (sequence != next_) {
    BeginAgain();
    return std::nullopt;
  }
  ++next_;
  looked_ = heard_;
  return Message{sequence, natsMsg_GetSubject(&message), OctetsOf(message)};
}

}  // namespace entente::record
