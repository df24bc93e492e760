// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/io/transport.h"

#include <utility>

#include "adapters/gateway/io/datagram_transport.h"
#include "adapters/gateway/io/stream_dialler.h"
#include "adapters/gateway/io/stream_listener.h"
#include "adapters/gateway/io/transport_core.h"

namespace entente::gateway {
namespace {

class OwnedTransport final : public Transport {
 public:
  explicit OwnedTransport(std::shared_ptr<TransportCore> core) : core_(std::move(core)) {}
  OwnedTransport(const OwnedTransport&) = delete;
  OwnedTransport& operator=(const OwnedTransport&) = delete;
  ~OwnedTransport() override { core_->Abandon(); }

  Status Start() override { return core_->Start(); }
  void Stop() override { core_->Stop(); }
  [[nodiscard]] std::string endpoint() const override { return core_->endpoint(); }

 private:
  std::shared_ptr<TransportCore> core_;
};

}  // namespace

std::unique_ptr<Transport> Own(std::shared_ptr<TransportCore> core) {
  return std::make_unique<OwnedTransport>(std::move(core));
}

std::unique_ptr<Transport> MakeTransport(asio::io_context& context, const Clock& clock, TransportConfig config,
                                         adapter::LinkEnd& end) {
  if (adapter::CarrierOf(config.kind) == adapter::Carrier::kDatagram) {
    return Own(std::make_shared<DatagramTransport>(context, clock, std::move(config), end));
  }
  if (config.role == TransportRole::kListen) return Own(std::make_shared<StreamListener>(context, clock, std::move(config), end));
  return Own(std::make_shared<StreamDialler>(context, clock, std::move(config), end));
}

}  // namespace entente::gateway
