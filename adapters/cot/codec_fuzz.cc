// SPDX-License-Identifier: Apache-2.0
// Any octets, as a unit of each form, whole and octet by octet through sessions in both roles. What is understood must be sayable
// again, and be understood again.
#include <cstdlib>

#include "adapters/cot/codec.h"
#include "adapters/cot/info.h"
#include "adapters/cot/session.h"

namespace {

using namespace entente;

class DroppingSink final : public adapter::SessionSink {
 public:
  void OnUnit(const adapter::ReceivedUnit&) override {}
  void OnMessage(adapter::DecodedMessage, std::span<const ByteView>) override {}
  void OnRefused(const adapter::RefusedUnit&) override {}
  void OnState(adapter::SessionState, std::string_view) override {}
};

void Codec(ByteView input, std::string_view form, const adapter::NodeOptions& options) {
  const auto decoded = cot::Codec().Decode(input, {form, options, {}});
  if (!decoded) {
    if (decoded.error().offset > input.size() || decoded.error().clause.empty()) std::abort();
    return;
  }
  adapter::HashedObjectIds ids;
  for (const adapter::DecodedMessage& message : decoded->messages) {
    const auto encoded = cot::Codec().Encode(message.envelope, {form, options, ids});
    // A unit at the limit may outgrow it by escaping.
    if (!encoded) continue;
    if (!cot::Codec().Decode(*encoded->units.at(0), {form, options, {}})) std::abort();
  }
}

void Session(ByteView input, adapter::SessionRole role, std::string_view form, bool octet_by_octet,
             const adapter::NodeOptions& options) {
  cot::CotSession session({.role = role, .form = std::string(form), .options = options, .node = "DEU/fuzz"});
  DroppingSink sink;
  session.Start({}, sink);
  if (octet_by_octet) {
    for (std::size_t at = 0; at < input.size(); ++at) session.Receive(input.subspan(at, 1), {}, sink);
  } else {
    session.Receive(input, {}, sink);
  }
  while (session.NextOutput()) continue;
  session.End({}, sink);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const adapter::NodeOptions options = adapter::NodeOptions::Defaults(cot::Info().node_options);
  const ByteView input(data, size);
  for (const adapter::Form& form : cot::Info().forms) Codec(input, form.name, options);
  for (const bool octet_by_octet : {false, true}) {
    Session(input, adapter::SessionRole::kGateway, cot::kFormTakV1, octet_by_octet, options);
    Session(input, adapter::SessionRole::kNode, cot::kFormTakV1, octet_by_octet, options);
  }
  return 0;
}
