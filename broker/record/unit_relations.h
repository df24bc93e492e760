// SPDX-License-Identifier: Apache-2.0
#pragma once

// Finds out, inside the projection, which unit is which: a unit at a node and at its gateway is the same when node, direction and
// hash are, and among equal hashes the first is the first. Whichever end's event comes first waits for the other; damage on the way
// is taken into account. Messages and units are many to many: one relation tells where a message came from.

#include <span>
#include <string>
#include <vector>

#include "broker/record/sqlite.h"

namespace entente::record {

using Hashes = std::vector<std::string>;  // hexadecimal

class UnitRelations {
 public:
  explicit UnitRelations(Sqlite& database) : database_(database) {}

  void Composed(std::int64_t composed, const std::string& node, const Hashes& hashes);
  void Ingested(const std::string& message, const std::string& node, const Hashes& hashes);
  void Egressed(const std::string& message, const std::string& node, const Hashes& hashes, std::span<const std::string> octets);
  void Understood(std::int64_t understood, const std::string& node, const Hashes& hashes);
  void RefusedByGateway(std::int64_t unit, const std::string& node, const std::string& hash);
  void RefusedByNode(std::int64_t unit, const std::string& node, const std::string& hash);
  void Damaged(std::int64_t damage, bool to_gateway, const std::string& node, const std::string& hash,
               const std::string& damaged_hash);

 private:
  // The hash that arrives: another one, when the damage was told before.
  std::string AfterDamage(const std::string& node, const char* direction, const std::string& hash);
  std::optional<std::int64_t> Candidate(const char* sql, const std::string& node, const Hashes& hashes);
  void JoinIngested(std::int64_t composed, std::int64_t message_unit, const Hashes& hashes);
  void JoinUnderstood(std::int64_t understood, std::int64_t message_unit, const Hashes& hashes);
  void JoinRefusedByGateway(std::int64_t unit, std::int64_t composed_unit);
  void JoinRefusedByNode(std::int64_t unit, std::int64_t message_unit);

  Sqlite& database_;
};

}  // namespace entente::record
