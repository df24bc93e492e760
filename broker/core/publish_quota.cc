// SPDX-License-Identifier: Apache-2.0
#include "broker/core/publish_quota.h"

#include <algorithm>
#include <limits>

#include "base/node_id.h"

namespace entente::broker {
namespace {

// A second's worth at once; no limit is an endless bucket.
TokenBucket BucketOf(std::uint64_t per_second) {
  const double rate = per_second == 0 ? std::numeric_limits<double>::infinity() : static_cast<double>(per_second);
  return TokenBucket({.burst = rate, .per_second = rate});
}

bool HasRate(const v1::StreamLimits& limits) {
  return limits.messages_per_s() != 0 || limits.octets_per_s() != 0;
}

}  // namespace

PublishQuota::Meter::Meter(const v1::StreamLimits& limits)
    : messages(BucketOf(limits.messages_per_s())), octets(BucketOf(limits.octets_per_s())) {}

PublishQuota::PublishQuota(v1::StreamLimits of_a_stream, const v1::ExercisePolicy& policy)
    : of_a_stream_(std::move(of_a_stream)),
      has_rates_(HasRate(of_a_stream_) ||
                 std::ranges::any_of(policy.nations(), [](const v1::NationPolicy& nation) { return HasRate(nation.limits()); })) {
  for (const v1::NationPolicy& nation : policy.nations()) {
    if (nation.has_limits()) nations_.try_emplace(nation.nation(), nation.limits());
  }
}

const PublishQuota::Nation* PublishQuota::NationFor(std::string_view node) const {
  const auto found = nations_.find(NationOf(node));
  return found == nations_.end() ? nullptr : &found->second;
}

Status PublishQuota::MayAttach(std::string_view node, bool again) const {
  const Nation* nation = NationFor(node);
  if (again || nation == nullptr || nation->streams == 0 || nation->attached < nation->streams) return {};
  return Fail(ErrorCode::kExhausted, std::to_string(nation->attached) + " nodes of this nation are attached, which is its limit",
              "node " + std::string(node), "detach one of them, or raise limits.streams of the nation in the exercise file");
}

void PublishQuota::Attached(std::string_view node) {
  const bool is_new = nodes_.try_emplace(std::string(node), of_a_stream_).second;
  const auto nation = nations_.find(NationOf(node));
  if (is_new && nation != nations_.end()) ++nation->second.attached;
}

void PublishQuota::Detached(std::string_view node) {
  const auto found = nodes_.find(node);
  if (found == nodes_.end()) return;
  nodes_.erase(found);
  const auto nation = nations_.find(NationOf(node));
  if (nation != nations_.end()) --nation->second.attached;
}

void PublishQuota::Published(std::string_view node, std::uint64_t messages, std::uint64_t octets, Instant now) {
  if (!has_rates_) return;
  const auto charge = [&](Meter& meter) {
    meter.messages.Owe(now, static_cast<double>(messages));
    meter.octets.Owe(now, static_cast<double>(octets));
  };
  if (const auto found = nodes_.find(node); found != nodes_.end()) charge(found->second);
  if (const auto found = nations_.find(NationOf(node)); found != nations_.end()) charge(found->second.meter);
}

bool PublishQuota::HasRoom(std::string_view node, const OutstandingOf& octets_of) const {
  const std::uint64_t own = of_a_stream_.outstanding_octets();
  if (own != 0 && octets_of(node) >= own) return false;
  const Nation* nation = NationFor(node);
  if (nation == nullptr || nation->outstanding_octets == 0) return true;
  const std::string first = std::string(NationOf(node)) + '/';
  std::uint64_t octets = 0;
  for (auto each = nodes_.lower_bound(first); each != nodes_.end() && each->first.starts_with(first); ++each) {
    octets += octets_of(each->first);
  }
  return octets < nation->outstanding_octets;
}

Duration PublishQuota::Pause(std::string_view node, Instant now) const {
  if (!has_rates_) return Duration::zero();
  const auto wait = [&](const Meter& meter) { return std::max(meter.messages.Wait(now), meter.octets.Wait(now)); };
  const auto found = nodes_.find(node);
  const Nation* nation = NationFor(node);
  return std::max(found == nodes_.end() ? Duration::zero() : wait(found->second),
                  nation == nullptr ? Duration::zero() : wait(nation->meter));
}

}  // namespace entente::broker
