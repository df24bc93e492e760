// SPDX-License-Identifier: Apache-2.0
#pragma once

// Streams and datagrams run through one channel to their end, for tests.

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "base/prng.h"
#include "harness/links/channel.h"

namespace entente::harness::testing {

using namespace std::chrono_literals;

inline Instant At(Duration time) {
  return Instant{} + time;
}

inline Channel MakeChannel(LinkCarrier carrier, const Chain& chain, std::uint64_t seed = 1, std::string link = "DEU/alpha") {
  Channel channel({std::move(link), LinkDirection::kToGateway, carrier, seed});
  channel.SetChain(chain, Instant{});
  return channel;
}

inline Bytes Pattern(std::size_t size) {
  Bytes octets(size);
  for (std::size_t i = 0; i < size; ++i) octets[i] = static_cast<std::uint8_t>(i * 7 + i / 251);
  return octets;
}

struct Outcome {
  std::vector<Decision> decisions;
  Bytes octets;                  // of streams
  std::vector<Bytes> datagrams;  // in order of arrival; of streams, what came out together
  Instant last{};

  [[nodiscard]] std::vector<Decision> Of(std::string_view rule) const {
    std::vector<Decision> found;
    std::ranges::copy_if(decisions, std::back_inserter(found), [&](const Decision& d) { return d.rule == rule; });
    return found;
  }
};

inline void Append(std::vector<Decision>& all, const std::vector<Decision>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

// To the end, or what is due at a time.
inline void Drain(Channel& channel, Outcome& outcome, std::optional<Instant> until = std::nullopt) {
  for (auto due = channel.NextDue(); due && (!until || *due <= *until); due = channel.NextDue()) {
    outcome.last = std::max(outcome.last, *due);
    while (auto octets = channel.Take(*due)) {
      outcome.octets.insert(outcome.octets.end(), octets->begin(), octets->end());
      outcome.datagrams.push_back(*std::move(octets));
    }
    Append(outcome.decisions, channel.TakeDecisions());
  }
}

// The same stream at one time: all at once (0), octet by octet (1), or in slices as this seed says.
inline Outcome RunStream(const Chain& chain, std::uint64_t seed, std::uint64_t slicing, std::size_t size = 60'000) {
  Channel channel = MakeChannel(LinkCarrier::kStream, chain, seed);
  const Bytes octets = Pattern(size);
  Outcome outcome;
  Prng prng(slicing);
  for (std::size_t at = 0; at < size;) {
    const std::size_t slice = slicing == 0 ? size : slicing == 1 ? 1 : 1 + prng.Below(4000);
    const std::size_t taken = std::min(slice, size - at);
    Append(outcome.decisions, channel.Offer(ByteView(octets).subspan(at, taken), At(5s)));
    at += taken;
  }
  Drain(channel, outcome);
  return outcome;
}

inline Outcome RunDatagrams(const Chain& chain, std::uint64_t seed, int count = 500) {
  Channel channel = MakeChannel(LinkCarrier::kDatagram, chain, seed);
  Outcome outcome;
  for (int i = 0; i < count; ++i) {
    Append(outcome.decisions, channel.Offer(Pattern(100 + static_cast<std::size_t>(i % 50)), At(i * 10ms)));
    Drain(channel, outcome, At(i * 10ms));
  }
  Drain(channel, outcome);
  return outcome;
}

}  // namespace entente::harness::testing
