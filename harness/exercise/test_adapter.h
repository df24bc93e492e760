// SPDX-License-Identifier: Apache-2.0
#pragma once

// Two protocols that exist only in tests of the exercise file: what it asks of adapters is their tables, not their codecs.

#include <array>

#include "adapters/api/adapter_info.h"

namespace entente::harness::testing {

inline constexpr std::array kLampTransports{adapter::TransportOffer{adapter::TransportKind::kTcp, 4711},
                                            adapter::TransportOffer{adapter::TransportKind::kTls, 4712},
                                            adapter::TransportOffer{adapter::TransportKind::kUdpMulticast, 4713, "239.1.1.1"}};
inline const std::array kLampForms{adapter::Form{"morse", adapter::Carrier::kStream, "dots and dashes", {}},
                                   adapter::Form{"semaphore", adapter::Carrier::kDatagram, "flags", {}},
                                   adapter::Form{"braille", adapter::Carrier::kStream, "dots alone", {}}};
inline constexpr std::array<std::string_view, 2> kColours{"white", "red"};
inline const std::array kLampOptions{
    adapter::NodeOption{.name = "power",
                        .type = adapter::OptionType::kInteger,
                        .unit = "W",
                        .minimum = 1,
                        .maximum = 100,
                        .default_text = "10",
                        .description = "of the lamp"},
    adapter::NodeOption{.name = "colour", .unit = {}, .default_text = "white", .description = "of its glass", .choices = kColours}};
inline const std::array kLampDamage{adapter::DamageRule{.id = "lamp.long-dot", .clause = "§1", .description = "a dot is too long"}};

inline const adapter::AdapterInfo kLamp{.name = "lamp",
                                        .standard = "ITU-R M.1677",
                                        .edition = "1",
                                        .transports = kLampTransports,
                                        .forms = kLampForms,
                                        .node_options = kLampOptions,
                                        .damage_rules = kLampDamage};
inline const adapter::AdapterInfo kDrum{.name = "drum",
                                        .standard = "none",
                                        .edition = "1",
                                        .transports = kLampTransports,
                                        .forms = kLampForms,
                                        .node_options = {},
                                        .damage_rules = {}};
inline constexpr std::array<const adapter::AdapterInfo*, 2> kTestAdapters{&kDrum, &kLamp};

}  // namespace entente::harness::testing
