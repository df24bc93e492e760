// SPDX-License-Identifier: Apache-2.0
#pragma once

// What one protocol folder gives to the rest: one constant. The registry (registry.h) is generated from the folders.

#include <memory>
#include <span>
#include <string_view>

#include "adapters/api/capability.h"
#include "adapters/api/codec.h"
#include "adapters/api/damage.h"
#include "adapters/api/node_options.h"
#include "adapters/api/session.h"

namespace entente::adapter {

enum class TransportKind { kTcp, kTls, kUdp, kUdpMulticast };

struct TransportOffer {
  TransportKind kind = TransportKind::kTcp;
  std::uint16_t default_port = 0;
  std::string_view default_group = {};  // of kUdpMulticast
};

// One notation of the protocol: "xml", "tak-v1", "v7".
struct Form {
  std::string_view name;
  Carrier carrier = Carrier::kStream;
  std::string_view description;
  CapabilityProfile capability;
};

struct AdapterInfo {
  std::string_view name;      // folder name: "cot"
  std::string_view standard;  // "IEEE 1278.1"
  std::string_view edition;
  std::span<const TransportOffer> transports;  // the customary one first
  std::span<const Form> forms;                 // the customary one first
  std::span<const NodeOption> node_options;
  std::span<const DamageRule> damage_rules;
  std::span<const DamageGap> damage_gaps = {};  // categories without a rule, and why
  std::size_t unit_limit_octets = 0;            // larger units are refused
  const Codec* codec = nullptr;
  std::unique_ptr<Session> (*make_session)(SessionConfig config) = nullptr;
  // Splits a recorded file of the protocol (AIVDM log, XML events) into what a session's Receive takes, with its own timing where
  // it has any. nullptr: only pcap captures can be replayed.
  struct RecordedChunk {
    Bytes octets;
    std::optional<UtcTime> time;
  };
  std::vector<RecordedChunk> (*split_recording)(ByteView file) = nullptr;

  // nullptr when there is no such form.
  [[nodiscard]] const Form* FindForm(std::string_view form) const;
  // The first form for the carrier; nullptr when there is none.
  [[nodiscard]] const Form* DefaultForm(Carrier carrier) const;
};

std::string_view TransportName(TransportKind kind);
Carrier CarrierOf(TransportKind kind);

}  // namespace entente::adapter
