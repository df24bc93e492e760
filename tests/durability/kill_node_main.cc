// SPDX-License-Identifier: Apache-2.0
// A node in a process of its own, for the kill test: publishes so many messages, acknowledges what it is sent, and writes a line
// for everything that it promises or was promised, before it goes on:
//
//   welcome <resumed>    accepted <id>    refused <id> <reason>    delivered <precedence> <number> <id>    done
//
// Arguments: the brokers' endpoints with commas between, node, incarnation, messages to publish, seed, and the cursors that an
// earlier process kept ("2:17,4:3") or "-".

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

#include "base/io/system_clock.h"
#include "base/prng.h"
#include "broker/client/bus_stream.h"
#include "broker/core/test_envelope.h"
#include "proto/message_id.h"

namespace entente::durability {
namespace {

constexpr std::size_t kOutstanding = 16;
constexpr std::uint64_t kMostDeliveriesPerAcknowledgement = 8;

// Runs functions in order on the main thread.
class MainThread {
 public:
  void Post(std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    work_.push_back(std::move(work));
    wake_.notify_one();
  }
  [[noreturn]] void Run() {
    for (;;) {
      std::vector<std::function<void()>> work;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return !work_.empty(); });
        work.swap(work_);
      }
      for (const auto& each : work) each();
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::function<void()>> work_;
};

// One write, so that a line is there wholly or not at all.
void Say(const std::string& line) {
  if (write(STDOUT_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size())) _exit(1);
}

std::vector<std::string> SplitAtCommas(std::string_view text) {
  std::vector<std::string> parts;
  for (const auto part : std::views::split(text, ',')) parts.emplace_back(part.begin(), part.end());
  return parts;
}

std::vector<v1::Cursor> ParseCursors(std::string_view text) {
  std::vector<v1::Cursor> cursors;
  if (text == "-") return cursors;
  for (const std::string& part : SplitAtCommas(text)) {
    v1::Cursor& cursor = cursors.emplace_back();
    cursor.set_precedence(static_cast<v1::Precedence>(std::atoi(part.c_str())));
    cursor.set_delivery(std::strtoull(part.c_str() + part.find(':') + 1, nullptr, 10));
  }
  return cursors;
}

broker::BusStreamConfig StreamTo(std::vector<std::string> endpoints) {
  return {.endpoint = endpoints.front(),
          .others = {endpoints.begin() + 1, endpoints.end()},
          .backoff = {std::chrono::milliseconds(20)}};
}

class KillNode final : private broker::BusClientSink {
 public:
  KillNode(MainThread& thread, char** arguments)
      : node_(arguments[2]),
        incarnation_(std::strtoull(arguments[3], nullptr, 10)),
        left_(std::strtoull(arguments[4], nullptr, 10)),
        prng_(Prng::Derive(std::strtoull(arguments[5], nullptr, 10), {node_}, incarnation_)),
        client_({.node = node_,
                 .incarnation = incarnation_,
                 .subscriptions = {v1::Subscription()},
                 .credit_octets = 4096,
                 .limits = {.frame_envelopes = 5},
                 .cursors = ParseCursors(arguments[6])},
                *this),
        stream_(StreamTo(SplitAtCommas(arguments[1])), client_, clock_,
                [&thread](std::function<void()> work) { thread.Post(std::move(work)); }) {
    stream_.Start();
  }

 private:
  void Publish() {
    for (; left_ > 0 && outstanding_ < kOutstanding; --left_, ++outstanding_) {
      const auto precedence = static_cast<v1::Precedence>(1 + prng_.Below(4));
      const v1::Envelope envelope =
          broker::testing::TestTrack(node_, incarnation_, precedence, ++sequences_[static_cast<std::size_t>(precedence)]);
      client_.Publish(envelope.id(), Share(broker::testing::Octets(envelope)));
    }
    if (left_ == 0 && outstanding_ == 0 && !std::exchange(done_, true)) Say("done\n");
    stream_.Flush();
  }
  std::string IdOf(v1::Precedence precedence, std::uint64_t sequence) const {
    return ToText(MessageKey{node_, incarnation_, precedence, sequence});
  }

  void OnWelcome(const v1::Welcome& welcome, Now) override {
    Say(fmt::format("welcome {}\n", welcome.resumed() ? 1 : 0));
    Publish();
  }
  void OnDelivery(v1::Precedence precedence, std::uint64_t delivery, ByteView octets, Now) override {
    v1::Envelope envelope;
    if (!envelope.ParseFromArray(octets.data(), static_cast<int>(octets.size()))) _exit(2);
    Say(fmt::format("delivered {} {} {}\n", static_cast<int>(precedence), delivery, ToText(envelope.id())));
    last_[static_cast<std::size_t>(precedence)] = delivery;
    if (++unacknowledged_ <= prng_.Below(kMostDeliveriesPerAcknowledgement)) return;
    unacknowledged_ = 0;
    for (std::size_t i = 1; i < last_.size(); ++i) client_.Acknowledge(static_cast<v1::Precedence>(i), last_[i]);
  }
  void OnReceipt(v1::Precedence precedence, std::uint64_t sequence, std::string_view refused) override {
    Say(refused.empty() ? fmt::format("accepted {}\n", IdOf(precedence, sequence))
                        : fmt::format("refused {} {}\n", IdOf(precedence, sequence), refused));
    --outstanding_;
    Publish();
  }
  void OnGoodbye(std::string_view) override {}
  void OnWritable() override {}

  const std::string node_;
  const std::uint64_t incarnation_;
  std::uint64_t left_;
  Prng prng_;
  SystemClock clock_;
  std::array<std::uint64_t, 5> sequences_{};
  std::array<std::uint64_t, 5> last_{};
  std::size_t outstanding_ = 0;
  std::uint64_t unacknowledged_ = 0;
  bool done_ = false;
  broker::BusClient client_;
  broker::BusStream stream_;
};

}  // namespace
}  // namespace entente::durability

int main(int count, char** arguments) {
  if (count != 7) return 64;
  entente::durability::MainThread thread;
  entente::durability::KillNode node(thread, arguments);
  thread.Run();
}
