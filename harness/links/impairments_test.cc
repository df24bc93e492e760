// SPDX-License-Identifier: Apache-2.0
// What each kind does to octets.

#include <gtest/gtest.h>

#include <cmath>

#include "harness/links/channel_rig_test.h"

namespace entente::harness {
namespace {

using namespace testing;

std::vector<double> DelaysOf(const Outcome& outcome) {
  std::vector<double> delays;
  for (const Decision& decision : outcome.decisions) delays.push_back(ToSeconds(decision.delay));
  std::ranges::sort(delays);
  return delays;
}

Outcome Latency(std::string_view distribution, Duration delay, Duration jitter, std::vector<Duration> delays = {}) {
  return RunDatagrams(
      {SpecOf("latency",
              {{"delay", delay}, {"jitter", jitter}, {"distribution", std::string(distribution)}, {"delays", std::move(delays)}})},
      1, 4000);
}

TEST(ImpairmentsTest, LatencyIsDistributedAsItSays) {
  const auto constant = DelaysOf(Latency("constant", 100ms, 20ms));
  EXPECT_EQ(constant.front(), constant.back());

  const auto uniform = DelaysOf(Latency("uniform", 100ms, 20ms));
  EXPECT_GE(uniform.front(), 0.1);
  EXPECT_LE(uniform.back(), 0.12);
  EXPECT_NEAR(uniform[2000], 0.11, 0.001);

  const auto normal = DelaysOf(Latency("normal", 100ms, 20ms));
  EXPECT_NEAR(normal[2000], 0.1, 0.002);
  EXPECT_NEAR(normal[3365] - normal[2000], 0.02, 0.002) << "one standard deviation above the mean is the 84.1 percentile";

  // Of shape 3 and scale s the median of what is added is s (2^(1/3) - 1).
  const auto pareto = DelaysOf(Latency("pareto", 100ms, 20ms));
  EXPECT_GE(pareto.front(), 0.1);
  EXPECT_NEAR(pareto[2000] - 0.1, 0.02 * (std::cbrt(2.0) - 1), 0.0005);
  EXPECT_GT(pareto.back(), 0.2);
}

TEST(ImpairmentsTest, LatencyIsNeverNegative) {
  for (const double delay : DelaysOf(Latency("normal", 1ms, 20ms))) EXPECT_GE(delay, 0);
}

TEST(ImpairmentsTest, ATraceGivesItsDelaysInOrderAndBeginsAgain) {
  Channel channel = MakeChannel(
      LinkCarrier::kDatagram,
      {SpecOf("latency", {{"distribution", std::string("trace")}, {"delays", std::vector<Duration>{10ms, 40ms, 20ms}}})});
  std::vector<Duration> delays;
  for (int i = 0; i < 5; ++i) delays.push_back(channel.Offer(AsBytes("a"), {}).at(0).delay);
  EXPECT_EQ(delays, (std::vector<Duration>{10ms, 40ms, 20ms, 10ms, 40ms}));
}

TEST(ImpairmentsTest, LossOnAStreamDelaysByRetransmissionTimeouts) {
  const Outcome outcome = RunStream({SpecOf("loss", {{"share", 0.3}})}, 3, 0, kBlockOctets * 200);
  EXPECT_NEAR(static_cast<double>(outcome.decisions.size()), 60, 25);
  for (const Decision& decision : outcome.decisions) {
    EXPECT_EQ(decision.kind, DecisionKind::kDelayed);
    EXPECT_EQ((decision.delay + 1s) % 1s, 0s);
  }
  EXPECT_EQ(outcome.octets.size(), kBlockOctets * 200);
}

TEST(ImpairmentsTest, LossIsWithinItsConfidenceInterval) {
  constexpr int kCount = 20'000;
  for (const double share : {0.01, 0.1, 0.5}) {
    const Outcome outcome = RunDatagrams({SpecOf("loss", {{"share", share}})}, 9, kCount);
    const double bound = 3.3 * std::sqrt(share * (1 - share) / kCount);  // 99.9 %
    EXPECT_NEAR(static_cast<double>(outcome.decisions.size()) / kCount, share, bound);
  }
}

TEST(ImpairmentsTest, BurstsAreAsLongAndAsManyAsGilbertAndElliottSay) {
  constexpr double kP = 0.02;
  constexpr double kR = 0.25;
  constexpr int kCount = 40'000;
  const Outcome outcome = RunDatagrams({SpecOf("burst-loss", {{"p", kP}, {"r", kR}})}, 5, kCount);
  const double lost = static_cast<double>(outcome.decisions.size());
  EXPECT_NEAR(lost / kCount, kP / (kP + kR), 0.01);
  double bursts = 0;
  for (std::size_t i = 0; i < outcome.decisions.size(); ++i) {
    if (i == 0 || outcome.decisions[i].unit != outcome.decisions[i - 1].unit + 1) ++bursts;
  }
  EXPECT_NEAR(lost / bursts, 1 / kR, 0.4);
}

// The state at a unit does not depend on when the fault began: it is found by walking back.
TEST(ImpairmentsTest, ABurstFoundInTheMiddleIsTheSameBurst) {
  for (const auto& [p, r] : {std::pair(0.05, 0.2), std::pair(0.9, 0.8)}) {
    const ImpairmentSpec spec = SpecOf("burst-loss", {{"p", p}, {"r", r}, {"loss-in-bad", 0.9}, {"loss-in-good", 0.1}});
    const Outcome whole = RunDatagrams({spec}, 5, 400);
    for (const int begin : {1, 57, 200, 399}) {
      Channel channel = MakeChannel(LinkCarrier::kDatagram, {}, 5);
      Outcome late;
      for (int i = 0; i < 400; ++i) {
        if (i == begin) channel.SetChain({spec}, At(i * 10ms));
        Append(late.decisions, channel.Offer(Pattern(100 + static_cast<std::size_t>(i % 50)), At(i * 10ms)));
      }
      std::vector<Decision> expected = whole.decisions;
      std::erase_if(expected, [&](const Decision& decision) { return decision.unit < static_cast<std::uint64_t>(begin); });
      EXPECT_EQ(late.decisions, expected) << "begun at unit " << begin;
    }
  }
}

TEST(ImpairmentsTest, RateLetsOctetsOutNoFaster) {
  const Chain chain{SpecOf("rate", {{"rate", std::uint64_t{8'000}}})};
  EXPECT_EQ(RunStream(chain, 1, 2, 10'000).last, At(5s + 10s));
  Channel channel = MakeChannel(LinkCarrier::kDatagram, chain);
  channel.Offer(Pattern(1000), {});
  const auto second = channel.Offer(Pattern(500), At(200ms));
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(second[0].delay, 800ms);
  EXPECT_TRUE(channel.Take(At(1s)));
  EXPECT_EQ(channel.NextDue(), At(1500ms));
}

TEST(ImpairmentsTest, ABurstPassesAtOnceAndTheBucketFillsAgain) {
  Channel channel =
      MakeChannel(LinkCarrier::kDatagram, {SpecOf("rate", {{"rate", std::uint64_t{8'000}}, {"burst", std::uint64_t{1'000}}})});
  channel.Offer(Pattern(1'000), At(1s));
  EXPECT_EQ(channel.NextDue(), At(1s));
  EXPECT_TRUE(channel.Take(At(1s)));
  channel.Offer(Pattern(500), At(1s));
  EXPECT_EQ(channel.NextDue(), At(1500ms)) << "the bucket is empty";
  EXPECT_TRUE(channel.Take(At(1500ms)));
  channel.Offer(Pattern(500), At(2s));
  EXPECT_EQ(channel.NextDue(), At(2s)) << "half a second fills half of it";
}

std::vector<std::uint64_t> LostUnits(std::string_view drop) {
  Channel channel = MakeChannel(
      LinkCarrier::kDatagram,
      {SpecOf("rate", {{"rate", std::uint64_t{8'000}}, {"queue-octets", std::uint64_t{3'000}}, {"drop", std::string(drop)}})});
  std::vector<std::uint64_t> lost;
  Outcome outcome;
  for (int i = 0; i < 8; ++i) Append(outcome.decisions, channel.Offer(Pattern(1'000), At(i * 1ms)));
  for (const Decision& decision : outcome.decisions) {
    if (decision.kind == DecisionKind::kLost) lost.push_back(decision.unit);
  }
  Drain(channel, outcome);
  EXPECT_EQ(outcome.datagrams.size(), 8 - lost.size());
  EXPECT_EQ(outcome.last, At(Duration(1s) * static_cast<std::int64_t>(8 - lost.size()))) << "no gap is left by what was dropped";
  return lost;
}

TEST(ImpairmentsTest, AFullQueueDropsItsTailOrItsHead) {
  EXPECT_EQ(LostUnits("tail"), (std::vector<std::uint64_t>{4, 5, 6, 7}));
  EXPECT_EQ(LostUnits("head"), (std::vector<std::uint64_t>{1, 2, 3, 4}));
}

TEST(ImpairmentsTest, EarlyDropBeginsBeforeTheQueueIsFull) {
  const Chain chain{SpecOf("rate", {{"rate", std::uint64_t{40'000}}, {"queue", Duration(2s)}, {"drop", std::string("early")}})};
  const Outcome outcome = RunDatagrams(chain, 1, 400);
  std::vector<Decision> lost = outcome.decisions;
  std::erase_if(lost, [](const Decision& decision) { return decision.kind != DecisionKind::kLost; });
  ASSERT_FALSE(lost.empty());
  EXPECT_LT(outcome.last - At(4s), 2s) << "the queue never filled";
}

TEST(ImpairmentsTest, ADatagramThatWouldWaitTooLongForASlowLinkIsLost) {
  Channel channel = MakeChannel(LinkCarrier::kDatagram, {SpecOf("rate", {{"rate", std::uint64_t{8'000}}})});
  channel.Offer(Pattern(11'000), {});
  const auto decisions = channel.Offer(Pattern(10), {});
  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(decisions[0].rule, "rate");
  EXPECT_EQ(decisions[0].kind, DecisionKind::kLost);
}

TEST(ImpairmentsTest, ADuplicateComesAgainAndLater) {
  Channel channel = MakeChannel(LinkCarrier::kDatagram,
                                {SpecOf("duplicate", {{"share", 1.0}, {"copies", std::uint64_t{2}}, {"after", Duration(10ms)}})});
  EXPECT_EQ(channel.Offer(AsBytes("abc"), At(1s)).at(0).kind, DecisionKind::kDuplicated);
  for (const Duration due : {1000ms, 1010ms, 1020ms}) {
    EXPECT_EQ(channel.NextDue(), At(due));
    EXPECT_EQ(AsText(*channel.Take(At(due))), "abc");
  }
  EXPECT_TRUE(channel.empty());
}

TEST(ImpairmentsTest, AReorderedDatagramIsOvertakenAndAStreamWaits) {
  const Chain chain{SpecOf("reorder", {{"share", 0.2}, {"by", Duration(35ms)}})};
  const Outcome datagrams = RunDatagrams(chain, 1, 100);
  std::vector<std::size_t> sizes;
  for (const Bytes& datagram : datagrams.datagrams) sizes.push_back(datagram.size());
  EXPECT_FALSE(std::ranges::is_sorted(sizes.begin(), sizes.begin() + 50));
  EXPECT_EQ(datagrams.decisions.at(0).kind, DecisionKind::kReordered);
  EXPECT_EQ(RunStream(chain, 1, 3).octets, Pattern(60'000));
}

TEST(ImpairmentsTest, CorruptTurnsOverSoManyBits) {
  Channel channel = MakeChannel(LinkCarrier::kDatagram, {SpecOf("corrupt", {{"share", 1.0}, {"count", std::uint64_t{3}}})});
  int turned = 0;
  for (int i = 0; i < 50; ++i) {
    channel.Offer(Pattern(200), {});
    const Bytes came = *channel.Take({});
    const Bytes sent = Pattern(200);
    for (std::size_t at = 0; at < sent.size(); ++at) turned += __builtin_popcount(static_cast<unsigned>(sent[at] ^ came[at]));
  }
  EXPECT_NEAR(turned, 150, 6) << "a bit turned over twice is as before";
}

TEST(ImpairmentsTest, CorruptReplacesOctetsOfAStreamWhereverItIsCut) {
  const Chain chain{SpecOf("corrupt", {{"share", 0.5}, {"what", std::string("octets")}})};
  const Outcome whole = RunStream(chain, 1, 0);
  EXPECT_EQ(whole.octets.size(), 60'000U);
  EXPECT_NE(whole.octets, Pattern(60'000));
  EXPECT_EQ(RunStream(chain, 1, 1).octets, whole.octets);
}

TEST(ImpairmentsTest, TruncateKeepsTheBeginningOfADatagram) {
  Channel channel = MakeChannel(LinkCarrier::kDatagram, {SpecOf("truncate", {{"share", 1.0}, {"keep", 0.25}})});
  channel.Offer(Pattern(100), {});
  EXPECT_EQ(channel.Take({}), ToBytes(ByteView(Pattern(100)).first(25)));
}

TEST(ImpairmentsTest, TruncateClosesAStreamWithinAUnitAndANewConnectionWorks) {
  Channel channel = MakeChannel(LinkCarrier::kStream, {SpecOf("truncate", {{"share", 1.0}, {"keep", 0.5}})});
  channel.Offer(Pattern(3000), {});
  EXPECT_FALSE(channel.TakeConnectionEnd()) << "what came before still arrives";
  EXPECT_EQ(channel.Take({}), ToBytes(ByteView(Pattern(3000)).first(kBlockOctets / 2)));
  EXPECT_EQ(channel.TakeConnectionEnd(), ConnectionEnd::kClose);
  channel.Offer(Pattern(10), {});
  EXPECT_FALSE(channel.Take({})) << "the connection is over";
  channel.Reset();
  channel.Offer(Pattern(10), {});
  EXPECT_EQ(channel.Take({})->size(), 10U);
}

TEST(ImpairmentsTest, SliceGivesPiecesByThemselves) {
  const Outcome outcome =
      RunStream({SpecOf("slice", {{"octets", std::uint64_t{100}}, {"gap", Duration(0)}})}, 1, 0, kBlockOctets * 2);
  EXPECT_EQ(outcome.datagrams.size(), 30U);
  EXPECT_EQ(outcome.datagrams[14].size(), 60U) << "the rest of the block";
  EXPECT_EQ(outcome.octets, Pattern(kBlockOctets * 2));
}

TEST(ImpairmentsTest, SlowDripGivesDropsAtFixedIntervals) {
  const Outcome outcome = RunStream({SpecOf("slow-drip", {{"octets", std::uint64_t{10}}, {"every", Duration(1s)}})}, 1, 3, 100);
  EXPECT_EQ(outcome.octets, Pattern(100));
  EXPECT_EQ(outcome.last, At(5s + 9s));
}

TEST(ImpairmentsTest, WhatANarrowLinkHeldBackLeavesWhenItIsWideAgain) {
  for (const ImpairmentSpec& narrow : {SpecOf("slow-drip"), SpecOf("rate", {{"rate", std::uint64_t{100}}})}) {
    Channel channel = MakeChannel(LinkCarrier::kStream, {});
    channel.SetChain({narrow}, At(0s));
    channel.Offer(Pattern(5'000), At(0s));
    channel.SetChain({}, At(1s));
    channel.Offer(AsBytes("abc"), At(1s));
    Outcome outcome;
    Drain(channel, outcome, At(1s));
    EXPECT_EQ(outcome.octets.size(), 5'003U) << narrow.rule;
    EXPECT_EQ(ToBytes(ByteView(outcome.octets).first(5'000)), Pattern(5'000)) << narrow.rule;
  }
}

TEST(ImpairmentsTest, SlowOpenAndSlowCloseSayHowMuchLater) {
  Channel channel = MakeChannel(LinkCarrier::kStream,
                                {SpecOf("slow-open", {{"delay", Duration(2s)}}), SpecOf("slow-close", {{"delay", Duration(3s)}})});
  EXPECT_EQ(channel.OpenConnection(), 2s);
  EXPECT_EQ(channel.TakeDecisions().at(0).delay, 2s);
  EXPECT_EQ(channel.CloseDelay(), 3s);
  channel.NoteClose();
  EXPECT_EQ(channel.TakeDecisions().at(0).rule, "slow-close");
}

TEST(ImpairmentsTest, ResetEndsEachConnectionAfterSoManyOctets) {
  Channel channel = MakeChannel(LinkCarrier::kStream, {SpecOf("reset", {{"octets", std::uint64_t{2'000}}})});
  for (int connection = 0; connection < 2; ++connection) {
    channel.Offer(Pattern(1'500), {});
    EXPECT_FALSE(channel.TakeConnectionEnd());
    const auto decisions = channel.Offer(Pattern(1'000), {});
    ASSERT_EQ(decisions.size(), 1U);
    EXPECT_EQ(decisions[0].kind, DecisionKind::kReset);
    EXPECT_EQ(channel.TakeConnectionEnd(), ConnectionEnd::kReset);
    EXPECT_EQ(channel.octets_under_way(), 2'000U);
    channel.Reset();
  }
}

TEST(ImpairmentsTest, ResetComesOnceAtItsTime) {
  Channel channel = MakeChannel(LinkCarrier::kStream, {});
  channel.SetChain({SpecOf("reset", {{"after", Duration(2s)}})}, At(1s));
  EXPECT_EQ(channel.NextChange(), At(3s));
  channel.Update(At(2s));
  EXPECT_FALSE(channel.TakeConnectionEnd());
  channel.Update(At(3s));
  EXPECT_EQ(channel.TakeConnectionEnd(), ConnectionEnd::kReset);
  channel.Update(At(9s));
  EXPECT_FALSE(channel.TakeConnectionEnd());
  EXPECT_FALSE(channel.NextChange());
  EXPECT_EQ(channel.TakeDecisions().size(), 1U);
  channel.SetChain({SpecOf("reset")}, At(10s));
  EXPECT_EQ(channel.TakeConnectionEnd(), ConnectionEnd::kReset) << "at once, when neither octets nor a time is given";
}

TEST(ImpairmentsTest, HalfOpenSwallowsUntilItsEndAndThenTheConnectionIsReset) {
  Channel channel = MakeChannel(LinkCarrier::kStream, {});
  channel.SetChain({SpecOf("half-open")}, At(1s));
  EXPECT_EQ(channel.Offer(Pattern(10), At(2s)).at(0).kind, DecisionKind::kLost);
  EXPECT_TRUE(channel.empty());
  EXPECT_EQ(channel.CloseDelay(), Duration::max()) << "nor is a close told";
  channel.SetChain({}, At(3s));
  EXPECT_EQ(channel.TakeConnectionEnd(), ConnectionEnd::kReset);
}

TEST(ImpairmentsTest, HalfOpenLetsANewConnectionWork) {
  Channel channel = MakeChannel(LinkCarrier::kStream, {});
  channel.SetChain({SpecOf("half-open")}, At(1s));
  channel.Offer(Pattern(10), At(2s));
  channel.Reset();
  channel.Offer(AsBytes("abc"), At(2s));
  EXPECT_EQ(AsText(*channel.Take(At(2s))), "abc");
  channel.SetChain({}, At(3s));
  EXPECT_FALSE(channel.TakeConnectionEnd());
}

TEST(ImpairmentsTest, FlapHoldsAStreamWhileItIsDown) {
  Channel channel = MakeChannel(LinkCarrier::kStream, {});
  channel.SetChain({SpecOf("flap", {{"period", Duration(10s)}, {"down", 0.3}})}, At(1s));
  EXPECT_EQ(channel.gate(), Gate::kShut);
  channel.Offer(AsBytes("abc"), At(2s));
  EXPECT_FALSE(channel.NextDue());
  EXPECT_EQ(channel.NextChange(), At(4s));
  channel.Update(At(4s));
  EXPECT_EQ(AsText(*channel.Take(At(4s))), "abc");
  EXPECT_EQ(channel.NextChange(), At(11s));
  channel.Update(At(11s));
  EXPECT_EQ(channel.gate(), Gate::kShut);
}

TEST(ImpairmentsTest, ClockSkewIsAnOffsetThatGrows) {
  Channel channel = MakeChannel(LinkCarrier::kDatagram, {});
  channel.SetChain({SpecOf("clock-skew", {{"offset", Duration(-2s)}, {"drift", 100.0}})}, At(10s));
  EXPECT_EQ(channel.ClockError(At(10s)), -2s);
  EXPECT_EQ(channel.ClockError(At(20s)), -2s + 1ms);
  channel.Offer(AsBytes("abc"), At(10s));
  EXPECT_EQ(AsText(*channel.Take(At(10s))), "abc");
}

}  // namespace
}  // namespace entente::harness
