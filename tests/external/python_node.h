// SPDX-License-Identifier: Apache-2.0
#pragma once

// The Python node of clients/python as a process of its own, driven by its lines of JSON; and any other Python script with the
// classes of entente.v1 at hand.

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tests/external/peer_process.h"

namespace entente::external {

// Whether this machine has a Python with gRPC and protobuf.
bool HasPython();
// The command that runs Python with these arguments, where it finds entente_node and the classes.
std::vector<std::string> PythonCommand(const std::vector<std::string>& arguments);

class PythonNode {
 public:
  PythonNode(const std::string& broker, const std::string& node, const std::vector<std::string>& options,
             const std::string& folder);

  // Waits until there are so many events of this kind; all of them, in order. Gives what there is after half a minute.
  std::vector<nlohmann::json> Await(std::string_view event, std::size_t count = 1);
  std::vector<nlohmann::json> Events(std::string_view event);
  // The texts of the chats delivered, once there are so many.
  std::vector<std::string> AwaitTexts(std::size_t count);
  // Publishes a chat with this text, under a label that reads "<classification>".
  void SayChat(const std::string& text, std::string_view classification = "UNCLASSIFIED");

  PeerProcess& process() { return process_; }

 private:
  PeerProcess process_;
};

}  // namespace entente::external
