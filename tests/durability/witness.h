// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the nodes of a kill test said about each message, seen from outside, and what must be true of it.

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace entente::durability {

class Witness {
 public:
  // One process of a node, from its start to its end.
  struct Life {
    std::uint64_t incarnation = 0;
    bool kept_cursors = false;  // it was started with those of the life before
    bool done = false;
    std::vector<std::string> delivered;                 // ids, in order
    std::vector<std::array<std::uint64_t, 2>> numbers;  // precedence and delivery number, of the same
  };
  struct Node {
    std::vector<Life> lives;
    std::size_t receipts = 0;  // accepted or refused
    std::size_t refused = 0;
    std::map<std::uint64_t, std::uint64_t> cursors;  // highest delivery number seen, per precedence
  };

  void Begin(const std::string& node, std::uint64_t incarnation, bool kept_cursors);
  void Note(const std::string& node, std::string_view line);

  [[nodiscard]] const Node& Of(const std::string& node) const { return nodes_.at(node); }
  [[nodiscard]] std::size_t lines() const { return lines_; }
  // Every node's present process has its receipts, and whatever was accepted has come to all others.
  [[nodiscard]] bool Settled() const;
  // "DEU/brigade#1.R.17 at FRA/hq", or what is still to be done.
  [[nodiscard]] std::vector<std::string> Missing() const;

  // May the record have a message more than once? What several brokers append may be there from more than one of them.
  enum class Repeats : std::uint8_t { kNone, kCountOnce };

  // What is not as promised, in words; empty when all is well. The record is closed.
  [[nodiscard]] std::vector<std::string> Faults(const std::filesystem::path& record, Repeats repeats = Repeats::kNone) const;

 private:
  void CheckOrder(const std::string& node, const Life& life, std::vector<std::string>& faults) const;
  void CheckOnce(const std::string& node, const Node& seen, std::vector<std::string>& faults) const;
  void CheckAgainstRecord(const std::filesystem::path& record, Repeats repeats, std::vector<std::string>& faults) const;

  std::map<std::string, Node> nodes_;
  std::map<std::string, std::set<std::string>> accepted_;   // ids by origin
  std::map<std::string, std::set<std::string>> delivered_;  // ids by receiver
  std::size_t lines_ = 0;
};

}  // namespace entente::durability
