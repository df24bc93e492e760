// SPDX-License-Identifier: Apache-2.0
#include "adapters/cot/event.h"

#include <fmt/format.h>

#include "adapters/cot/type_code.h"
#include "base/limits.h"

namespace entente::cot {
namespace {

// What is to be removed is said with a stale time shortly before its start: that is custom, and no mistake.
constexpr Duration kRemovalAllowance = std::chrono::hours(1);

}  // namespace

void AddFinding(Event& event, v1::FindingSeverity severity, std::size_t offset, std::string_view field, std::string_view clause,
                std::string text) {
  if (event.findings.size() >= limits::kFindingsPerUnit) {
    event.findings.back().text = "and more";
    return;
  }
  event.findings.push_back({severity, offset, std::string(field), std::string(clause), std::move(text)});
}

adapter::DecodeResult<void> CheckHead(Event& event, std::size_t offset, std::string_view clause) {
  const auto refuse = [&](adapter::DecodeCode code, std::string_view field, std::string text) {
    return std::unexpected(
        adapter::DecodeError{code, offset, std::string(field), fmt::format("{}, {}", clause, field), std::move(text)});
  };
  const EventHead& head = event.head;
  if (head.uid.empty()) return refuse(adapter::DecodeCode::kMissingField, "uid", "the event has no uid");
  if (head.type.empty()) return refuse(adapter::DecodeCode::kMissingField, "type", "the event has no type");
  if (!IsTypeCode(head.type)) {
    return refuse(adapter::DecodeCode::kOutOfRange, "type",
                  fmt::format("\"{}\" is not words joined by '-', as a-f-G-U-C is", head.type.substr(0, 40)));
  }
  if (head.stale.time < head.start.time - kRemovalAllowance) {
    AddFinding(event, v1::FINDING_SEVERITY_DEVIATION, offset, "stale", clause, "the event is stale before it starts");
  } else if (head.stale.time < head.time.time - kRemovalAllowance) {
    AddFinding(event, v1::FINDING_SEVERITY_DEVIATION, offset, "time", clause, "the event was made after it will be stale");
  }
  if (head.how.empty()) {
    AddFinding(event, v1::FINDING_SEVERITY_DEVIATION, offset, "how", clause, "mandatory, but absent");
  }
  return {};
}

}  // namespace entente::cot
