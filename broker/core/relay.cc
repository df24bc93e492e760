// SPDX-License-Identifier: Apache-2.0
#include "broker/core/relay.h"

#include "base/invariant.h"
#include "broker/core/relay_impl.h"

namespace entente::broker {

std::size_t OutboundFrame::size() const {
  std::size_t octets = header.size();
  for (const SharedSlice& slice : slices) octets += slice.size();
  return octets;
}

Bytes OutboundFrame::Flatten() const {
  Bytes flat;
  flat.reserve(size());
  flat.insert(flat.end(), header.begin(), header.end());
  for (const SharedSlice& slice : slices) flat.insert(flat.end(), slice.view().begin(), slice.view().end());
  return flat;
}

Relay::Impl::Impl(RelayConfig config, const ReleaseGuard& guard, EventSink sink)
    : config_(std::move(config)),
      sink_(std::move(sink)),
      router_(guard, config_.limits.route_cache_entries),
      picture_(config_.limits.picture_objects, config_.limits.picture_octets) {
  ENTENTE_INVARIANT(sink_ || !LogOrdered());
}

Relay::Relay(RelayConfig config, const ReleaseGuard& guard, EventSink sink)
    : impl_(std::make_unique<Impl>(std::move(config), guard, std::move(sink))) {}
Relay::~Relay() = default;

Result<Attached> Relay::Attach(const v1::Hello& hello, const StreamPeer& peer, Now now) {
  return impl_->Attach(hello, peer, now);
}
void Relay::Detach(std::string_view node, std::string_view reason, Now now) {
  impl_->Detach(node, reason, now);
}
Status Relay::OnFrame(std::string_view node, const SharedSlice& frame, Now now, std::vector<std::string>* record_events) {
  return impl_->OnFrame(node, frame, now, record_events);
}
std::optional<OutboundFrame> Relay::NextFrame(std::string_view node, Now now) {
  return impl_->NextFrame(node, now);
}
std::vector<std::string_view> Relay::TakeReady() {
  return impl_->TakeReady();
}
bool Relay::WantsFrames(std::string_view node) const {
  return impl_->WantsFrames(node);
}
void Relay::OnRecorded(std::uint64_t events, Now now) {
  impl_->OnRecorded(events, now);
}
void Relay::Apply(std::span<const v1::RecordEvent> events, Now now) {
  impl_->Apply(events, now);
}
void Relay::Restore(const std::function<bool(std::vector<v1::RecordEvent>&)>& next, Now now) {
  impl_->Restore(next, now);
}
void Relay::Witness(v1::RecordEvent& event) {
  impl_->Emit(event);
}
void Relay::RefuseMessages(bool refuse) {
  impl_->RefuseMessages(refuse);
}
bool Relay::refuses_messages() const {
  return impl_->refuses_messages();
}
void Relay::Close(std::string_view node, std::string_view reason) {
  impl_->Close(node, reason);
}
void Relay::CloseAll(std::string_view reason) {
  impl_->CloseAll(reason);
}
void Relay::ReplaceGuard(const ReleaseGuard& guard, Now now) {
  impl_->ReplaceGuard(guard, now);
}
v1::ExplainReply Relay::Explain(ByteView envelope) const {
  return impl_->Explain(envelope);
}
const RelayCounters& Relay::counters() const {
  return impl_->counters();
}
bool Relay::IsAttached(std::string_view node) const {
  return impl_->IsAttached(node);
}
std::size_t Relay::QueuedOctets(std::string_view node) const {
  return impl_->QueuedOctets(node);
}
std::size_t Relay::UnrecordedOctets(std::string_view node) const {
  return impl_->UnrecordedOctets(node);
}

}  // namespace entente::broker
