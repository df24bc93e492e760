// SPDX-License-Identifier: Apache-2.0
#pragma once

// The two ends of a load as roles of the program `bus_load`, for each bus that is compared: a publisher that sends as fast as the
// slowest receiver lets it, or at a rate; and a receiver that checks what it gets. Each is a process of its own.

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "tests/performance/load_envelope.h"

namespace entente::performance {

// Where a bus is and how to speak to it.
struct BusAddress {
  std::string bus;           // "entente", "nats", "jetstream", "tak"
  std::string endpoint;      // "127.0.0.1:4222"
  std::string certificates;  // folder that `entente certs` made; empty: no TLS
  int replicas = 1;          // of a stream on JetStream
};

// Publishes, on the thread that calls. Counts receipts on the board.
class Sender {
 public:
  virtual ~Sender() = default;
  // Takes one message; false: not now, call Wait.
  virtual bool Send(std::uint64_t sequence, ByteView envelope) = 0;
  // What was taken may leave now.
  virtual void Flush() = 0;
  // Lets time pass, at most so long, and deals with what came back; here nothing does.
  virtual void Wait(std::chrono::nanoseconds at_most);
  // Everything taken has left (and has its receipt, where there are receipts).
  virtual void Drain() = 0;
};

std::unique_ptr<Sender> ConnectEntenteSender(const BusAddress& address, Board& board);
std::unique_ptr<Sender> ConnectNatsSender(const BusAddress& address, Board& board, bool send_at_once);
std::unique_ptr<Sender> ConnectJetStreamSender(const BusAddress& address, Board& board);
std::unique_ptr<Sender> ConnectTakSender(const BusAddress& address);

struct SendOptions {
  std::size_t batch = 128;    // messages per Flush
  double rate = 0;            // messages a second; 0: as fast as receivers take them
  std::size_t window = 0;     // messages that the slowest receiver may be behind; 0: do not look at receivers
  std::size_t receivers = 1;  // places on the board
  LabelSet labels = LabelSet::kUniform;
};

// Until the board says stop. Sets published and publisher_done at the end.
void Publish(Sender& sender, Board& board, const SendOptions& options);

// Until the board says stop.
void ReceiveFromEntente(const BusAddress& address, Board& board, std::size_t place, Receiver& receiver);
void ReceiveFromNats(const BusAddress& address, Board& board, std::size_t place, Receiver& receiver);
void ReceiveAsTak(const BusAddress& address, Board& board, Receiver& receiver);
// Nodes that subscribe to what never comes; the place is ready once all are welcomed.
void AttachNodes(const BusAddress& address, Board& board, std::size_t place, std::size_t nodes, std::size_t subscriptions);

}  // namespace entente::performance
