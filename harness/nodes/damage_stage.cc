// SPDX-License-Identifier: Apache-2.0
#include "harness/nodes/damage_stage.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.h"
#include "base/invariant.h"
#include "base/prng.h"

namespace entente::harness {
namespace {

constexpr std::string_view kMutation = "mutation";

}  // namespace

struct DamageStage::Damaged {
  Bytes octets;
  const adapter::DamageRule* rule = nullptr;  // nullptr: mutation
};

DamageStage::DamageStage(adapter::LinkEnd& inner, DamageStageConfig config, EventSink events)
    : inner_(inner), config_(std::move(config)), events_(std::move(events)) {
  ENTENTE_INVARIANT(config_.adapter != nullptr);
}

Status DamageStage::StartFault(const v1::FaultPlan& fault) {
  if (fault.direction() != v1::DIRECTION_UNSPECIFIED && fault.direction() != config_.direction) return {};
  ActiveFault active{fault.id(), fault.damage().share(), {}};
  const auto& rules = config_.adapter->damage_rules;
  for (const std::string& id : fault.damage().rules()) {
    const auto rule = std::ranges::find(rules, id, &adapter::DamageRule::id);
    if (rule == rules.end() && id != kMutation) {
      return Fail(ErrorCode::kNotFound, fmt::format("{} has no damage rule \"{}\"", config_.adapter->name, id),
                  "fault " + fault.id(), "choose one of its rules, or \"mutation\"");
    }
    active.rules.push_back(rule == rules.end() ? nullptr : &*rule);
  }
  if (active.rules.empty()) {
    for (const adapter::DamageRule& rule : rules) active.rules.push_back(&rule);
  }
  if (active.rules.empty()) active.rules.push_back(nullptr);
  EndFault(fault.id());
  faults_.push_back(std::move(active));
  return {};
}

bool DamageStage::EndFault(std::string_view id) {
  return std::erase_if(faults_, [&](const ActiveFault& fault) { return fault.id == id; }) > 0;
}

std::optional<DamageStage::Damaged> DamageStage::Damage(const ActiveFault& fault, ByteView unit) const {
  Prng prng = Prng::Derive(config_.seed, {"damage", config_.node, fault.id}, unit_);
  if (!prng.Chance(fault.share)) return std::nullopt;
  // A rule that does not apply to this unit passes it on to the next of the list.
  const std::size_t first = prng.Below(fault.rules.size());
  for (std::size_t i = 0; i < fault.rules.size(); ++i) {
    const adapter::DamageRule* rule = fault.rules[(first + i) % fault.rules.size()];
    if (rule == nullptr) return Damaged{adapter::Mutate(unit, prng), nullptr};
    if (auto octets = rule->apply(unit, prng)) return Damaged{*std::move(octets), rule};
  }
  return std::nullopt;
}

std::optional<Bytes> DamageStage::Replace(ByteView unit, Now now) {
  ++unit_;
  for (const ActiveFault& fault : faults_) {
    auto damaged = Damage(fault, unit);
    if (!damaged) continue;
    v1::RecordEvent event;
    event.set_utc_ns(ToNanoseconds(now.utc));
    auto* told = event.mutable_unit_damaged();
    told->set_node(config_.node);
    told->set_direction(config_.direction);
    told->set_rule(std::string(damaged->rule == nullptr ? kMutation : damaged->rule->id));
    if (damaged->rule != nullptr) {
      told->set_clause(std::string(damaged->rule->clause));
      told->set_expected(std::string(adapter::ReactionName(damaged->rule->expected)));
    }
    told->set_unit_hash(UnitHash(unit));
    told->set_damaged_hash(UnitHash(damaged->octets));
    told->set_octets(ToText(damaged->octets));
    told->set_fault(fault.id);
    told->set_unit(unit_);
    events_(std::move(event));
    return std::move(damaged->octets);
  }
  return std::nullopt;
}

std::optional<adapter::Output> DamageStage::NextOutput(Now now) {
  auto output = inner_.NextOutput(now);
  if (!output || output->unit == 0 || config_.of_recording) return output;
  if (auto damaged = Replace(*output->octets, now)) output->octets = Share(*std::move(damaged));
  return output;
}

}  // namespace entente::harness
