// SPDX-License-Identifier: Apache-2.0
#include "broker/service/admission.h"

#include <utility>

namespace entente::broker {
namespace {

constexpr std::size_t kShownOctets = 120;  // of what a peer wrote

}  // namespace

Status Admission::MayAttach(const std::string& node, Instant now) const {
  const auto known = attachments_.find(node);
  if (known == attachments_.end() || known->second.Available(now) >= 1) return {};
  return Fail(ErrorCode::kExhausted, "attached too often of late", "node " + node,
              "wait a second and a little longer each time before attaching again");
}

void Admission::Attached(const std::string& node, Instant now) {
  attachments_.try_emplace(node, kAttachments).first->second.Take(now);
}

void Admission::Refused(const StreamPeer& peer, std::string_view node, std::string_view reason, Now now) {
  if (!sink_) return;
  if (!refusals_.Take(now.instant)) {
    ++unsaid_;
    return;
  }
  v1::RecordEvent event;
  event.set_utc_ns(ToNanoseconds(now.utc));
  v1::PeerRefused& refused = *event.mutable_peer_refused();
  refused.set_peer(peer.address);
  refused.set_identity(peer.identity.name);
  refused.set_node(std::string(node.substr(0, kShownOctets)));
  refused.set_reason(std::string(reason));
  if (const std::uint64_t unsaid = std::exchange(unsaid_, 0); unsaid > 0) {
    *refused.mutable_reason() += "; before it " + std::to_string(unsaid) + " refusals too many to write down";
  }
  sink_(std::move(event));
}

}  // namespace entente::broker
