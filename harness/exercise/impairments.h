// SPDX-License-Identifier: Apache-2.0
#pragma once

// Impairments between their messages, where settings stand as they are written ("120 ms"), and the chains that links take. Also
// what there is to write, for validation, schema and lists of kinds.

#include <string>
#include <string_view>

#include "base/result.h"
#include "entente/v1/exercise.pb.h"
#include "harness/links/chain.h"

namespace entente::harness {

using ImpairmentList = google::protobuf::RepeatedPtrField<v1::Impairment>;

// The rules are named by NameRules with `prefix`. Errors: an unknown kind or setting, a value that is wrong, one that is missing.
Result<Chain> ChainOf(const ImpairmentList& impairments, std::string_view prefix = {});
// Loss, latency and rate of the short form, and what stands beside them.
Result<Chain> ChainOf(const v1::LinkConditions& conditions);

Result<SettingValue> ParseSetting(const Parameter& parameter, std::string_view text);
// "a duration such as \"120 ms\"".
std::string WantedOf(const Parameter& parameter);
// As it would be written: "50 ms", "3 %"; empty: there is none.
std::string DefaultText(const Parameter& parameter);
// "burst-loss (p 5 %, r 20 %), half-open": for people and the record.
std::string ImpairmentsText(const ImpairmentList& impairments);

}  // namespace entente::harness
