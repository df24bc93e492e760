// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/decoding.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/api/registry.h"
#include "adapters/gateway/core/pcap.h"

namespace entente::cli {
namespace {

using adapter::AdapterInfo;
using adapter::DecodedMessage;

// Keeps what a session says, unit by unit.
class CollectingSink final : public adapter::SessionSink {
 public:
  void OnUnit(const adapter::ReceivedUnit& unit) override {
    units_.push_back({unit.number, ToBytes(unit.octets), unit.role, std::string(unit.native_type), std::nullopt, {}});
  }
  void OnMessage(DecodedMessage message, std::span<const ByteView> /*units*/) override {
    if (!units_.empty()) units_.back().messages.push_back(std::move(message));
  }
  void OnRefused(const adapter::RefusedUnit& unit) override {
    units_.push_back({unit.number, ToBytes(unit.octets), v1::UNIT_ROLE_UNSPECIFIED, {}, unit.error, {}});
  }
  void OnState(adapter::SessionState /*state*/, std::string_view /*detail*/) override {}

  std::vector<DecodedRecordUnit> Take() { return std::move(units_); }

 private:
  std::vector<DecodedRecordUnit> units_;
};

using Chunk = AdapterInfo::RecordedChunk;

std::unique_ptr<adapter::Session> OpenSession(const AdapterInfo& info, const adapter::Form& form, adapter::ObjectIds& ids) {
  return info.make_session({.role = adapter::SessionRole::kGateway,
                            .carrier = form.carrier,
                            .form = std::string(form.name),
                            .options = adapter::NodeOptions::Defaults(info.node_options),
                            .node = "XXX/inspect",
                            .ids = &ids});
}

DecodedFile DecodeChunks(const std::vector<Chunk>& chunks, const AdapterInfo& info, const adapter::Form& form, Now now) {
  adapter::HashedObjectIds ids;
  CollectingSink sink;
  auto session = OpenSession(info, form, ids);
  session->Start(now, sink);
  for (const Chunk& chunk : chunks) {
    if (!session->closed_because().empty()) session = OpenSession(info, form, ids);
    session->Receive(chunk.octets, {now.instant, chunk.time.value_or(now.utc)}, sink);
  }
  session->End(now, sink);
  return {&info, std::string(form.name), sink.Take()};
}

std::vector<Chunk> ChunksOf(ByteView file, const AdapterInfo& info, adapter::Carrier carrier) {
  if (carrier == adapter::Carrier::kStream && info.split_recording != nullptr) return info.split_recording(file);
  return {{ToBytes(file), std::nullopt}};
}

// A recording is read as a stream where the protocol has one; a file that is one datagram only when that form is asked for, or when
// there is no other.
bool Fits(const adapter::Form& form, const AdapterInfo& info, bool capture, bool asked_for) {
  if (capture) return form.carrier == adapter::Carrier::kDatagram;
  return asked_for || form.carrier == adapter::Carrier::kStream || info.DefaultForm(adapter::Carrier::kStream) == nullptr;
}

Result<std::vector<Chunk>> ChunksOfCapture(ByteView file, std::string_view file_name) {
  const auto capture = gateway::ReadCapture(file);
  if (!capture) {
    return Fail(ErrorCode::kDataLoss,
                fmt::format("the capture is broken at octet {}: {}", capture.error().offset, capture.error().text),
                std::string(file_name), "is it whole?");
  }
  std::vector<Chunk> chunks;
  for (const auto& datagram : capture->datagrams) chunks.push_back({ToBytes(datagram.payload), datagram.time});
  return chunks;
}

// More messages are better, then fewer refusals.
bool Better(const DecodedFile& a, const DecodedFile& b) {
  return std::pair(a.messages(), b.refused()) > std::pair(b.messages(), a.refused());
}

std::string KnownProtocols() {
  std::string names;
  for (const AdapterInfo* info : adapter::Adapters()) names += (names.empty() ? "" : ", ") + std::string(info->name);
  return names;
}

}  // namespace

std::size_t DecodedFile::messages() const {
  std::size_t count = 0;
  for (const DecodedRecordUnit& unit : units) count += unit.messages.size();
  return count;
}

std::size_t DecodedFile::refused() const {
  return static_cast<std::size_t>(std::ranges::count_if(units, [](const auto& unit) { return unit.refused.has_value(); }));
}

Result<DecodedFile> DecodeFile(ByteView file, std::string_view file_name, std::string_view protocol, std::string_view form,
                               Now now) {
  if (!protocol.empty() && adapter::FindAdapter(protocol) == nullptr) {
    return Fail(ErrorCode::kNotFound, fmt::format("there is no protocol \"{}\"", protocol), {}, "there are: " + KnownProtocols());
  }
  const bool capture = gateway::LooksLikeCapture(file);
  std::vector<Chunk> captured;
  if (capture) {
    auto chunks = ChunksOfCapture(file, file_name);
    if (!chunks) return std::unexpected(chunks.error());
    captured = *std::move(chunks);
  }
  std::optional<DecodedFile> best;
  for (const AdapterInfo* info : adapter::Adapters()) {
    if (!protocol.empty() && info->name != protocol) continue;
    for (const adapter::Form& candidate : info->forms) {
      if (!form.empty() && candidate.name != form) continue;
      if (!Fits(candidate, *info, capture, !form.empty())) continue;
      DecodedFile decoded = DecodeChunks(capture ? captured : ChunksOf(file, *info, candidate.carrier), *info, candidate, now);
      if (!best || Better(decoded, *best)) best = std::move(decoded);
    }
  }
  if (!best) {
    return Fail(ErrorCode::kNotFound, fmt::format("protocol \"{}\" has no form \"{}\" for this file", protocol, form),
                std::string(file_name));
  }
  return *std::move(best);
}

}  // namespace entente::cli
