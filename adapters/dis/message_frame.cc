// SPDX-License-Identifier: Apache-2.0
#include "adapters/dis/message_frame.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/dis/timestamp.h"
#include "base/limits.h"

namespace entente::dis {
namespace {

using adapter::DecodedMessage;
using adapter::LossLedger;

constexpr auto kTimestampClause = "IEEE 1278.1-2012 §6.2.88";

void DecodeTime(std::uint32_t timestamp, const Now& now, DecodedMessage& message) {
  v1::Timestamp& observed = *message.envelope.mutable_times()->mutable_observed();
  if (!IsAbsolute(timestamp)) {
    observed.set_utc_ns(ToNanoseconds(now.utc));
    observed.set_clock(v1::CLOCK_SOURCE_GATEWAY);
    observed.set_completion(v1::TIME_COMPLETION_WHOLE);
    message.ledger.Defaulted(v1::FIELD_OBSERVED_TIME, "relative timestamp: time of receipt");
    if (timestamp == 0) {
      AddFinding(message, v1::FINDING_SEVERITY_DEVIATION, 4, "Timestamp", kTimestampClause, "the timestamp was never set");
    }
    return;
  }
  const UtcTime time = Complete(timestamp, now.utc);
  observed.set_utc_ns(ToNanoseconds(time));
  observed.set_precision_ns(kTimestampUnitNs);
  observed.set_clock(v1::CLOCK_SOURCE_ORIGINATOR);
  observed.set_completion(v1::TIME_COMPLETION_HOUR);
  message.ledger.Approximated(v1::FIELD_OBSERVED_TIME, ToSeconds(kTimestampError), "hour completed from the time of receipt");
  const Duration skew = time - now.utc;
  if (skew > kDoubtfulSkew || skew < -kDoubtfulSkew) {
    AddFinding(message, v1::FINDING_SEVERITY_DOUBT, 4, "Timestamp", kTimestampClause,
               fmt::format("says absolute, but lies {:.0f} s from the time of receipt", ToSeconds(skew)));
  }
}

void LedgerReality(v1::Reality reality, LossLedger& ledger) {
  switch (reality) {
    case v1::REALITY_UNSPECIFIED:
      ledger.Defaulted(v1::FIELD_REALITY, "a DIS exercise identifier is mandatory");
      break;
    case v1::REALITY_EXERCISE:
      ledger.Kept(v1::FIELD_REALITY);
      break;
    default:
      ledger.Dropped(v1::FIELD_REALITY, "all that is in a DIS exercise is exercise");
  }
}

void LedgerEnvelope(const v1::Envelope& message, LossLedger& ledger) {
  LedgerReality(message.reality(), ledger);
  if (message.times().has_stale_at() || message.stale_at_ns() != 0) {
    ledger.Dropped(v1::FIELD_STALE_TIME, "no slot: receivers count heartbeats");
  }
  if (message.id().precedence() != v1::PRECEDENCE_UNSPECIFIED) ledger.Dropped(v1::FIELD_PRECEDENCE);
  if (!message.label().classification().empty()) ledger.Dropped(v1::FIELD_CLASSIFICATION);
  if (!message.label().categories().empty()) ledger.Dropped(v1::FIELD_RELEASABILITY);
  if (!message.addressees().empty()) ledger.Dropped(v1::FIELD_ADDRESSEES);
}

const v1::Timestamp* TimeOf(const v1::Envelope& message) {
  if (message.times().has_observed()) return &message.times().observed();
  return message.times().has_sent() ? &message.times().sent() : nullptr;
}

}  // namespace

void DecodeFrame(const Header& header, v1::Family family, const Now& now, DecodedMessage& message) {
  message.envelope.set_family(family);
  message.envelope.set_reality(v1::REALITY_EXERCISE);
  message.envelope.set_exercise_name(std::to_string(header.exercise));
  message.ledger.Kept(v1::FIELD_REALITY);
  DecodeTime(header.timestamp, now, message);
}

Header EncodeFrame(const v1::Envelope& message, std::string_view form, const Options& options, LossLedger& ledger) {
  Header header;
  header.version = form == "v6" ? 6 : 7;
  header.exercise = options.sent_exercise();
  LedgerEnvelope(message, ledger);
  if (const v1::Timestamp* time = TimeOf(message)) {
    header.timestamp = ToTimestamp(FromNanoseconds(time->utc_ns()), options.absolute_timestamps);
    ledger.Approximated(v1::FIELD_OBSERVED_TIME, ToSeconds(kTimestampError), "within the hour");
  } else {
    ledger.Defaulted(v1::FIELD_OBSERVED_TIME, "time of sending");
  }
  return header;
}

ByteView FindExtension(const v1::Envelope& message, std::string_view name) {
  const auto found = std::ranges::find(message.extensions(), name, &v1::Extension::namespace_);
  return found == message.extensions().end() ? ByteView{} : AsBytes(found->content());
}

void AddExtension(std::string_view name, ByteView content, DecodedMessage& message) {
  v1::Extension& extension = *message.envelope.add_extensions();
  extension.set_namespace_(std::string(name));
  extension.set_content(ToText(content));
}

void LedgerExtensions(const v1::Envelope& message, std::initializer_list<std::string_view> spoken, LossLedger& ledger) {
  if (message.extensions().empty()) return;
  std::string foreign;
  for (const v1::Extension& extension : message.extensions()) {
    if (std::ranges::find(spoken, extension.namespace_()) == spoken.end()) foreign += ' ' + extension.namespace_();
  }
  if (foreign.empty()) {
    ledger.Kept(v1::FIELD_EXTENSIONS);
  } else {
    ledger.Dropped(v1::FIELD_EXTENSIONS, "no slot:" + foreign);
  }
}

void AddFinding(DecodedMessage& message, v1::FindingSeverity severity, std::size_t offset, std::string field, std::string clause,
                std::string text) {
  if (message.findings.size() >= limits::kFindingsPerUnit) return;
  message.findings.push_back({severity, offset, std::move(field), std::move(clause), std::move(text)});
}

}  // namespace entente::dis
