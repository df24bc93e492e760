// SPDX-License-Identifier: Apache-2.0
// Any octets, as a datagram to a session (so bundled PDUs, heartbeats and updates too), and each of its octets as one of its own;
// what is understood is encoded again and understood again.
#include <cstdint>

#include "adapters/api/session.h"
#include "adapters/dis/info.h"
#include "base/invariant.h"

namespace entente::dis {
namespace {

constexpr Now kNow{Instant(std::chrono::seconds(1000)), UtcTime(std::chrono::seconds(1'767'270'600))};

class EncodingSink final : public adapter::SessionSink {
 public:
  explicit EncodingSink(const adapter::NodeOptions& options) : options_(options) {}

  void OnUnit(const adapter::ReceivedUnit& unit) override { ENTENTE_INVARIANT(unit.number == ++number_); }
  void OnRefused(const adapter::RefusedUnit& unit) override {
    ENTENTE_INVARIANT(unit.number == ++number_);
    ENTENTE_INVARIANT(!unit.error.text.empty() && !unit.error.clause.empty());
  }
  void OnState(adapter::SessionState, std::string_view) override {}
  void OnMessage(adapter::DecodedMessage message, std::span<const ByteView>) override {
    const auto encoded = Info().codec->Encode(message.envelope, {"v7", options_, ids_});
    if (!encoded) return;
    for (const SharedBytes& unit : encoded->units) {
      ENTENTE_INVARIANT(Info().codec->Decode(*unit, {"v7", options_, kNow}).has_value());
    }
  }

 private:
  const adapter::NodeOptions& options_;
  adapter::HashedObjectIds ids_;
  std::uint64_t number_ = 0;
};

}  // namespace
}  // namespace entente::dis

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace entente;
  static const adapter::NodeOptions options = [] {
    auto values = adapter::NodeOptions::Defaults(dis::Info().node_options);
    ENTENTE_INVARIANT(values.Set(dis::Info().node_options, "exercise_id", "0").has_value());
    return values;
  }();
  adapter::HashedObjectIds ids;
  const auto session = dis::Info().make_session(
      {.carrier = adapter::Carrier::kDatagram, .form = "v7", .options = options, .node = "DEU/fuzz", .ids = &ids});
  dis::EncodingSink sink(options);
  session->Start(dis::kNow, sink);
  const ByteView octets(data, size);
  session->Receive(octets, dis::kNow, sink);
  session->Receive(octets, dis::kNow, sink);
  for (std::size_t i = 0; i < std::min<std::size_t>(size, 64); ++i) session->Receive(octets.subspan(i, 1), dis::kNow, sink);
  while (const auto deadline = session->NextDeadline()) session->OnDeadline({*deadline, dis::kNow.utc}, sink);
  return 0;
}
