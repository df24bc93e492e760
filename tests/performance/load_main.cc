// SPDX-License-Identifier: Apache-2.0
// bus_load publish|receive: one end of a load, started by bus_bench, which hands it the shared board as an open file.

#include <CLI/CLI.hpp>

#include "tests/performance/load_side.h"

namespace entente::performance {
namespace {

struct LoadOptions {
  int board = -1;
  BusAddress address;
  std::size_t place = 0;
  bool parse = false;
  bool alternating = false;
  bool at_once = false;
  std::size_t nodes = 0;
  std::size_t subscriptions = 0;
  SendOptions send;
};

void RunPublisher(LoadOptions& options) {
  const SharedBoard board(options.board);
  options.send.labels = options.alternating ? LabelSet::kAlternating : LabelSet::kUniform;
  std::unique_ptr<Sender> sender;
  if (options.address.bus == "nats") {
    sender = ConnectNatsSender(options.address, *board, options.at_once);
  } else if (options.address.bus == "jetstream") {
    sender = ConnectJetStreamSender(options.address, *board);
  } else if (options.address.bus == "tak") {
    sender = ConnectTakSender(options.address);
  } else {
    sender = ConnectEntenteSender(options.address, *board);
  }
  Publish(*sender, *board, options.send);
}

void RunReceiver(const LoadOptions& options) {
  const SharedBoard board(options.board);
  const bool sees_all = !options.alternating || options.place % kNations.size() < kNations.size() / 2;
  Receiver receiver(*board, options.place, options.parse ? Look::kParse : Look::kSequence, sees_all);
  if (options.address.bus == "nats") {
    ReceiveFromNats(options.address, *board, options.place, receiver);
  } else if (options.address.bus == "tak") {
    ReceiveAsTak(options.address, *board, receiver);
  } else {
    ReceiveFromEntente(options.address, *board, options.place, receiver);
  }
}

void RunIdleNodes(const LoadOptions& options) {
  const SharedBoard board(options.board);
  AttachNodes(options.address, *board, options.place, options.nodes, options.subscriptions);
}

int Run(int argc, char** argv) {
  CLI::App program("One end of a load on a message bus");
  LoadOptions options;
  program.require_subcommand(1);
  program.add_option("--board", options.board, "Number of the open file that is the shared board")->required();
  program.add_option("--bus", options.address.bus, "entente, nats, jetstream or tak")->required();
  program.add_option("--endpoint", options.address.endpoint, "Where it listens")->required();
  program.add_option("--certificates", options.address.certificates, "Folder of certificates: speak TLS");
  program.add_option("--replicas", options.address.replicas, "Of a stream on JetStream");
  program.add_flag("--alternating", options.alternating, "Every other message is for the first half of the nations only");
  CLI::App* publish = program.add_subcommand("publish", "Send until the board says stop");
  publish->add_option("--batch", options.send.batch, "Messages per flush");
  publish->add_option("--rate", options.send.rate, "Messages a second; 0: as fast as receivers take them");
  publish->add_option("--window", options.send.window, "Messages that the slowest receiver may be behind");
  publish->add_option("--receivers", options.send.receivers, "How many receive");
  publish->add_flag("--at-once", options.at_once, "NATS: send each message at once");
  CLI::App* receive = program.add_subcommand("receive", "Check what comes until the board says stop");
  receive->add_option("--place", options.place, "Place on the board");
  receive->add_flag("--parse", options.parse, "Parse each envelope and sample its latency");
  CLI::App* idle = program.add_subcommand("idle", "Attach nodes that nothing is for, until the board says stop");
  idle->add_option("--place", options.place, "Place on the board");
  idle->add_option("--nodes", options.nodes, "How many");
  idle->add_option("--subscriptions", options.subscriptions, "Of each");
  CLI11_PARSE(program, argc, argv);
  if (publish->parsed()) RunPublisher(options);
  if (receive->parsed()) RunReceiver(options);
  if (idle->parsed()) RunIdleNodes(options);
  return 0;
}

}  // namespace
}  // namespace entente::performance

int main(int argc, char** argv) {
  return entente::performance::Run(argc, argv);
}
