// SPDX-License-Identifier: Apache-2.0
#include "broker/record/unit_relations.h"

#include <algorithm>

namespace entente::record {
namespace {

constexpr const char* kToGateway = "to gateway";
constexpr const char* kToNode = "to node";

// The oldest of each kind that is not related yet.
constexpr const char* kWaitingComposed =
    "SELECT id FROM composed_units WHERE hash = ? AND node = ? AND related = 0 ORDER BY id LIMIT 1";
constexpr const char* kWaitingIngested =
    "SELECT id FROM message_units WHERE hash = ? AND node = ? AND direction = 'to gateway' AND related = 0 ORDER BY id LIMIT 1";
constexpr const char* kWaitingEgressed =
    "SELECT id FROM message_units WHERE hash = ? AND node = ? AND direction = 'to node' AND related = 0 ORDER BY id LIMIT 1";
constexpr const char* kWaitingUnderstood =
    "SELECT id FROM understood_units WHERE hash = ? AND node = ? AND related = 0 ORDER BY id LIMIT 1";
constexpr const char* kWaitingRefusedByGateway =
    "SELECT id FROM units WHERE hash = ? AND node = ? AND direction = 'to gateway' AND code IS NOT NULL AND related = 0 "
    "ORDER BY id LIMIT 1";
constexpr const char* kWaitingRefusedByNode =
    "SELECT id FROM units WHERE hash = ? AND node = ? AND direction = 'to node' AND code IS NOT NULL AND related = 0 "
    "ORDER BY id LIMIT 1";

}  // namespace

// The newest of the candidates: where one unit of several repeats an earlier one (static data beside a position), the others tell.
std::optional<std::int64_t> UnitRelations::Candidate(const char* sql, const std::string& node, const Hashes& hashes) {
  std::optional<std::int64_t> newest;
  for (const std::string& hash : hashes) newest = std::max(newest, database_.Find(sql, hash, node));
  return newest;
}

std::string UnitRelations::AfterDamage(const std::string& node, const char* direction, const std::string& hash) {
  const auto damage =
      database_.Find("SELECT id FROM damages WHERE hash = ? AND node = ? AND direction = ? AND related = 0 ORDER BY id LIMIT 1",
                     hash, node, direction);
  if (!damage) return hash;
  database_.Run("UPDATE damages SET related = 1 WHERE id = ?", *damage);
  return database_.FindText("SELECT damaged_hash FROM damages WHERE id = ?", *damage);
}

void UnitRelations::Composed(std::int64_t composed, const std::string& node, const Hashes& hashes) {
  Hashes arriving;
  for (const std::string& hash : hashes) {
    arriving.push_back(AfterDamage(node, kToGateway, hash));
    database_.Run("INSERT INTO composed_units(composed, node, hash, intact_hash) VALUES(?, ?, ?, ?)", composed, node,
                  arriving.back(), hash);
  }
  if (const auto message_unit = Candidate(kWaitingIngested, node, arriving)) {
    JoinIngested(composed, *message_unit, arriving);
  } else if (const auto refused = Candidate(kWaitingRefusedByGateway, node, arriving)) {
    const auto own = Candidate(kWaitingComposed, node, arriving);
    if (own) JoinRefusedByGateway(*refused, *own);
  }
}

void UnitRelations::Ingested(const std::string& message, const std::string& node, const Hashes& hashes) {
  std::int64_t last = 0;
  for (const std::string& hash : hashes) {
    database_.Run("INSERT INTO message_units(message, node, direction, hash, intact_hash) VALUES(?, ?, ?, ?, ?)", message, node,
                  kToGateway, hash, hash);
    last = database_.last_row();
    database_.Run(
        "UPDATE units SET messages = messages + 1 WHERE id = (SELECT id FROM units WHERE hash = ? AND node = ? AND "
        "direction = 'to gateway' AND code IS NULL ORDER BY messages, id LIMIT 1)",
        hash, node);
  }
  if (const auto composed_unit = Candidate(kWaitingComposed, node, hashes)) {
    const auto composed = database_.Find("SELECT composed FROM composed_units WHERE id = ?", *composed_unit);
    JoinIngested(*composed, last, hashes);
  }
}

void UnitRelations::JoinIngested(std::int64_t composed, std::int64_t message_unit, const Hashes& hashes) {
  database_.Run("UPDATE composed SET message = (SELECT message FROM message_units WHERE id = ?) WHERE id = ? AND message IS NULL",
                message_unit, composed);
  for (const std::string& hash : hashes) {
    database_.Run(
        "UPDATE composed_units SET related = 1 WHERE id = (SELECT id FROM composed_units WHERE +hash = ? AND composed = ? "
        "AND related = 0 LIMIT 1)",
        hash, composed);
  }
  database_.Run(
      "UPDATE message_units SET related = 1 WHERE direction = 'to gateway' AND message = "
      "(SELECT message FROM message_units WHERE id = ?)",
      message_unit);
}

void UnitRelations::Egressed(const std::string& message, const std::string& node, const Hashes& hashes,
                             std::span<const std::string> octets) {
  Hashes arriving;
  std::optional<std::int64_t> last;
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    arriving.push_back(AfterDamage(node, kToNode, hashes[i]));
    const std::optional<Blob> unit = i < octets.size() ? std::optional(Blob{octets[i]}) : std::nullopt;
    database_.Run("INSERT INTO message_units(message, node, direction, hash, intact_hash, octets) VALUES(?, ?, ?, ?, ?, ?)",
                  message, node, kToNode, arriving.back(), hashes[i], unit);
    last = database_.last_row();
  }
  if (!last) return;
  if (const auto understood_unit = Candidate(kWaitingUnderstood, node, arriving)) {
    const auto understood = database_.Find("SELECT understood FROM understood_units WHERE id = ?", *understood_unit);
    JoinUnderstood(*understood, *last, arriving);
  } else if (const auto refused = Candidate(kWaitingRefusedByNode, node, arriving)) {
    JoinRefusedByNode(*refused, *last);
  }
}

void UnitRelations::Understood(std::int64_t understood, const std::string& node, const Hashes& hashes) {
  for (const std::string& hash : hashes) {
    database_.Run("INSERT INTO understood_units(understood, node, hash) VALUES(?, ?, ?)", understood, node, hash);
  }
  if (const auto message_unit = Candidate(kWaitingEgressed, node, hashes)) JoinUnderstood(understood, *message_unit, hashes);
}

void UnitRelations::JoinUnderstood(std::int64_t understood, std::int64_t message_unit, const Hashes& hashes) {
  database_.Run("UPDATE understood SET message = (SELECT message FROM message_units WHERE id = ?) WHERE id = ?", message_unit,
                understood);
  database_.Run(
      "UPDATE deliveries SET understood_ns = u.at_ns, evidence = u.evidence FROM understood u "
      "WHERE u.id = ? AND deliveries.message = u.message AND deliveries.node = u.node AND deliveries.understood_ns IS NULL",
      understood);
  for (const std::string& hash : hashes) {
    database_.Run("UPDATE understood_units SET related = 1 WHERE understood = ? AND +hash = ?", understood, hash);
    database_.Run(
        "UPDATE message_units SET related = 1 WHERE id = (SELECT mu.id FROM message_units mu, message_units known "
        "WHERE known.id = ? AND +mu.hash = ? AND mu.node = known.node AND mu.direction = 'to node' AND mu.message = known.message "
        "AND mu.related = 0 LIMIT 1)",
        message_unit, hash);
  }
}

void UnitRelations::RefusedByGateway(std::int64_t unit, const std::string& node, const std::string& hash) {
  if (const auto composed_unit = Candidate(kWaitingComposed, node, {hash})) JoinRefusedByGateway(unit, *composed_unit);
}

void UnitRelations::JoinRefusedByGateway(std::int64_t unit, std::int64_t composed_unit) {
  database_.Run("UPDATE composed SET refused_unit = ? WHERE id = (SELECT composed FROM composed_units WHERE id = ?)", unit,
                composed_unit);
  database_.Run("UPDATE composed_units SET related = 1 WHERE id = ?", composed_unit);
  database_.Run("UPDATE units SET related = 1 WHERE id = ?", unit);
}

void UnitRelations::RefusedByNode(std::int64_t unit, const std::string& node, const std::string& hash) {
  if (const auto message_unit = Candidate(kWaitingEgressed, node, {hash})) JoinRefusedByNode(unit, *message_unit);
}

void UnitRelations::JoinRefusedByNode(std::int64_t unit, std::int64_t message_unit) {
  database_.Run(
      "UPDATE deliveries SET refused_unit = ? FROM message_units mu WHERE mu.id = ? AND deliveries.message = mu.message "
      "AND deliveries.node = mu.node",
      unit, message_unit);
  database_.Run("UPDATE message_units SET related = 1 WHERE id = ?", message_unit);
  database_.Run("UPDATE units SET related = 1 WHERE id = ?", unit);
}

// The unit damaged is the last one said; when it was not told yet, it is the next one.
void UnitRelations::Damaged(std::int64_t damage, bool to_gateway, const std::string& node, const std::string& hash,
                            const std::string& damaged_hash) {
  const auto told = to_gateway ? database_.Find(
                                     "SELECT id FROM composed_units WHERE hash = ? AND node = ? AND related = 0 "
                                     "ORDER BY id DESC LIMIT 1",
                                     hash, node)
                               : database_.Find(
                                     "SELECT id FROM message_units WHERE hash = ? AND node = ? AND direction = 'to node' "
                                     "AND related = 0 ORDER BY id DESC LIMIT 1",
                                     hash, node);
  if (!told) return;
  database_.Run("UPDATE damages SET related = 1 WHERE id = ?", damage);
  if (to_gateway) {
    database_.Run("UPDATE composed_units SET hash = ? WHERE id = ?", damaged_hash, *told);
    if (const auto refused = database_.Find(kWaitingRefusedByGateway, damaged_hash, node)) JoinRefusedByGateway(*refused, *told);
  } else {
    database_.Run("UPDATE message_units SET hash = ? WHERE id = ?", damaged_hash, *told);
    if (const auto refused = database_.Find(kWaitingRefusedByNode, damaged_hash, node)) JoinRefusedByNode(*refused, *told);
  }
}

}  // namespace entente::record
