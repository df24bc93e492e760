// SPDX-License-Identifier: Apache-2.0
#pragma once

// The probe after a fault of messages: what messages meet at every access point that the fault concerned. For both hosts.

#include <string>

#include "entente/v1/control.pb.h"
#include "harness/run/message_faults.h"

namespace entente::harness {

inline bool ActsOnMessages(const v1::FaultPlan& fault) {
  return fault.has_partition() || fault.has_messages();
}

// Of all access points together; the first at which a message still meets anything is named.
class MessageProbes {
 public:
  void Add(std::string_view node, const MessageProbe& probe);
  // "4 messages at 2 access points pass, as made".
  [[nodiscard]] v1::LinkProbe Found() const;

 private:
  std::size_t messages_ = 0;
  std::size_t places_ = 0;
  std::string met_;
};

// Of every line of a run.
template <typename Lines>
v1::LinkProbe ProbeMessages(Lines& lines, const v1::FaultPlan& fault, Now now) {
  MessageProbes probes;
  for (auto& line : lines) probes.Add(line->node(), line->ProbeMessages(fault, now));
  return probes.Found();
}

}  // namespace entente::harness
