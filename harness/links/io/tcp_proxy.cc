// SPDX-License-Identifier: Apache-2.0
#include "harness/links/io/tcp_proxy.h"

#include <algorithm>
#include <array>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <asio/write.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "harness/links/io/endpoints.h"
#include "harness/links/io/tcp_probe.h"

namespace entente::harness {
namespace {

using asio::ip::tcp;

constexpr std::size_t kReadOctets = 16UL * 1024;
constexpr auto kListenAgain = std::chrono::milliseconds(100);

std::string ToText(const tcp::endpoint& endpoint) {
  return endpoint.address().to_string() + ":" + std::to_string(endpoint.port());
}

LinkDirection Opposite(LinkDirection direction) {
  return direction == LinkDirection::kToGateway ? LinkDirection::kToNode : LinkDirection::kToGateway;
}

}  // namespace

class TcpProxy::Impl : public std::enable_shared_from_this<TcpProxy::Impl> {
 public:
  Impl(asio::io_context& context, const Clock& clock, Link& link, Config config, ProxyEvents events)
      : context_(context),
        clock_(clock),
        link_(link),
        config_(std::move(config)),
        events_(std::move(events)),
        acceptor_(context),
        retry_(context),
        opening_(context),
        timer_(context) {}

  Result<ProxyEndpoint> Start();
  void OnLinkChanged();
  void Probe(Duration at_most, OnProbed done);
  void Stop();

 private:
  // One direction of a connection: reads `from`, writes to `to`.
  struct Flow {
    tcp::socket& from;
    tcp::socket& to;
    LinkDirection direction;
    std::array<std::uint8_t, kReadOctets> buffer{};
    Bytes writing{};
    bool reading = false;
    bool ended = false;   // the sender closed its side
    Instant ended_at{};   // or its connection broke, and the receiver does not hear of it, or not yet
    bool broke = false;   // it did
    bool closed = false;  // and the receiver was told
    bool gone = false;    // the receiver is not there any more, which the sender is to hear later
  };
  // Every completion holds the connection that it belongs to; those of an earlier one than the present are ignored.
  struct Connection {
    Connection(tcp::socket dialer_in, asio::io_context& context, bool node_dials)
        : dialer(std::move(dialer_in)),
          target(context),
          onward{dialer, target, node_dials ? LinkDirection::kToGateway : LinkDirection::kToNode},
          back{target, dialer, node_dials ? LinkDirection::kToNode : LinkDirection::kToGateway} {}
    tcp::socket dialer;
    tcp::socket target;
    Flow onward;
    Flow back;
    bool established = false;
  };
  using ConnectionPtr = std::shared_ptr<Connection>;
  // A probe's connection, carried by a proxy that does not listen.
  struct Probing {
    std::shared_ptr<TcpProbe> probe;
    std::unique_ptr<Link> twin;
    std::shared_ptr<Impl> carrier;
  };

  Result<tcp::endpoint> Listen();
  void Accept();
  void OnAccepted(tcp::socket socket);
  void Carry(tcp::socket socket);
  void EndProbe(const TcpProbe* probe);
  // After as long as the link holds a new connection up.
  void Open(const ConnectionPtr& connection);
  void Connect(const ConnectionPtr& connection);
  void Read(Flow& flow);
  void OnRead(Flow& flow, std::error_code error, std::size_t size);
  void Write(Flow& flow);
  // Writes what is due and reads where there is room, both ways.
  void Turn();
  void TurnFlow(Flow& flow, Instant now);
  // What is due; for a receiver that is gone it is thrown away.
  std::optional<Bytes> TakeFor(const Flow& flow, Instant now);
  // When the receiver is told that the sender has closed its side; std::nullopt: not yet known, or not at all.
  [[nodiscard]] std::optional<Instant> CloseAt(const Flow& flow) const;
  // A link that ends the connection has its way.
  void ApplyConnectionEnd();
  void ArmTimer();
  void ApplyRefusal();
  void EndConnection(std::string_view why, bool reset);
  void Tell(const std::vector<Decision>& decisions) const;
  void Say(std::string_view text) const {
    if (events_.connection) events_.connection(text);
  }
  [[nodiscard]] bool IsPresent(const ConnectionPtr& connection) const { return !stopped_ && connection == connection_; }
  [[nodiscard]] Instant Now() const { return clock_.Read().instant; }

  asio::io_context& context_;
  const Clock& clock_;
  Link& link_;
  Config config_;
  ProxyEvents events_;
  tcp::acceptor acceptor_;
  asio::steady_timer retry_;
  asio::steady_timer opening_;
  asio::steady_timer timer_;
  tcp::endpoint bound_;
  ConnectionPtr connection_;
  std::vector<Probing> probing_;
  bool listens_ = true;
  bool stopped_ = true;
};

Result<ProxyEndpoint> TcpProxy::Impl::Start() {
  const auto wanted = ResolveAddress(config_.listen);
  if (!wanted) return std::unexpected(wanted.error());
  if (const auto target = ResolveAddress(config_.target); !target) return std::unexpected(target.error());
  bound_ = {*wanted, config_.listen.port};
  const auto listening = Listen();
  if (!listening) return std::unexpected(listening.error());
  bound_ = *listening;
  stopped_ = false;
  Accept();
  OnLinkChanged();
  return ProxyEndpoint{bound_.address().to_string(), bound_.port()};
}

Result<tcp::endpoint> TcpProxy::Impl::Listen() {
  std::error_code error;
  acceptor_.open(bound_.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(bound_, error);
  if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
  if (!error) return acceptor_.local_endpoint();
  std::error_code ignored;
  acceptor_.close(ignored);
  return std::unexpected(CannotBind(config_.listen, bound_.port(), error));
}

void TcpProxy::Impl::Accept() {
  acceptor_.async_accept([self = shared_from_this()](std::error_code error, tcp::socket socket) {
    if (self->stopped_ || error == asio::error::operation_aborted) return;
    if (!error) self->OnAccepted(std::move(socket));
    if (self->acceptor_.is_open()) self->Accept();
  });
}

void TcpProxy::Impl::OnAccepted(tcp::socket socket) {
  std::error_code ignored;
  const tcp::endpoint dialer = socket.remote_endpoint(ignored);
  const auto probing = std::ranges::find_if(probing_, [&](const Probing& each) { return each.probe->IsFrom(dialer); });
  if (probing != probing_.end()) {
    const tcp::endpoint& target = probing->probe->target();
    Config config{{}, {target.address().to_string(), target.port()}, config_.node_dials};
    probing->carrier = std::make_shared<Impl>(context_, clock_, *probing->twin, std::move(config), ProxyEvents{});
    return probing->carrier->Carry(std::move(socket));
  }
  EndConnection("replaced by a newer connection", true);
  Say("connected " + ToText(dialer));
  connection_ = std::make_shared<Connection>(std::move(socket), context_, config_.node_dials);
  Open(connection_);
}

void TcpProxy::Impl::Carry(tcp::socket socket) {
  listens_ = false;
  stopped_ = false;
  connection_ = std::make_shared<Connection>(std::move(socket), context_, config_.node_dials);
  Open(connection_);
  ArmTimer();
}

void TcpProxy::Impl::Probe(Duration at_most, OnProbed done) {
  const auto ended = [self = shared_from_this(), done = std::move(done)](const TcpProbe* probe, const MeasuredProbe& measured) {
    self->EndProbe(probe);
    done(measured);
  };
  auto probe = std::make_shared<TcpProbe>(context_, clock_);
  probing_.push_back({probe, link_.Twin(Now()), nullptr});
  probe->Start(bound_, at_most, [ended, raw = probe.get()](const MeasuredProbe& measured) { ended(raw, measured); });
}

void TcpProxy::Impl::EndProbe(const TcpProbe* probe) {
  const auto found = std::ranges::find_if(probing_, [&](const Probing& each) { return each.probe.get() == probe; });
  if (found == probing_.end()) return;
  const Probing ended = std::move(*found);
  probing_.erase(found);
  if (ended.carrier) ended.carrier->Stop();
}

void TcpProxy::Impl::Open(const ConnectionPtr& connection) {
  const Duration delay = link_.OpenConnection();
  Tell(link_.TakeDecisions());
  if (delay == Duration{0}) return Connect(connection);
  opening_.expires_after(delay);
  opening_.async_wait([self = shared_from_this(), connection](std::error_code error) {
    if (!error && self->IsPresent(connection)) self->Connect(connection);
  });
}

void TcpProxy::Impl::Connect(const ConnectionPtr& connection) {
  const tcp::endpoint target{*ResolveAddress(config_.target), config_.target.port};
  connection->target.async_connect(target, [self = shared_from_this(), connection, target](std::error_code error) {
    if (!self->IsPresent(connection)) return;
    if (error) return self->EndConnection(ToText(target) + " cannot be reached: " + error.message(), true);
    std::error_code ignored;
    connection->dialer.set_option(tcp::no_delay(true), ignored);
    connection->target.set_option(tcp::no_delay(true), ignored);
    connection->established = true;
    self->Turn();
  });
}

void TcpProxy::Impl::Read(Flow& flow) {
  flow.reading = true;
  flow.from.async_read_some(asio::buffer(flow.buffer),
                            [self = shared_from_this(), connection = connection_, &flow](std::error_code error, std::size_t size) {
                              if (self->IsPresent(connection)) self->OnRead(flow, error, size);
                            });
}

void TcpProxy::Impl::OnRead(Flow& flow, std::error_code error, std::size_t size) {
  flow.reading = false;
  if (size > 0) Tell(link_.channel(flow.direction).Offer(ByteView(flow.buffer).first(size), Now()));
  const bool kept_back = link_.channel(flow.direction).CloseDelay() > Duration{0};
  if (error == asio::error::eof || (error && kept_back)) {
    flow.ended = true;
    flow.broke = error != asio::error::eof;
    flow.ended_at = Now();
    link_.channel(flow.direction).NoteClose();
    Tell(link_.TakeDecisions());
  } else if (error) {
    return EndConnection("reset: " + error.message(), true);
  }
  Turn();
}

void TcpProxy::Impl::Write(Flow& flow) {
  asio::async_write(flow.to, asio::buffer(flow.writing),
                    [self = shared_from_this(), connection = connection_, &flow](std::error_code error, std::size_t) {
                      if (!self->IsPresent(connection)) return;
                      flow.writing.clear();
                      // Whoever sent it hears of the end as late as the link has it; the read there tells of it.
                      flow.gone = error && self->link_.channel(Opposite(flow.direction)).CloseDelay() > Duration{0};
                      if (error && !flow.gone) return self->EndConnection("reset: " + error.message(), true);
                      self->Turn();
                    });
}

std::optional<Bytes> TcpProxy::Impl::TakeFor(const Flow& flow, Instant now) {
  auto octets = link_.channel(flow.direction).Take(now);
  while (octets && flow.gone) octets = link_.channel(flow.direction).Take(now);
  return octets;
}

void TcpProxy::Impl::TurnFlow(Flow& flow, Instant now) {
  Channel& channel = link_.channel(flow.direction);
  if (flow.writing.empty()) {
    if (auto octets = TakeFor(flow, now)) {
      flow.writing = *std::move(octets);
      Write(flow);
    } else if (const auto close_at = CloseAt(flow); close_at && *close_at <= now) {
      flow.closed = true;
      if (flow.broke) return EndConnection("reset, and told later", true);
      std::error_code ignored;
      flow.to.shutdown(tcp::socket::shutdown_send, ignored);
    }
  }
  if (!flow.reading && !flow.ended && !channel.full()) Read(flow);
}

std::optional<Instant> TcpProxy::Impl::CloseAt(const Flow& flow) const {
  const Channel& channel = link_.channel(flow.direction);
  const Duration delay = channel.CloseDelay();
  if (!flow.ended || flow.closed || !channel.empty() || delay == Duration::max()) return std::nullopt;
  return flow.ended_at + delay;
}

void TcpProxy::Impl::ApplyConnectionEnd() {
  if (!connection_ || !connection_->onward.writing.empty() || !connection_->back.writing.empty()) return;
  const auto end = link_.TakeConnectionEnd();
  if (end) EndConnection(*end == ConnectionEnd::kReset ? "reset by the link" : "closed by the link", *end == ConnectionEnd::kReset);
}

void TcpProxy::Impl::Turn() {
  if (connection_ && connection_->established) {
    const Instant now = Now();
    TurnFlow(connection_->onward, now);
    if (connection_) TurnFlow(connection_->back, now);
    if (connection_ && connection_->onward.closed && connection_->back.closed) EndConnection("closed", false);
    ApplyConnectionEnd();
  }
  ArmTimer();
}

void TcpProxy::Impl::ArmTimer() {
  std::optional<Instant> next = link_.NextChange();
  if (connection_ && connection_->established) {
    for (const Flow* flow : {&connection_->onward, &connection_->back}) {
      // A flow that writes takes the next octets when it is done.
      if (!flow->writing.empty()) continue;
      for (const auto due : {link_.channel(flow->direction).NextDue(), CloseAt(*flow)}) {
        if (due && (!next || *due < *next)) next = due;
      }
    }
  }
  timer_.cancel();
  if (!next) return;
  timer_.expires_after(std::max(*next - Now(), Duration{0}));
  timer_.async_wait([self = shared_from_this()](std::error_code error) {
    if (!error) self->OnLinkChanged();
  });
}

void TcpProxy::Impl::OnLinkChanged() {
  if (stopped_) return;
  for (const std::string& fault : link_.OnDeadline(Now())) {
    if (events_.lease_ended) events_.lease_ended(fault);
  }
  Tell(link_.TakeDecisions());
  ApplyRefusal();
  ApplyConnectionEnd();  // before a close could be told that was held back
  Turn();
}

void TcpProxy::Impl::ApplyRefusal() {
  if (!listens_) {
    if (link_.refuses()) EndConnection("refused: outage", true);
    return;
  }
  if (link_.refuses() && acceptor_.is_open()) {
    std::error_code ignored;
    acceptor_.close(ignored);
    EndConnection("refused: outage", true);
  } else if (!link_.refuses() && !acceptor_.is_open()) {
    if (Listen()) return Accept();
    // Somebody took the port meanwhile; it is tried again until it is free.
    retry_.expires_after(kListenAgain);
    retry_.async_wait([self = shared_from_this()](std::error_code error) {
      if (!error && !self->stopped_) self->ApplyRefusal();
    });
  }
}

void TcpProxy::Impl::EndConnection(std::string_view why, bool reset) {
  const ConnectionPtr connection = std::exchange(connection_, nullptr);
  if (!connection) return;
  std::error_code ignored;
  for (tcp::socket* socket : {&connection->dialer, &connection->target}) {
    if (reset) socket->set_option(asio::socket_base::linger(true, 0), ignored);
    socket->close(ignored);
  }
  link_.Reset();
  Say(why);
}

void TcpProxy::Impl::Tell(const std::vector<Decision>& decisions) const {
  if (!events_.decision) return;
  for (const Decision& decision : decisions) events_.decision(decision);
}

void TcpProxy::Impl::Stop() {
  if (stopped_) return;
  while (!probing_.empty()) std::shared_ptr(probing_.back().probe)->Stop();
  EndConnection("stopped", true);
  stopped_ = true;
  std::error_code ignored;
  acceptor_.close(ignored);
  retry_.cancel();
  opening_.cancel();
  timer_.cancel();
}

TcpProxy::TcpProxy(asio::io_context& context, const Clock& clock, Link& link, Config config, ProxyEvents events)
    : impl_(std::make_shared<Impl>(context, clock, link, std::move(config), std::move(events))) {}

TcpProxy::~TcpProxy() {
  impl_->Stop();
}

Result<ProxyEndpoint> TcpProxy::Start() {
  return impl_->Start();
}

void TcpProxy::OnLinkChanged() {
  impl_->OnLinkChanged();
}

void TcpProxy::Probe(Duration at_most, OnProbed done) {
  impl_->Probe(at_most, std::move(done));
}

void TcpProxy::Stop() {
  impl_->Stop();
}

}  // namespace entente::harness
