// SPDX-License-Identifier: Apache-2.0
#include "broker/core/delivery_run.h"

#include <algorithm>

namespace entente::broker {
namespace {

// Below this share of the frame a run is copied out of it: a queue then keeps at most eight times its own octets alive.
constexpr std::size_t kSharedPartOfFrame = 8;

}  // namespace

bool RunBuilder::Continues(const RoutingHeader& header, ByteView record) const {
  return !empty() && record.data() == end_ && header.precedence == run_.precedence &&
         header.sequence == run_.first_sequence + run_.entries.size();
}

void RunBuilder::Add(const RoutingHeader& header, std::string_view stable_origin, ByteView record) {
  const auto offset_of = [this](const void* at) {
    return static_cast<std::uint32_t>(static_cast<const std::uint8_t*>(at) - begin_);
  };
  if (empty()) {
    begin_ = record.data();
    run_.origin = stable_origin;
    run_.incarnation = header.incarnation;
    run_.precedence = header.precedence;
    run_.first_sequence = header.sequence;
    run_.has_label = header.has_label;
    run_.label_offset = header.label.empty() ? 0 : offset_of(header.label.data());
    run_.label_length = static_cast<std::uint32_t>(header.label.size());
  }
  if (header.stale_at_ns != 0) run_.first_stale_at_ns = std::min(run_.first_stale_at_ns, header.stale_at_ns);
  end_ = record.data() + record.size();
  run_.entries.push_back({.offset = offset_of(record.data()),
                          .length = static_cast<std::uint32_t>(record.size()),
                          .object_offset = header.object_id.empty() ? 0 : offset_of(header.object_id.data()),
                          .object_length = static_cast<std::uint32_t>(header.object_id.size()),
                          .stale_at_ns = header.stale_at_ns,
                          .conflates = header.family == v1::FAMILY_TRACK && !header.object_id.empty()});
}

std::shared_ptr<const Run> RunBuilder::Share(const SharedSlice& frame, UtcTime queued_at) {
  run_.queued_at = queued_at;
  const ByteView records(begin_, end_);
  const bool worth_sharing = records.size() * kSharedPartOfFrame >= frame.size();
  run_.records = worth_sharing ? frame.Part(records) : SharedSlice::CopyOf(records);
  auto shared = std::make_shared<const Run>(std::move(run_));
  Clear();
  return shared;
}

void RunBuilder::Clear() {
  run_ = Run();
}

}  // namespace entente::broker
