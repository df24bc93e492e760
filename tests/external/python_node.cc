// SPDX-License-Identifier: Apache-2.0
#include "tests/external/python_node.h"

#include <cstdlib>

namespace entente::external {
namespace {

using nlohmann::json;

std::vector<std::string> NodeCommand(const std::string& broker, const std::string& node, const std::vector<std::string>& options) {
  std::vector<std::string> arguments{"-m", "entente_node", "--broker", broker, "--node", node};
  arguments.insert(arguments.end(), options.begin(), options.end());
  return PythonCommand(arguments);
}

}  // namespace

bool HasPython() {
  constexpr std::string_view kPython = ENTENTE_PYTHON;
  return !kPython.empty() && std::system(ENTENTE_PYTHON " -c 'import grpc, google.protobuf' 2>/dev/null") == 0;
}

std::vector<std::string> PythonCommand(const std::vector<std::string>& arguments) {
  std::vector<std::string> command{"env", "PYTHONPATH=" ENTENTE_PYTHON_STUBS ":" ENTENTE_SOURCE_DIR "/clients/python",
                                   "PYTHONDONTWRITEBYTECODE=1", ENTENTE_PYTHON};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

PythonNode::PythonNode(const std::string& broker, const std::string& node, const std::vector<std::string>& options,
                       const std::string& folder)
    : process_(NodeCommand(broker, node, options), folder) {}

std::vector<json> PythonNode::Events(std::string_view event) {
  std::vector<json> events;
  for (const std::string& line : process_.Lines()) {
    json said = json::parse(line, nullptr, false);
    if (said.value("event", "") == event) events.push_back(std::move(said));
  }
  return events;
}

std::vector<json> PythonNode::Await(std::string_view event, std::size_t count) {
  process_.AwaitLines(R"({"event": ")" + std::string(event) + '"', count);
  return Events(event);
}

std::vector<std::string> PythonNode::AwaitTexts(std::size_t count) {
  std::vector<std::string> texts;
  for (const json& delivery : Await("delivery", count)) texts.push_back(delivery["message"]["chat"].value("text", ""));
  return texts;
}

void PythonNode::SayChat(const std::string& text, std::string_view classification) {
  const json message{{"label", {{"policy", "EXERCISE"}, {"classification", classification}}}, {"chat", {{"text", text}}}};
  process_.Say(message.dump());
}

}  // namespace entente::external
