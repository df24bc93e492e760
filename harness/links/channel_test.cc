// SPDX-License-Identifier: Apache-2.0
#include "harness/links/channel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "base/prng.h"

namespace entente::harness {
namespace {

using namespace std::chrono_literals;

constexpr Conditions kAll{.latency = 30ms, .jitter = 20ms, .loss = 0.2, .rate_bps = 50'000};

// Each impairment of the chain, and how the conditions are without it.
constexpr std::array<std::pair<std::string_view, void (*)(Conditions&)>, 3> kRemovals{{
    {"latency", [](Conditions& conditions) { conditions.latency = conditions.jitter = Duration{0}; }},
    {"loss", [](Conditions& conditions) { conditions.loss = 0; }},
    {"rate", [](Conditions& conditions) { conditions.rate_bps = 0; }},
}};
// Those that leave something to chance.
constexpr std::array<std::string_view, 2> kChanceRules{"latency", "loss"};

Channel Make(LinkCarrier carrier, const Conditions& conditions, std::uint64_t seed = 1, std::string link = "DEU/alpha") {
  Channel channel({std::move(link), LinkDirection::kToGateway, carrier, seed});
  channel.SetConditions(conditions);
  return channel;
}

Bytes Pattern(std::size_t size) {
  Bytes octets(size);
  for (std::size_t i = 0; i < size; ++i) octets[i] = static_cast<std::uint8_t>(i * 7 + i / 251);
  return octets;
}

struct Outcome {
  std::vector<Decision> decisions;
  Bytes octets;                  // of streams
  std::vector<Bytes> datagrams;  // in order of arrival
  Instant last{};
};

void Drain(Channel& channel, Outcome& outcome) {
  while (const auto due = channel.NextDue()) {
    outcome.last = std::max(outcome.last, *due);
    while (auto octets = channel.Take(*due)) {
      outcome.octets.insert(outcome.octets.end(), octets->begin(), octets->end());
      outcome.datagrams.push_back(*std::move(octets));
    }
  }
}

void Append(std::vector<Decision>& all, const std::vector<Decision>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

// The same stream, all at once, in slices as the seed of slicing says, or octet by octet.
Outcome RunStream(const Conditions& conditions, std::uint64_t seed, std::uint64_t slicing, std::size_t size = 60'000) {
  Channel channel = Make(LinkCarrier::kStream, conditions, seed);
  const Bytes octets = Pattern(size);
  Outcome outcome;
  Prng prng(slicing);
  for (std::size_t at = 0; at < size;) {
    const std::size_t slice = slicing == 0 ? size : slicing == 1 ? 1 : 1 + prng.Below(4000);
    const std::size_t taken = std::min(slice, size - at);
    Append(outcome.decisions, channel.Offer(ByteView(octets).subspan(at, taken), Instant{} + 5s));
    at += taken;
  }
  Drain(channel, outcome);
  return outcome;
}

Outcome RunDatagrams(const Conditions& conditions, std::uint64_t seed, int count = 500) {
  Channel channel = Make(LinkCarrier::kDatagram, conditions, seed);
  Outcome outcome;
  for (int i = 0; i < count; ++i) {
    Append(outcome.decisions, channel.Offer(Pattern(100 + static_cast<std::size_t>(i % 50)), Instant{} + i * 10ms));
  }
  Drain(channel, outcome);
  return outcome;
}

std::vector<Decision> Of(const Outcome& outcome, std::string_view rule) {
  std::vector<Decision> found;
  std::ranges::copy_if(outcome.decisions, std::back_inserter(found), [&](const Decision& d) { return d.rule == rule; });
  return found;
}

TEST(ChannelTest, WithoutConditionsOctetsPassAtOnceAndUndecided) {
  Channel channel = Make(LinkCarrier::kStream, {});
  EXPECT_TRUE(channel.Offer(AsBytes("abc"), Instant{} + 1s).empty());
  EXPECT_EQ(channel.NextDue(), Instant{} + 1s);
  EXPECT_EQ(AsText(*channel.Take(Instant{} + 1s)), "abc");
  EXPECT_TRUE(channel.empty());
  EXPECT_FALSE(channel.NextDue());
}

TEST(ChannelTest, LatencyIsDueTimeFromArrival) {
  Channel channel = Make(LinkCarrier::kDatagram, {.latency = 250ms});
  const auto decisions = channel.Offer(AsBytes("abc"), Instant{} + 1s);
  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(decisions[0], (Decision{LinkDirection::kToGateway, "latency", 0, DecisionKind::kDelayed, 250ms, 3}));
  EXPECT_FALSE(channel.Take(Instant{} + 1249ms));
  EXPECT_TRUE(channel.Take(Instant{} + 1250ms));
}

TEST(ChannelTest, SameSeedSameDecisionsWhateverTheSlicing) {
  const Outcome whole = RunStream(kAll, 1, 0);
  EXPECT_GT(whole.decisions.size(), 60U);
  for (const std::uint64_t slicing : {1U, 2U, 3U, 4U, 5U}) {
    const Outcome sliced = RunStream(kAll, 1, slicing);
    EXPECT_EQ(sliced.decisions, whole.decisions) << "slicing " << slicing;
  }
}

TEST(ChannelTest, AStreamKeepsItsOrderAndEveryOctet) {
  for (const std::uint64_t slicing : {0U, 2U, 3U}) EXPECT_EQ(RunStream(kAll, 7, slicing).octets, Pattern(60'000));
}

TEST(ChannelTest, LossOnAStreamDelaysByRetransmissionTimeouts) {
  const Outcome outcome = RunStream({.loss = 0.3}, 3, 0, kBlockOctets * 200);
  const auto losses = Of(outcome, "loss");
  EXPECT_NEAR(static_cast<double>(losses.size()), 60, 25);
  for (const Decision& decision : losses) {
    EXPECT_EQ(decision.kind, DecisionKind::kDelayed);
    EXPECT_EQ((decision.delay + 1s) % 1s, 0s);
  }
  EXPECT_EQ(outcome.octets.size(), kBlockOctets * 200);
}

TEST(ChannelTest, RemovingOneImpairmentChangesNoOthersDecisions) {
  const Outcome stream = RunStream(kAll, 1, 0);
  const Outcome datagrams = RunDatagrams(kAll, 1);
  for (const auto& [removed, remove] : kRemovals) {
    Conditions conditions = kAll;
    remove(conditions);
    for (const auto& [rule, unused] : kRemovals) {
      const Outcome stream_without = RunStream(conditions, 1, 0);
      const Outcome datagrams_without = RunDatagrams(conditions, 1);
      if (rule == removed) {
        EXPECT_TRUE(Of(stream_without, rule).empty() && Of(datagrams_without, rule).empty()) << rule;
        continue;
      }
      EXPECT_EQ(Of(stream_without, rule), Of(stream, rule)) << rule << " without " << removed;
      EXPECT_EQ(Of(datagrams_without, rule), Of(datagrams, rule)) << rule << " without " << removed;
    }
  }
}

TEST(ChannelTest, DecisionsLeftToChanceChangeWithTheSeedTheLinkAndTheDirection) {
  for (const std::string_view rule : kChanceRules) {
    const auto first = Of(RunDatagrams(kAll, 1), rule);
    EXPECT_EQ(Of(RunDatagrams(kAll, 1), rule), first);
    EXPECT_NE(Of(RunDatagrams(kAll, 2), rule), first) << rule;
    EXPECT_NE(Of(RunStream(kAll, 2, 0), rule), Of(RunStream(kAll, 1, 0), rule)) << rule;
  }
  const auto delays = [](std::string link, LinkDirection direction) {
    Channel channel({std::move(link), direction, LinkCarrier::kDatagram, 1});
    channel.SetConditions({.jitter = 1s});
    std::vector<Duration> found;
    for (int i = 0; i < 10; ++i) found.push_back(channel.Offer(AsBytes("a"), {}).at(0).delay);
    return found;
  };
  EXPECT_NE(delays("DEU/alpha", LinkDirection::kToGateway), delays("DEU/bravo", LinkDirection::kToGateway));
  EXPECT_NE(delays("DEU/alpha", LinkDirection::kToGateway), delays("DEU/alpha", LinkDirection::kToNode));
}

TEST(ChannelTest, RateLetsOctetsOutNoFaster) {
  const Outcome outcome = RunStream({.rate_bps = 8'000}, 1, 2, 10'000);
  EXPECT_EQ(outcome.last, Instant{} + 5s + 10s);
  Channel channel = Make(LinkCarrier::kDatagram, {.rate_bps = 8'000});
  channel.Offer(Pattern(1000), Instant{});
  const auto second = channel.Offer(Pattern(500), Instant{} + 200ms);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(second[0].delay, 800ms);
  EXPECT_TRUE(channel.Take(Instant{} + 1s));
  EXPECT_EQ(channel.NextDue(), Instant{} + 1500ms);
}

TEST(ChannelTest, DatagramThatWouldWaitTooLongForASlowLinkIsLost) {
  Channel channel = Make(LinkCarrier::kDatagram, {.rate_bps = 8'000});
  channel.Offer(Pattern(11'000), Instant{});
  const auto decisions = channel.Offer(Pattern(10), Instant{});
  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(decisions[0].rule, "rate");
  EXPECT_EQ(decisions[0].kind, DecisionKind::kLost);
}

TEST(ChannelTest, DatagramsMayOvertakeUnderJitter) {
  Channel channel = Make(LinkCarrier::kDatagram, {.jitter = 100ms});
  for (std::uint8_t i = 0; i < 50; ++i) channel.Offer(Bytes{i}, Instant{} + i * 1ms);
  Outcome outcome;
  Drain(channel, outcome);
  EXPECT_EQ(outcome.octets.size(), 50U);
  EXPECT_FALSE(std::ranges::is_sorted(outcome.octets));
}

TEST(ChannelTest, OutageLosesDatagramsButNotThoseUnderWay) {
  Channel channel = Make(LinkCarrier::kDatagram, {.latency = 1s});
  channel.Offer(AsBytes("a"), Instant{});
  channel.SetCut(true, Instant{} + 100ms);
  const auto decisions = channel.Offer(AsBytes("b"), Instant{} + 200ms);
  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(decisions[0].rule, "outage");
  EXPECT_EQ(decisions[0].kind, DecisionKind::kLost);
  channel.SetCut(false, Instant{} + 5s);
  EXPECT_EQ(AsText(*channel.Take(Instant{} + 5s)), "a");
  EXPECT_TRUE(channel.empty());
}

TEST(ChannelTest, OutageHoldsAStreamAndThenDecidesAsEver) {
  const auto run = [](bool outage) {
    Channel channel = Make(LinkCarrier::kStream, kAll);
    Outcome outcome;
    Append(outcome.decisions, channel.Offer(Pattern(2000), Instant{}));
    if (outage) channel.SetCut(true, Instant{});
    Append(outcome.decisions, channel.Offer(Pattern(5000), Instant{}));
    if (outage) {
      EXPECT_EQ(channel.octets_under_way(), 7000U);
      channel.SetCut(false, Instant{} + 10s);
      Append(outcome.decisions, channel.TakeDecisions());
    }
    Drain(channel, outcome);
    EXPECT_EQ(outcome.octets.size(), 7000U);
    return outcome;
  };
  const Outcome cut = run(true);
  const Outcome whole = run(false);
  EXPECT_EQ(Of(cut, "outage").size(), 3U);
  EXPECT_EQ(Of(cut, "outage").front().kind, DecisionKind::kHeld);
  EXPECT_EQ(Of(cut, "latency"), Of(whole, "latency"));
  EXPECT_EQ(Of(cut, "loss"), Of(whole, "loss"));
  EXPECT_GE(cut.last, Instant{} + 10s);
}

TEST(ChannelTest, FullStreamSaysSoAndFullDatagramChannelLosesTheNew) {
  Channel stream({"DEU/alpha", LinkDirection::kToNode, LinkCarrier::kStream, 1, 1000});
  stream.SetConditions({.latency = 1s});
  stream.Offer(Pattern(1000), Instant{});
  EXPECT_TRUE(stream.full());
  EXPECT_TRUE(stream.Take(Instant{} + 1s));
  EXPECT_FALSE(stream.full());

  Channel datagrams({"DEU/alpha", LinkDirection::kToNode, LinkCarrier::kDatagram, 1, 1000});
  datagrams.SetConditions({.latency = 1s});
  datagrams.Offer(Pattern(900), Instant{});
  const auto decisions = datagrams.Offer(Pattern(200), Instant{});
  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(decisions[0].rule, "queue");
  EXPECT_EQ(datagrams.octets_under_way(), 900U);
}

TEST(ChannelTest, ANewStreamBeginsWithANewUnit) {
  Channel channel = Make(LinkCarrier::kStream, {.latency = 1ms});
  channel.Offer(Pattern(100), Instant{});
  channel.Reset();
  EXPECT_TRUE(channel.empty());
  EXPECT_EQ(channel.Offer(Pattern(1), Instant{}).at(0).unit, 1U);
}

TEST(ChannelTest, EmptyDatagramIsADatagram) {
  Channel channel = Make(LinkCarrier::kDatagram, {});
  channel.Offer({}, Instant{});
  EXPECT_TRUE(channel.Take(Instant{}));
}

}  // namespace
}  // namespace entente::harness
