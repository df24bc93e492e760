// SPDX-License-Identifier: Apache-2.0
#pragma once

// Faults and injects that are added while an exercise runs: the same text as in the exercise file, without the time, and the same
// checks. Reading needs no exercise, so that whoever adds one need not have its file; checking does. Pure.

#include <string_view>
#include <vector>

#include "base/result.h"
#include "entente/v1/control.pb.h"
#include "entente/v1/exercise.pb.h"
#include "harness/exercise/read_sections.h"

namespace entente::harness {

// A mapping of keys, "{node: FRA/command, for: 30 s, outage: silent}". `file_name` is only for messages. The id is empty.
Result<v1::FaultPlan> ReadLiveFault(std::string_view yaml, std::string_view file_name);
// "{node: DEU/brigade, chat: Moving}". A label that names no policy gets the exercise's by CheckLiveInject.
Result<v1::Inject> ReadLiveInject(std::string_view yaml, std::string_view file_name);

// Whether the exercise has room for it: nodes, rules, labels and times as the exercise file's own are checked. Names must be such.
Status CheckLiveFault(const v1::Exercise& exercise, const v1::FaultPlan& fault, AdapterList adapters);
Status CheckLiveInject(const v1::Exercise& exercise, v1::Inject& inject);

// Every kind of fault with its settings, from the table of keys.
std::vector<v1::FaultKind> FaultKinds();

}  // namespace entente::harness
