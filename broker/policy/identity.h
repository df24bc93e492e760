// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who a peer is and what it may do. The name comes from its certificate, as the URI "entente://<nation>/<node>"; role and the nodes
// that it speaks for come from the exercise's policy (v1::IdentityPolicy). Pure.
//
//   role       receives as        publishes as       commands faults and injects, stops the run
//   node       itself, speaks_for itself, speaks_for no
//   observer   speaks_for         never              no
//   EXCON      speaks_for         speaks_for         yes
//
// Without TLS nothing is proven: such a peer may do everything, which is why the broker then listens on loopback only.

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "entente/v1/policy.pb.h"

namespace entente::broker {

struct Identity {
  std::string name{};  // "DEU/gateway"; empty: nothing is proven
  v1::Role role = v1::ROLE_NODE;
  std::vector<std::string> speaks_for{};  // nodes, or "DEU/*"

  bool operator==(const Identity&) const = default;
  [[nodiscard]] bool proven() const { return !name.empty(); }
  [[nodiscard]] bool SpeaksFor(std::string_view node) const;
};

enum class Action {
  kReceive,
  kPublish,
  kAppend,   // own observations to the record
  kWatch,    // status, explain
  kCommand,  // faults, injects, stop
};

// What the peer's role allows at all. The error is kPermissionDenied.
Status Authorize(const Identity& identity, Action action);
// Whether it may attach as this node.
Status AuthorizeAttach(const Identity& identity, std::string_view node);

// Whether it begins with "entente://".
bool IsIdentityUri(std::string_view uri);
// "DEU/gateway" of the URIs in a certificate: exactly one must be such a URI, and name a node.
Result<std::string> IdentityName(std::span<const std::string> uris);

// The policy's identities, by name.
class IdentityBook {
 public:
  IdentityBook() = default;
  explicit IdentityBook(const v1::ExercisePolicy& policy);
  // A name that the policy does not know is a node's.
  [[nodiscard]] Identity Of(std::string_view name) const;

 private:
  std::map<std::string, Identity, std::less<>> identities_;
};

}  // namespace entente::broker
