// SPDX-License-Identifier: Apache-2.0

// Rate: a token bucket. Octets leave no faster than the rate, one after the other in order of arrival, but for a burst of so many
// that may leave at once when the link was idle. A datagram that would wait longer than the queue holds, in time or in octets, is
// lost: itself (tail), the oldest that waits (head), or one of those before with a chance that grows as the queue fills (early). A
// stream waits: its channel is full before long, and the sender slows down.

#include <algorithm>
#include <array>
#include <deque>

#include "harness/links/impairment.h"

namespace entente::harness {
namespace {

constexpr std::array<std::string_view, 3> kDrops{"tail", "head", "early"};
constexpr std::array kParameters{
    Parameter{
        .name = "rate", .type = ParameterType::kRate, .description = "octets leave no faster", .minimum = 1, .required = true},
    Parameter{
        .name = "burst", .type = ParameterType::kOctets, .description = "that an idle link lets pass at once", .maximum = 1e8},
    Parameter{.name = "queue",
              .type = ParameterType::kDuration,
              .description = "longest wait before the link; what would wait longer is lost",
              .initial = 10},
    Parameter{.name = "queue-octets",
              .type = ParameterType::kOctets,
              .description = "most octets that wait; 0: no bound but the time",
              .maximum = 4e6},
    Parameter{.name = "drop",
              .type = ParameterType::kChoice,
              .description = "who is lost when the queue is full: the last, the first, or at random before it is",
              .choices = kDrops},
};

class Rate final : public Impairment {
 public:
  explicit Rate(const ImpairmentContext& context)
      : Impairment(context),
        rate_bps_(static_cast<double>(std::max<std::uint64_t>(context.settings.Whole("rate"), 1))),
        burst_(context.settings.Whole("burst")),
        queue_(context.settings.Time("queue")),
        queue_octets_(context.settings.Whole("queue-octets")),
        drop_(context.settings.Word("drop")) {}

  void Apply(Passage& passage) override {
    if (passage.arrived >= free_at_) {
      // The bucket has filled meanwhile, up to its depth.
      const double filled = ToSeconds(passage.arrived - std::max(free_at_, Instant{})) * rate_bps_ / 8;
      tokens_ = std::min(static_cast<double>(burst_), tokens_ + filled);
      busy_since_ = passage.arrived;
      busy_octets_ = 0;
      waiting_.clear();
    }
    while (!waiting_.empty() && waiting_.front().starts <= passage.arrived) waiting_.pop_front();
    if (!on_stream() && Drops(passage)) {
      passage.parcels.clear();
      return Decide(passage, DecisionKind::kLost);
    }
    const Duration waiting = std::max(free_at_ - passage.arrived, Duration{0});
    if (!on_stream()) waiting_.push_back({passage.unit, passage.octets, passage.arrived + waiting});
    Spend(passage.octets);
    const Duration delay = std::max(free_at_ - passage.arrived, Duration{0});
    passage.Delay(delay);
    if (passage.first() && waiting > Duration{0}) Decide(passage, DecisionKind::kDelayed, waiting);
  }

  [[nodiscard]] bool HoldsBack() const override { return true; }

 private:
  struct Waiting {
    std::uint64_t unit = 0;
    std::size_t octets = 0;
    Instant starts;  // to leave
  };

  // Counted from when the link last fell idle, so that the slicing of reads does not round differently.
  void Spend(std::size_t octets) {
    const double free = std::min(tokens_, static_cast<double>(octets));
    tokens_ -= free;
    busy_octets_ += static_cast<double>(octets) - free;
    free_at_ = busy_since_ + FromSeconds(busy_octets_ * 8 / rate_bps_);
  }

  // Is this one lost? Of a queue that drops its head, the oldest goes in its place.
  bool Drops(Passage& passage) {
    const Duration waiting = std::max(free_at_ - passage.arrived, Duration{0});
    if (drop_ == "early" && ChanceOf(passage.unit).Chance(2 * Fullness(waiting, passage.octets) - 1)) return true;
    while (Fullness(std::max(free_at_ - passage.arrived, Duration{0}), passage.octets) > 1) {
      if (drop_ != "head" || waiting_.empty()) return true;
      Withdraw(passage);
    }
    return false;
  }
  // Of the queue, with this one in it: above 1 it does not fit.
  [[nodiscard]] double Fullness(Duration waiting, std::size_t octets) const {
    double full = queue_ > Duration{0} ? ToSeconds(waiting) / ToSeconds(queue_) : (waiting > Duration{0} ? 2 : 0);
    if (queue_octets_ > 0 && waiting > Duration{0}) {
      std::size_t queued = octets;
      for (const Waiting& each : waiting_) queued += each.octets;
      full = std::max(full, static_cast<double>(queued) / static_cast<double>(queue_octets_));
    }
    return full;
  }
  void Withdraw(Passage& passage) {
    const Waiting oldest = waiting_.front();
    waiting_.pop_front();
    const Duration sooner = FromSeconds(static_cast<double>(oldest.octets) * 8 / rate_bps_);
    for (Waiting& each : waiting_) each.starts -= sooner;
    busy_octets_ -= static_cast<double>(oldest.octets);
    free_at_ -= sooner;
    passage.withdrawn.push_back({oldest.unit, sooner});
    Passage other{.unit = oldest.unit, .octets = oldest.octets};
    Decide(other, DecisionKind::kLost);
    passage.decisions.push_back(other.decisions.front());
  }

  double rate_bps_;
  std::uint64_t burst_;
  Duration queue_;
  std::uint64_t queue_octets_;
  std::string drop_;
  Instant busy_since_{};
  double busy_octets_ = 0;
  double tokens_ = 0;
  Instant free_at_{};  // when what came before has left
  std::deque<Waiting> waiting_;
};

}  // namespace

extern const ImpairmentKind kRateKind;
const ImpairmentKind kRateKind{.name = "rate",
                               .summary = "leaves no faster than a rate (token bucket), with a queue that has an end",
                               .source =
                                   "RFC 2697 for the bucket; S. Floyd and V. Jacobson, Random early detection gateways, IEEE/ACM "
                                   "Transactions on Networking 1 (1993), for early drop",
                               .parameters = kParameters,
                               .by_arrival = true,
                               .make = Make<Rate>};

}  // namespace entente::harness
