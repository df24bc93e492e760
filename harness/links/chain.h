// SPDX-License-Identifier: Apache-2.0
#pragma once

// A chain of impairments as data: what acts on one direction of a link, in the order on the way. Copyable values; the host makes
// them from the exercise's messages (harness/exercise/impairments.h): links know no protobuf.

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/links/impairment.h"

namespace entente::harness {

struct ImpairmentSpec {
  const ImpairmentKind* kind = nullptr;
  Settings settings;
  std::string rule;  // its name in the record and of its stream of chance; unlike every other's in the chain

  bool operator==(const ImpairmentSpec&) const = default;
};

using Chain = std::vector<ImpairmentSpec>;

// `kind` must exist; what is not given has its default. The rule is the kind's name.
ImpairmentSpec SpecOf(std::string_view kind, std::initializer_list<std::pair<std::string_view, SettingValue>> settings = {});

// `base` with each of `over` in the place of the one of its kind, or after the others if there is none.
Chain InPlace(Chain base, const Chain& over);
// Rules that tell the impairments of a chain apart: "latency", and "latency#2" for a second one; `prefix` "jam" gives
// "jam/latency".
void NameRules(Chain& chain, std::string_view prefix = {});

}  // namespace entente::harness
