// SPDX-License-Identifier: Apache-2.0
#include "tests/architecture/room.h"

namespace entente::architecture {

std::span<const Room> Rooms() {
  static const std::vector<Room> rooms = {
      {"base", {"base"}, {"openssl/"}},
      {"base/io", {"base"}, {"spdlog/", "fmt/", "grpc/grpc.h"}, true},
      {"proto", {"base", "proto", "entente/v1"}, {"google/protobuf/"}},
      {"adapters/api", {"base", "proto", "entente/v1", "adapters/api"}, {"fmt/", "google/protobuf/"}},
      {"adapters/common",
       {"base", "proto", "entente/v1", "adapters/api", "adapters/common"},
       {"fmt/", "pugixml", "GeographicLib/", "emmintrin.h"}},
      {"adapters/", {"base", "proto", "entente/v1", "adapters/api", "adapters/common"}, {"fmt/", "pugixml", "google/protobuf/"}},
      {"adapters/gateway/core",
       {"base", "proto", "entente/v1", "adapters/api", "adapters/gateway/core"},
       {"fmt/", "google/protobuf/"}},
      {"adapters/gateway/io",
       {"base", "proto", "entente/v1", "adapters/api", "adapters/gateway"},
       {"fmt/", "asio", "openssl/"},
       true},
      {"broker/policy", {"base", "proto", "entente/v1", "broker/policy"}, {"fmt/"}},
      {"broker/core", {"base", "proto", "entente/v1", "broker/policy", "broker/core"}, {"fmt/", "google/protobuf/"}},
      {"broker/record",
       {"base", "proto", "entente/v1", "broker/record"},
       {"fmt/", "google/protobuf/", "openssl/", "sqlite3", "nats"},
       true},
      {"broker/certificates",
       {"base", "proto", "entente/v1", "broker/policy", "broker/certificates"},
       {"fmt/", "openssl/", "grpc"},
       true},
      {"broker/service",
       {"base", "proto", "entente/v1", "standard", "broker/policy", "broker/core", "broker/record", "broker/certificates",
        "broker/service"},
       {"fmt/", "google/protobuf/", "grpc"},
       true},
      {"broker/client",
       {"base", "proto", "entente/v1", "broker/policy", "broker/core", "broker/record", "broker/certificates", "broker/client"},
       {"fmt/", "google/protobuf/", "grpc"},
       true},
      {"harness/exercise",
       {"base", "proto", "entente/v1", "adapters/api", "broker/policy", "harness/links", "harness/exercise"},
       {"fmt/", "yaml-cpp/", "nlohmann/"}},
      {"harness/nodes", {"base", "proto", "entente/v1", "adapters/api", "harness/nodes"}, {"fmt/"}},
      {"harness/links", {"base", "harness/links"}, {"fmt/"}},
      {"harness/links/io", {"base", "harness/links"}, {"fmt/", "asio"}, true},
      {"harness/assessment", {"base", "proto", "entente/v1", "adapters/api", "harness/assessment"}, {"fmt/"}},
      {"harness/report",
       {"base", "proto", "entente/v1", "adapters/api", "harness/assessment", "harness/report"},
       {"fmt/", "openssl/", "nlohmann/"}},
      {"harness/metrics",
       {"base", "proto", "entente/v1", "adapters/api", "harness/assessment", "harness/metrics"},
       {"fmt/", "prometheus/"},
       true},
      {"harness/run", {""}, {""}, true},
      {"harness/control",
       {"base", "proto", "entente/v1", "adapters/api", "broker", "harness"},
       {"fmt/", "google/protobuf/", "grpc"},
       true},
      {"harness/cli", {""}, {""}, true},
      {"tests", {""}, {""}, true},
  };
  return rooms;
}

const Room* RoomOf(std::string_view file) {
  const Room* longest = nullptr;
  for (const Room& room : Rooms()) {
    const bool inside = file.starts_with(room.folder) &&
                        (room.folder.ends_with('/') || (file.size() > room.folder.size() && file[room.folder.size()] == '/'));
    if (inside && (longest == nullptr || room.folder.size() > longest->folder.size())) longest = &room;
  }
  return longest;
}

}  // namespace entente::architecture
