// SPDX-License-Identifier: Apache-2.0
#include "harness/metrics/exposer.h"

#include <fmt/format.h>
#include <prometheus/collectable.h>
#include <prometheus/exposer.h>

#include <exception>
#include <mutex>

#include "harness/metrics/metric_families.h"

namespace entente::harness {
namespace {

// Holds the latest figures; a scrape works on its own reference to them.
class LatestFigures final : public prometheus::Collectable {
 public:
  std::vector<prometheus::MetricFamily> Collect() const override {
    std::shared_ptr<const Figures> figures;
    std::shared_ptr<const ProcessGauges> gauges;
    {
      const std::lock_guard lock(mutex_);
      figures = figures_;
      gauges = gauges_;
    }
    return MetricFamilies(*figures, *gauges);
  }
  void Set(std::shared_ptr<const Figures> figures) {
    const std::lock_guard lock(mutex_);
    figures_.swap(figures);
  }
  void Set(std::shared_ptr<const ProcessGauges> gauges) {
    const std::lock_guard lock(mutex_);
    gauges_.swap(gauges);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Figures> figures_ = std::make_shared<Figures>();
  std::shared_ptr<const ProcessGauges> gauges_ = std::make_shared<ProcessGauges>();
};

}  // namespace

class Exposer::Impl {
 public:
  explicit Impl(const std::string& address) : server_(address) { server_.RegisterCollectable(latest_); }

  [[nodiscard]] std::uint16_t port() const {
    const std::vector<int> ports = server_.GetListeningPorts();
    return ports.empty() ? std::uint16_t{0} : static_cast<std::uint16_t>(ports.front());
  }
  LatestFigures& latest() { return *latest_; }

 private:
  std::shared_ptr<LatestFigures> latest_ = std::make_shared<LatestFigures>();
  prometheus::Exposer server_;  // last: stops before what it reads goes
};

Result<std::unique_ptr<Exposer>> Exposer::Start(const ExposerOptions& options) {
  const std::string address = fmt::format("{}:{}", options.host, options.port);
  try {
    return std::unique_ptr<Exposer>(new Exposer(std::make_unique<Impl>(address)));
  } catch (const std::exception& failure) {  // the web server under prometheus-cpp says no more than that it could not start
    return Fail(ErrorCode::kAlreadyExists, fmt::format("metrics cannot be served at {}: {}", address, failure.what()),
                "metrics_port", "the port is probably taken: choose another one, or 0 for any free one");
  }
}

Exposer::Exposer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Exposer::~Exposer() = default;

std::uint16_t Exposer::port() const {
  return impl_->port();
}

void Exposer::Publish(Figures figures) {
  impl_->latest().Set(std::make_shared<const Figures>(std::move(figures)));
}

void Exposer::SetGauges(ProcessGauges gauges) {
  impl_->latest().Set(std::make_shared<const ProcessGauges>(std::move(gauges)));
}

}  // namespace entente::harness
