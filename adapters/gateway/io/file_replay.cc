// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/io/file_replay.h"

#include <algorithm>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include "adapters/gateway/io/link_driver.h"
#include "adapters/gateway/io/transport_core.h"
#include "base/io/files.h"

namespace entente::gateway {
namespace {

// What the bus delivers to the node is not drained: a file does not listen, and nothing is said to have been sent to it.
class FileReplay final : public TransportCore, public std::enable_shared_from_this<FileReplay> {
 public:
  FileReplay(asio::io_context& context, const Clock& clock, FileReplayConfig config, const adapter::AdapterInfo& adapter,
             AccessPoint& to)
      : clock_(clock),
        config_(std::move(config)),
        adapter_(adapter),
        to_(to),
        driver_(context, clock, to, [this] { Keep(); }),
        timer_(context) {}

  Status Start() override {
    const auto file = ReadFile(config_.file);
    if (!file) return std::unexpected(file.error());
    auto chunks = ReadRecording(*file, adapter_);
    if (!chunks) {
      Error error = chunks.error();
      error.where = config_.file.string() + (error.where.empty() ? "" : ", " + error.where);
      return std::unexpected(std::move(error));
    }
    replay_.emplace(std::move(*chunks), config_.pace);
    driver_.Attach();
    driver_.Connected(endpoint());
    replay_->Start(clock_.Read());
    Keep();
    return {};
  }
  void Stop() override {
    if (driver_.connected()) driver_.Disconnected(kStopped);
    Abandon();
  }
  void Abandon() override {
    driver_.Detach();
    timer_.cancel();
  }
  [[nodiscard]] std::string endpoint() const override { return config_.file.filename().string(); }

 private:
  // One timer for the next chunk. While the access point wants no input it is not armed; the wake-up comes here again.
  void Keep() {
    if (!driver_.connected() || !replay_) return;
    if (!driver_.wants_close().empty()) return driver_.Disconnected(driver_.wants_close());
    if (replay_->done()) return driver_.Disconnected(adapter::kClosedByPeer);
    if (!replay_->NextDue() || !driver_.wants_input()) return;
    timer_.cancel();
    const Duration wait = std::max(*replay_->NextDue() - clock_.Read().instant, Duration::zero());
    timer_.expires_after(std::chrono::duration_cast<asio::steady_timer::duration>(wait));
    timer_.async_wait([self = shared_from_this()](std::error_code cancelled) {
      if (!cancelled) self->Emit();
    });
  }
  void Emit() {
    if (!driver_.attached()) return;
    replay_->Emit(clock_.Read(), to_, config_.alter);
    driver_.Settle();
  }

  const Clock& clock_;
  FileReplayConfig config_;
  const adapter::AdapterInfo& adapter_;
  AccessPoint& to_;
  LinkDriver driver_;
  asio::steady_timer timer_;
  std::optional<Replay> replay_;
};

}  // namespace

std::unique_ptr<Transport> MakeFileReplay(asio::io_context& context, const Clock& clock, FileReplayConfig config,
                                          const adapter::AdapterInfo& adapter, AccessPoint& to) {
  return Own(std::make_shared<FileReplay>(context, clock, std::move(config), adapter, to));
}

}  // namespace entente::gateway
