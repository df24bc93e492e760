// SPDX-License-Identifier: Apache-2.0
#include "tests/durability/node_load.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <algorithm>

namespace entente::durability {
namespace {

constexpr std::string_view kBeginsWithNothing = "FRA/hq";  // whenever it is started, as a gateway does

std::string CursorsOf(const Witness::Node& node) {
  std::string text;
  for (const auto& [precedence, number] : node.cursors) text += fmt::format("{}{}:{}", text.empty() ? "" : ",", precedence, number);
  return text.empty() ? "-" : text;
}

}  // namespace

std::string NodeLoad::Exercise(std::string_view bus) {
  return fmt::format(R"(version: 1
name: kill
duration: 1 min
{}
policy:
  name: EXERCISE
  classifications: [UNCLASSIFIED, RESTRICTED]
nations:
  DEU:
    clearance: RESTRICTED
    label: UNCLASSIFIED
    nodes: {{brigade: {{protocol: cot, external: true, listen: "127.0.0.1:0"}}}}
  FRA:
    clearance: RESTRICTED
    label: UNCLASSIFIED
    nodes: {{hq: {{protocol: cot, external: true, listen: "127.0.0.1:0"}}}}
  NOR:
    clearance: RESTRICTED
    label: UNCLASSIFIED
    nodes: {{post: {{protocol: cot, external: true, listen: "127.0.0.1:0"}}}}
)",
                     bus);
}

bool NodeLoad::Join(const std::vector<WatchedProcess*>& others) {
  for (const char* node : kNodes) Start(node, 0);
  while (!witness_.Settled()) {
    if (!Listen(others)) return false;
  }
  for (const char* node : kNodes) {
    Kill(node);
    Start(node, kMessagesPerNode);
  }
  return true;
}

bool NodeLoad::Listen(const std::vector<WatchedProcess*>& others, std::chrono::milliseconds at_most) {
  std::vector<WatchedProcess*> heard = others;
  for (const auto& [node, process] : processes_) heard.push_back(process.get());
  std::vector<pollfd> waiting;
  for (const WatchedProcess* process : heard) waiting.push_back({process->output(), POLLIN, 0});
  if (poll(waiting.data(), waiting.size(), static_cast<int>(at_most.count())) <= 0) {
    if (at_most == kPatience) ADD_FAILURE() << "nobody says anything any more";
    return false;
  }
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    if (waiting[i].revents != 0) heard[i]->Read();
    if (heard[i]->output() < 0) ADD_FAILURE() << heard[i]->name() << " ended, with " << heard[i]->Terminate();
  }
  return std::ranges::all_of(heard, [](const WatchedProcess* process) { return process->output() >= 0; });
}

void NodeLoad::StartAgain(const std::string& node) {
  Start(node, kMessagesPerNode - std::min(witness_.Of(node).receipts, kMessagesPerNode));
}

void NodeLoad::KillAll() {
  for (const auto& [node, process] : processes_) process->Kill();
}

void NodeLoad::Start(const std::string& node, std::size_t messages) {
  const std::uint64_t incarnation = ++incarnations_[node];
  const bool keeps_cursors = incarnation > 1 && node != kBeginsWithNothing;
  const std::string cursors = keeps_cursors ? CursorsOf(witness_.Of(node)) : "-";
  witness_.Begin(node, incarnation, keeps_cursors);
  const auto index = static_cast<std::size_t>(std::ranges::find(kNodes, node) - kNodes.begin());
  processes_[node] = std::make_unique<WatchedProcess>(
      std::vector<std::string>{ENTENTE_KILL_NODE, endpoints_(index), node, std::to_string(incarnation), std::to_string(messages),
                               std::to_string(seed_), cursors},
      [this, node](std::string_view line) { witness_.Note(node, line); });
}

}  // namespace entente::durability
