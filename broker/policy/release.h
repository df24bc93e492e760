// SPDX-License-Identifier: Apache-2.0
#pragma once

// May this nation see this message? The one question of the release guard, asked per (label, origin nation, recipient nation) by
// the broker's relay and, before translation, by gateways. Deny by default: whatever the policy does not say is not released.
// Guards are immutable and may be shared by threads.
//
// Rules of PolicyGuard, in this order; the first that applies decides:
//   1. the originator's own nation sees its own messages, whatever the label;
//   2. no label, a label of another policy that is not mapped into this one (label_mapping.h), a classification that the policy
//   does
//      not list or, where it declares categories, a category that it does not: nobody else sees it;
//   3. the recipient's nation must stand in the policy, with a clearance not below the classification;
//   4. restrictive categories: the recipient must hold every value ("<tag>/<value>" in restrictive_held);
//   5. permissive categories: the recipient must be meant by at least one value of each. In "Releasable To" a value means a nation,
//      or a community of the policy and through it its nations; in any other tag a value is held as in rule 4. A permissive
//      category that is absent does not restrict (ADatP-4774 §4); one that is present without a value lets nobody through;
//   6. a category of unspecified type cannot be judged, so it lets nobody through; informative ones have no effect.

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"
#include "entente/v1/policy.pb.h"

namespace entente::broker {

// Closed set; the text stands in the record and in Explain.
namespace reason {
inline constexpr std::string_view kReleased = "released";
inline constexpr std::string_view kOwnNation = "own nation";
inline constexpr std::string_view kNoLabel = "no label";
inline constexpr std::string_view kMalformedLabel = "malformed label";
inline constexpr std::string_view kOtherPolicy = "label of another policy";
inline constexpr std::string_view kNotMapped = "not mapped from its policy";
inline constexpr std::string_view kUnknownClassification = "unknown classification";
inline constexpr std::string_view kUndeclaredCategory = "category not declared in the policy";
inline constexpr std::string_view kUnknownNation = "nation not in the policy";
inline constexpr std::string_view kAboveClearance = "above clearance";
inline constexpr std::string_view kRestrictiveNotHeld = "restrictive category not held";
inline constexpr std::string_view kNotReleasableTo = "not in releasable-to";
inline constexpr std::string_view kPermissiveNotHeld = "permissive category not held";
inline constexpr std::string_view kUntypedCategory = "category of unspecified type";
inline constexpr std::string_view kNoGuard = "released without a guard";
}  // namespace reason

struct Decision {
  bool released = false;
  std::string_view reason = reason::kNoLabel;  // one of the above: lives for ever

  bool operator==(const Decision&) const = default;
};

class ReleaseGuard {
 public:
  virtual ~ReleaseGuard() = default;
  // `label` is nullptr when the message has none.
  [[nodiscard]] virtual Decision Decide(const v1::Label* label, std::string_view origin_nation,
                                        std::string_view recipient_nation) const = 0;
};

class PolicyGuard final : public ReleaseGuard {
 public:
  // The policy should have passed CheckPolicy (policy_check.h); of contradictory entries the stricter reading holds.
  explicit PolicyGuard(const v1::ExercisePolicy& policy);
  [[nodiscard]] Decision Decide(const v1::Label* label, std::string_view origin_nation,
                                std::string_view recipient_nation) const override;

 private:
  struct Nation {
    int clearance = -1;  // index of the classification; -1 sees nothing
    std::set<std::string, std::less<>> held;
  };
  struct Declared {
    v1::CategoryType type = v1::CATEGORY_TYPE_UNSPECIFIED;  // unspecified: declared twice, and no type holds
    std::set<std::string, std::less<>> values;              // empty: any
  };
  [[nodiscard]] Decision DecideMapped(const v1::Label& label, std::string_view recipient_nation) const;
  [[nodiscard]] bool IsDeclared(const v1::LabelCategory& category) const;
  [[nodiscard]] Decision JudgeCategory(const v1::LabelCategory& category, std::string_view nation_code, const Nation& nation) const;
  [[nodiscard]] bool Means(std::string_view releasable_to, std::string_view nation_code) const;

  v1::ExercisePolicy mappings_;                              // only its name and its mappings
  std::map<std::string, Declared, std::less<>> categories_;  // empty: none is declared, any may be used
  std::map<std::string, int, std::less<>> levels_;
  std::map<std::string, Nation, std::less<>> nations_;
  std::map<std::string, std::set<std::string, std::less<>>, std::less<>> communities_;
};

// Releases everything to everybody. Only tests and the demonstration of the leak verdict use it; nothing can select it by default.
class ReleaseAllGuard final : public ReleaseGuard {
 public:
  [[nodiscard]] Decision Decide(const v1::Label* label, std::string_view origin_nation,
                                std::string_view recipient_nation) const override;
};

// Whether a message with this label may leave towards this node over a protocol that has no place for a label: the node must be
// among `unlabelled_egress_nodes`, if there are any, and the classification known and not above `unlabelled_egress_up_to`; absent
// labels and an empty limit allow nothing. The release decision for the recipient comes first; this never widens it.
bool MayEgressUnlabelled(const v1::ExercisePolicy& policy, const v1::Label* label, std::string_view node);

}  // namespace entente::broker
