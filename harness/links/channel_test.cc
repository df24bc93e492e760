// SPDX-License-Identifier: Apache-2.0
#include "harness/links/channel.h"

#include <gtest/gtest.h>

#include "harness/links/channel_rig_test.h"

namespace entente::harness {
namespace {

using namespace testing;

ImpairmentSpec Latency(Duration delay, Duration jitter = {}) {
  return SpecOf("latency", {{"delay", delay}, {"jitter", jitter}});
}
ImpairmentSpec Rate(std::uint64_t bits_per_second) {
  return SpecOf("rate", {{"rate", bits_per_second}});
}
ImpairmentSpec Outage() {
  return SpecOf("outage");
}

const Chain& All() {
  static const Chain chain{SpecOf("loss", {{"share", 0.2}}), Latency(30ms, 20ms), Rate(50'000)};
  return chain;
}

TEST(ChannelTest, WithoutImpairmentsOctetsPassAtOnceAndUndecided) {
  Channel channel = MakeChannel(LinkCarrier::kStream, {});
  EXPECT_TRUE(channel.Offer(AsBytes("abc"), At(1s)).empty());
  EXPECT_EQ(channel.NextDue(), At(1s));
  EXPECT_EQ(AsText(*channel.Take(At(1s))), "abc");
  EXPECT_TRUE(channel.empty());
  EXPECT_FALSE(channel.NextDue());
}

TEST(ChannelTest, LatencyIsDueTimeFromArrival) {
  Channel channel = MakeChannel(LinkCarrier::kDatagram, {Latency(250ms)});
  const auto decisions = channel.Offer(AsBytes("abc"), At(1s));
  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(decisions[0], (Decision{LinkDirection::kToGateway, "latency", 0, DecisionKind::kDelayed, 250ms, 3}));
  EXPECT_FALSE(channel.Take(At(1249ms)));
  EXPECT_TRUE(channel.Take(At(1250ms)));
}

TEST(ChannelTest, AStreamKeepsItsOrderAndEveryOctet) {
  for (const std::uint64_t slicing : {0U, 2U, 3U}) EXPECT_EQ(RunStream(All(), 7, slicing).octets, Pattern(60'000));
}

TEST(ChannelTest, DecisionsLeftToChanceChangeWithTheLinkAndTheDirection) {
  const auto delays = [](std::string link, LinkDirection direction) {
    Channel channel({std::move(link), direction, LinkCarrier::kDatagram, 1});
    channel.SetChain({Latency({}, 1s)}, {});
    std::vector<Duration> found;
    for (int i = 0; i < 10; ++i) found.push_back(channel.Offer(AsBytes("a"), {}).at(0).delay);
    return found;
  };
  EXPECT_NE(delays("DEU/alpha", LinkDirection::kToGateway), delays("DEU/bravo", LinkDirection::kToGateway));
  EXPECT_NE(delays("DEU/alpha", LinkDirection::kToGateway), delays("DEU/alpha", LinkDirection::kToNode));
}

TEST(ChannelTest, JitterLetsDatagramsOvertakeEachOther) {
  Channel channel = MakeChannel(LinkCarrier::kDatagram, {Latency({}, 1s)});
  Outcome outcome;
  for (int i = 0; i < 20; ++i) channel.Offer(Pattern(static_cast<std::size_t>(i)), At(i * 1ms));
  Drain(channel, outcome);
  EXPECT_EQ(outcome.datagrams.size(), 20U);
  EXPECT_FALSE(std::ranges::is_sorted(outcome.datagrams, {}, &Bytes::size));
}

TEST(ChannelTest, OutageHoldsAStreamAndLosesDatagrams) {
  Channel stream = MakeChannel(LinkCarrier::kStream, {});
  stream.Offer(AsBytes("before"), At(0s));
  stream.SetChain({Outage()}, At(1s));
  EXPECT_TRUE(stream.Take(At(1s)));
  stream.Offer(AsBytes("during"), At(2s));
  EXPECT_FALSE(stream.NextDue());
  stream.SetChain({}, At(3s));
  EXPECT_EQ(AsText(*stream.Take(At(3s))), "during");

  Channel datagrams = MakeChannel(LinkCarrier::kDatagram, {Outage()});
  const auto decisions = datagrams.Offer(AsBytes("abc"), At(0s));
  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(decisions[0].rule, "outage");
  EXPECT_EQ(decisions[0].kind, DecisionKind::kLost);
  EXPECT_TRUE(datagrams.empty());
}

TEST(ChannelTest, AnOutageMovesNoLaterDecision) {
  const auto run = [](bool cut) {
    Channel channel = MakeChannel(LinkCarrier::kStream, All());
    Outcome outcome;
    for (int i = 0; i < 40; ++i) {
      Chain chain = All();
      if (cut && i >= 10 && i < 20) chain.push_back(Outage());
      channel.SetChain(chain, At(i * 100ms));
      Append(outcome.decisions, channel.TakeDecisions());
      Append(outcome.decisions, channel.Offer(Pattern(700), At(i * 100ms)));
    }
    Drain(channel, outcome);
    return outcome;
  };
  const Outcome cut = run(true);
  const Outcome whole = run(false);
  EXPECT_GE(cut.Of("outage").size(), 3U);
  EXPECT_EQ(cut.Of("outage").front().kind, DecisionKind::kHeld);
  EXPECT_EQ(cut.Of("latency"), whole.Of("latency"));
  EXPECT_EQ(cut.Of("loss"), whole.Of("loss"));
}

TEST(ChannelTest, FullStreamSaysSoAndFullDatagramChannelLosesTheNew) {
  Channel stream({"DEU/alpha", LinkDirection::kToNode, LinkCarrier::kStream, 1, 1000});
  stream.SetChain({Latency(1s)}, {});
  stream.Offer(Pattern(1000), {});
  EXPECT_TRUE(stream.full());
  EXPECT_TRUE(stream.Take(At(1s)));
  EXPECT_FALSE(stream.full());

  Channel datagrams({"DEU/alpha", LinkDirection::kToNode, LinkCarrier::kDatagram, 1, 1000});
  datagrams.SetChain({Latency(1s)}, {});
  datagrams.Offer(Pattern(900), {});
  const auto decisions = datagrams.Offer(Pattern(200), {});
  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(decisions[0].rule, "queue");
  EXPECT_EQ(datagrams.octets_under_way(), 900U);
}

TEST(ChannelTest, VerySmallPiecesCountForMoreThanTheirOctets) {
  Channel channel({"DEU/alpha", LinkDirection::kToNode, LinkCarrier::kStream, 1, 10'000});
  channel.SetChain({SpecOf("slow-drip", {{"octets", std::uint64_t{1}}})}, {});
  channel.Offer(Pattern(400), {});
  EXPECT_TRUE(channel.full());
}

TEST(ChannelTest, ANewStreamBeginsWithANewUnit) {
  Channel channel = MakeChannel(LinkCarrier::kStream, {Latency(1ms)});
  channel.Offer(Pattern(100), {});
  channel.Reset();
  EXPECT_TRUE(channel.empty());
  EXPECT_EQ(channel.Offer(Pattern(1), {}).at(0).unit, 1U);
}

TEST(ChannelTest, EmptyDatagramIsADatagram) {
  for (const Chain& chain : {Chain{}, Chain{Latency({})}}) {
    Channel channel = MakeChannel(LinkCarrier::kDatagram, chain);
    channel.Offer({}, {});
    EXPECT_TRUE(channel.Take({}));
  }
}

TEST(ChannelTest, WhatActedBeforeGoesOnWhenAnotherIsAdded) {
  Channel channel = MakeChannel(LinkCarrier::kDatagram, {Rate(8'000)});
  channel.Offer(Pattern(1000), At(0s));
  channel.SetChain({Rate(8'000), Latency(5ms)}, At(100ms));
  const auto decisions = channel.Offer(Pattern(100), At(200ms));
  ASSERT_EQ(decisions.size(), 2U);
  EXPECT_EQ(decisions[0].delay, 800ms) << "the rate still knows what left before";
}

}  // namespace
}  // namespace entente::harness
