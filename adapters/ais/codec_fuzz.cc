// SPDX-License-Identifier: Apache-2.0
// Any octets, as one unit, as a stream in one piece and octet by octet: nothing may stop the session, and both ways of cutting the
// stream must give the same. What is understood must be said again without breaking anything.
#include <cstdlib>

#include "adapters/ais/capability.h"
#include "adapters/ais/codec.h"
#include "adapters/ais/session.h"
#include "adapters/api/recording_sink.h"

namespace entente::ais {
namespace {

adapter::SessionConfig Config() {
  adapter::SessionConfig config;
  config.options = adapter::NodeOptions::Defaults(Options());
  return config;
}

void SayAgain(const v1::Envelope& message, const adapter::NodeOptions& options) {
  adapter::HashedObjectIds ids;
  static_cast<void>(TheCodec().Encode(message, {"nmea", options, ids}));
  v1::Envelope bare = message;
  bare.clear_extensions();
  static_cast<void>(TheCodec().Encode(bare, {"nmea", options, ids}));
}

void Fuzz(ByteView octets) {
  const adapter::SessionConfig config = Config();
  const Now now{Instant{}, UtcTime(std::chrono::seconds(1'767'225'600))};
  if (const auto unit = TheCodec().Decode(octets, {"nmea", config.options, now})) {
    for (const auto& message : unit->messages) SayAgain(message.envelope, config.options);
  }
  AisSession whole(config);
  adapter::RecordingSink whole_sink;
  whole.Receive(octets, now, whole_sink);
  whole.End(now, whole_sink);
  AisSession pieces(config);
  adapter::RecordingSink pieces_sink;
  for (const std::uint8_t octet : octets) pieces.Receive({&octet, 1}, now, pieces_sink);
  pieces.End(now, pieces_sink);
  if (whole_sink.log != pieces_sink.log) std::abort();
}

}  // namespace
}  // namespace entente::ais

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  entente::ais::Fuzz({data, size});
  return 0;
}
