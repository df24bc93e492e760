// SPDX-License-Identifier: Apache-2.0
#include "adapters/cot/session.h"

#include <gmock/gmock.h>

#include "adapters/cot/event_tak_v1.h"
#include "adapters/cot/test_support.h"
#include "base/limits.h"

namespace entente::cot {
namespace {

using adapter::Carrier;
using adapter::SessionRole;
using adapter::SessionState;
using testing::ElementsAre;

adapter::SessionConfig Config(SessionRole role, std::string_view form, Carrier carrier = Carrier::kStream) {
  return {.role = role, .carrier = carrier, .form = std::string(form), .options = DefaultOptions(), .node = "DEU/test"};
}

// Two sessions with an ideal link between them, on a virtual clock.
struct Pair {
  explicit Pair(std::string_view gateway_form, std::string_view node_form, Carrier carrier = Carrier::kStream)
      : gateway(Config(SessionRole::kGateway, gateway_form, carrier)), node(Config(SessionRole::kNode, node_form, carrier)) {
    gateway.Start(clock.Read(), at_gateway);
    node.Start(clock.Read(), at_node);
  }
  void Deliver(bool octet_by_octet = false) {
    for (bool moved = true; moved;) {
      const bool to_node = Move(gateway, node, at_node, octet_by_octet);
      moved = Move(node, gateway, at_gateway, octet_by_octet) || to_node;
    }
  }
  bool Move(CotSession& from, CotSession& to, KeepingSink& sink, bool octet_by_octet) {
    bool moved = false;
    while (auto output = from.NextOutput()) {
      moved = true;
      const ByteView octets = *output->octets;
      for (std::size_t at = 0; octet_by_octet && at < octets.size(); ++at) to.Receive(octets.subspan(at, 1), clock.Read(), sink);
      if (!octet_by_octet) to.Receive(octets, clock.Read(), sink);
    }
    return moved;
  }
  adapter::SendResult Say(CotSession& from, const v1::Envelope& message) {
    return from.Send(message, *Encode(message, from.form()), clock.Read());
  }
  void Wait(Duration time) {
    clock.Advance(time);
    gateway.OnDeadline(clock.Read(), at_gateway);
    node.OnDeadline(clock.Read(), at_node);
  }

  VirtualClock clock{TestNow().utc};
  CotSession gateway, node;
  KeepingSink at_gateway, at_node;
};

// What a session makes of octets.
KeepingSink Receive(std::string_view octets, bool end = true) {
  CotSession session(Config(SessionRole::kGateway, kFormXml));
  KeepingSink sink;
  session.Start(TestNow(), sink);
  session.Receive(AsBytes(octets), TestNow(), sink);
  if (end) session.End(TestNow(), sink);
  return sink;
}

const std::string kEvent = EventText("a-f-G-U-C", "<contact callsign=\"RHINO\"/>");
TEST(SessionTest, SplitsEventsThatFollowEachOtherInEveryManner) {
  const std::string declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
  for (const std::string& stream :
       {kEvent + kEvent, declaration + kEvent + declaration + kEvent, kEvent + "\n" + kEvent + "\n",
        "  \r\n" + kEvent + "\t \n" + kEvent, "<!-- hello -->" + kEvent + declaration + kEvent, "\xEF\xBB\xBF" + kEvent + kEvent}) {
    const KeepingSink sink = Receive(stream);
    ASSERT_EQ(sink.units.size(), 2U) << stream;
    EXPECT_EQ(AsText(sink.units[0]), kEvent) << "nothing but the event is the unit";
    EXPECT_EQ(AsText(sink.units[1]), kEvent);
    EXPECT_TRUE(sink.refused.empty());
  }
}

TEST(SessionTest, AnEndTagInCDataACommentOrAnEmptyEventDoesNotMisleadTheSplitting) {
  const std::string cdata = EventText("a-h-G", "<remarks><![CDATA[</event><event>]]> <!-- </event> --> > </remarks>");
  const std::string empty =
      "<event version=\"2.0\" uid=\"a>b\" type=\"t-x-c-t\" time=\"2026-01-01T00:00:00Z\" "
      "start=\"2026-01-01T00:00:00Z\" stale=\"2026-01-01T00:00:10Z\" how=\"m-g\"/>";
  const KeepingSink sink = Receive(cdata + empty + cdata);
  ASSERT_EQ(sink.units.size(), 3U);
  EXPECT_EQ(AsText(sink.units[0]), cdata);
  EXPECT_EQ(AsText(sink.units[1]), empty);
  EXPECT_EQ(sink.messages.at(0).envelope.track().remarks(), "</event><event>  > ");
}

TEST(SessionTest, EverySlicingOfAStreamGivesTheSameUnitsAndRefusals) {
  const std::string stream = "<?xml version='1.0'?>\n" + kEvent + "junk" +
                             EventText("a-h-G", "<remarks><![CDATA[</event>]]><!-- </event> --></remarks>") + "\n" +
                             EventText("a-h-G", "<a></b>") + kEvent.substr(0, 100) + kEvent;
  const KeepingSink whole = Receive(stream);
  ASSERT_EQ(whole.units.size(), 3U);
  ASSERT_EQ(whole.refused.size(), 3U);
  for (std::size_t step = 1; step < stream.size(); ++step) {
    CotSession session(Config(SessionRole::kGateway, kFormXml));
    KeepingSink sink;
    session.Start(TestNow(), sink);
    for (std::size_t at = 0; at < stream.size(); at += step) {
      session.Receive(AsBytes(std::string_view(stream).substr(at, step)), TestNow(), sink);
    }
    session.End(TestNow(), sink);
    ASSERT_EQ(sink.units, whole.units) << "in steps of " << step;
    ASSERT_EQ(sink.refused_octets, whole.refused_octets) << "in steps of " << step;
    ASSERT_EQ(sink.refused, whole.refused) << "in steps of " << step;
    ASSERT_EQ(sink.numbers, (std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6}));
  }
}

TEST(SessionTest, AMalformedEventIsRefusedAndTheNextOneIsRead) {
  const KeepingSink sink = Receive(kEvent + EventText("a-f-G", "<a></b>") + kEvent);
  EXPECT_EQ(sink.messages.size(), 2U);
  ASSERT_EQ(sink.refused.size(), 1U);
  EXPECT_EQ(sink.refused[0].code, adapter::DecodeCode::kSyntax);
  EXPECT_EQ(sink.refused[0].clause, "XML 1.0 §3");
  EXPECT_EQ(AsText(sink.refused_octets[0]).substr(sink.refused[0].offset, 4), "</b>");
}

TEST(SessionTest, AHalfEventCutAnywhereCostsNoOtherEvent) {
  for (std::size_t cut = 7; cut < kEvent.size(); ++cut) {
    const KeepingSink sink = Receive(kEvent.substr(0, cut) + kEvent + kEvent);
    EXPECT_EQ(sink.messages.size(), 2U) << "cut after " << cut;
    EXPECT_EQ(sink.refused.size(), 1U) << "cut after " << cut;
  }
}

TEST(SessionTest, AStreamThatEndsInsideAnEventIsRefusedAsTruncated) {
  const KeepingSink sink = Receive(kEvent.substr(0, 60));
  ASSERT_EQ(sink.refused.size(), 1U);
  EXPECT_EQ(sink.refused[0].code, adapter::DecodeCode::kTruncated);
  EXPECT_EQ(sink.states.back(), SessionState::kClosed);
}

TEST(SessionTest, AnEventBeyondTheLimitIsRefusedOnceAndTheNextOneIsRead) {
  const std::string huge = EventText("a-f-G", "<remarks>" + std::string(2 * limits::kUnitOctets, 'x') + "</remarks>");
  CotSession session(Config(SessionRole::kGateway, kFormXml));
  KeepingSink sink;
  session.Start(TestNow(), sink);
  const std::string stream = huge + kEvent;
  constexpr std::size_t kRead = 65536;
  for (std::size_t at = 0; at < stream.size(); at += kRead) {
    session.Receive(AsBytes(std::string_view(stream).substr(at, kRead)), TestNow(), sink);
  }
  ASSERT_EQ(sink.refused.size(), 1U);
  EXPECT_EQ(sink.refused[0].code, adapter::DecodeCode::kLimit);
  EXPECT_EQ(sink.messages.size(), 1U);
}

TEST(SessionTest, ADocumentTypeIsRefusedTogetherWithItsEvent) {
  const KeepingSink sink = Receive("<!DOCTYPE event [<!ENTITY x \"</event>\">]>" + kEvent + kEvent);
  ASSERT_EQ(sink.refused.size(), 1U);
  EXPECT_EQ(sink.refused[0].code, adapter::DecodeCode::kForbidden);
  EXPECT_EQ(sink.messages.size(), 1U);
}

TEST(SessionTest, ReceivedOctetsAreTheSentOnesInEveryForm) {
  for (const auto& [form, carrier] : {std::pair{kFormXml, Carrier::kStream}, std::pair{kFormTakV1, Carrier::kStream},
                                      std::pair{kFormXmlMesh, Carrier::kDatagram}, std::pair{kFormTakV1Mesh, Carrier::kDatagram}}) {
    Pair pair(form, form, carrier);
    pair.Deliver();
    const v1::Envelope message = DecodeMessage(AsBytes(kEvent));
    for (CotSession* from : {&pair.gateway, &pair.node}) {
      const adapter::SendResult sent = pair.Say(*from, message);
      ASSERT_EQ(sent.outcome, v1::SEND_OUTCOME_SENT);
      pair.Deliver();
      const KeepingSink& at = from == &pair.gateway ? pair.at_node : pair.at_gateway;
      EXPECT_EQ(at.units.back(), *sent.units.at(0).octets) << form;
    }
  }
}

TEST(SessionTest, ClientAndServerAgreeOnTakV1OctetByOctet) {
  Pair pair(kFormTakV1, kFormTakV1);
  EXPECT_EQ(pair.node.form(), kFormXml);
  pair.Deliver(true);
  EXPECT_EQ(pair.node.form(), kFormTakV1);
  EXPECT_EQ(pair.gateway.form(), kFormTakV1);
  EXPECT_THAT(pair.at_node.states, ElementsAre(SessionState::kConnected, SessionState::kNegotiated));
  EXPECT_THAT(pair.at_node.native_types, ElementsAre("t-x-takp-v", "t-x-takp-r"));
  EXPECT_THAT(pair.at_gateway.native_types, ElementsAre("t-x-takp-q"));
  pair.Say(pair.node, DecodeMessage(AsBytes(kEvent)));
  pair.Deliver(true);
  ASSERT_EQ(pair.at_gateway.messages.size(), 1U);
  EXPECT_EQ(pair.at_gateway.units.back()[0], kTakMagic);
  EXPECT_EQ(pair.at_gateway.states.back(), SessionState::kActive);
}

TEST(SessionTest, WithoutTheOtherSidesWishBothStayWithXml) {
  for (const auto& [gateway_form, node_form] : {std::pair{kFormXml, kFormTakV1}, std::pair{kFormTakV1, kFormXml}}) {
    Pair pair(gateway_form, node_form);
    pair.Deliver();
    EXPECT_EQ(pair.node.form(), kFormXml);
    EXPECT_EQ(pair.gateway.form(), kFormXml);
    pair.Say(pair.gateway, DecodeMessage(AsBytes(kEvent)));
    pair.Deliver();
    EXPECT_EQ(pair.at_node.messages.size(), 1U);
  }
}

TEST(SessionTest, AClientHoldsItsMessagesUntilTheServerAgrees) {
  Pair pair(kFormTakV1, kFormTakV1);
  pair.Move(pair.gateway, pair.node, pair.at_node, false);  // the offer
  pair.Say(pair.node, DecodeMessage(AsBytes(kEvent)));
  const auto request = pair.node.NextOutput();
  ASSERT_TRUE(request.has_value());
  EXPECT_FALSE(pair.node.NextOutput().has_value()) << "nothing but the request";
  pair.gateway.Receive(*request->octets, pair.clock.Read(), pair.at_gateway);
  pair.Deliver();
  ASSERT_EQ(pair.at_gateway.messages.size(), 1U);
}

TEST(SessionTest, AServerThatNeverAnswersIsSpokenToInXmlAfterAMinute) {
  CotSession node(Config(SessionRole::kNode, kFormTakV1));
  KeepingSink sink;
  VirtualClock clock(TestNow().utc);
  node.Start(clock.Read(), sink);
  const Bytes offer = WriteControl({.kind = ControlKind::kOffer, .uid = "x", .version_1 = true}, clock.Read().utc, kFormXml);
  node.Receive(offer, clock.Read(), sink);
  const v1::Envelope message = DecodeMessage(AsBytes(kEvent));
  node.Send(message, *Encode(message, node.form()), clock.Read());
  node.NextOutput();
  EXPECT_EQ(node.NextDeadline(), clock.Read().instant + kResponseWithin);
  clock.Advance(kResponseWithin);
  node.OnDeadline(clock.Read(), sink);
  EXPECT_EQ(node.form(), kFormXml);
  const auto held = node.NextOutput();
  ASSERT_TRUE(held.has_value());
  EXPECT_EQ(DecodeMessage(*held->octets).track().callsign(), "RHINO") << "what was held is said in XML";
  EXPECT_TRUE(node.closed_because().empty());
}

TEST(SessionTest, XmlAfterTakV1WasAgreedEndsTheSessionWithThatReason) {
  Pair pair(kFormTakV1, kFormTakV1);
  pair.Deliver();
  pair.gateway.Receive(AsBytes(kEvent), pair.clock.Read(), pair.at_gateway);
  ASSERT_EQ(pair.at_gateway.refused.size(), 1U);
  EXPECT_EQ(pair.at_gateway.refused[0].code, adapter::DecodeCode::kFraming);
  EXPECT_THAT(std::string(pair.gateway.closed_because()), testing::HasSubstr("XML, though TAK protocol v1 was agreed"));
}

TEST(SessionTest, ATakV1UnitBeyondTheLimitIsSkipped) {
  Pair pair(kFormTakV1, kFormTakV1);
  pair.Deliver();
  Bytes stream = {kTakMagic, 0x80, 0x80, 0x40};  // 1 MiB
  stream.resize(stream.size() + 1024 * 1024, 0);
  const Bytes right = EncodeUnit(DecodeMessage(AsBytes(kEvent)), kFormTakV1);
  stream.insert(stream.end(), right.begin(), right.end());
  constexpr std::size_t kRead = 30'000;
  for (std::size_t at = 0; at < stream.size(); at += kRead) {
    pair.gateway.Receive(ByteView(stream).subspan(at, std::min(kRead, stream.size() - at)), pair.clock.Read(), pair.at_gateway);
  }
  ASSERT_EQ(pair.at_gateway.refused.size(), 1U);
  EXPECT_EQ(pair.at_gateway.refused[0].code, adapter::DecodeCode::kLimit);
  EXPECT_EQ(pair.at_gateway.messages.size(), 1U);
}

TEST(SessionTest, ASilentServerIsPingedAndAnswers) {
  for (const std::string_view form : {kFormXml, kFormTakV1}) {
    Pair pair(form, form);
    pair.Deliver();
    const std::size_t before = pair.at_gateway.units.size();
    EXPECT_EQ(pair.node.NextDeadline(), pair.clock.Read().instant + kPingAfterSilence);
    pair.Wait(kPingAfterSilence);
    pair.Deliver();
    ASSERT_EQ(pair.at_gateway.units.size(), before + 1) << form;
    EXPECT_EQ(pair.at_gateway.native_types.back(), "t-x-c-t");
    EXPECT_EQ(pair.at_gateway.roles.back(), v1::UNIT_ROLE_CONTROL);
    EXPECT_EQ(pair.at_node.native_types.back(), "t-x-c-t-r");
    EXPECT_TRUE(pair.at_gateway.messages.empty()) << "a ping is no message";
  }
}

TEST(SessionTest, AServerThatDoesNotAnswerIsSilentAndThenDead) {
  Pair pair(kFormXml, kFormXml);
  pair.Deliver();
  pair.Wait(kPingAfterSilence);
  EXPECT_EQ(pair.at_node.states.back(), SessionState::kConnected);
  pair.Wait(kPingAfterSilence);
  EXPECT_EQ(pair.at_node.states.back(), SessionState::kSilent);
  pair.Wait(kDeadAfterSilence - 2 * kPingAfterSilence);
  EXPECT_EQ(pair.at_node.states.back(), SessionState::kClosed);
  EXPECT_EQ(pair.node.closed_because(), "nothing received for 25 s");
  EXPECT_FALSE(pair.node.NextDeadline().has_value());
}

TEST(SessionTest, AQuietClientIsSilentToTheGatewayAndActiveAgainWhenItSpeaks) {
  Pair pair(kFormXml, kFormXml);
  pair.Wait(kDeadAfterSilence);
  EXPECT_EQ(pair.at_gateway.states.back(), SessionState::kSilent);
  EXPECT_TRUE(pair.gateway.closed_because().empty());
  pair.gateway.Receive(AsBytes(kEvent), pair.clock.Read(), pair.at_gateway);
  EXPECT_EQ(pair.at_gateway.states.back(), SessionState::kActive);
}

TEST(SessionTest, AMeshReadsBothNotations) {
  CotSession session(Config(SessionRole::kNode, kFormTakV1Mesh, Carrier::kDatagram));
  KeepingSink sink;
  session.Start(TestNow(), sink);
  const v1::Envelope message = DecodeMessage(AsBytes(kEvent));
  session.Receive(AsBytes(kEvent), TestNow(), sink);
  session.Receive(EncodeUnit(message, kFormTakV1Mesh), TestNow(), sink);
  EXPECT_EQ(sink.messages.size(), 2U);
  session.Receive(EncodeUnit(message, kFormTakV1), TestNow(), sink);
  ASSERT_EQ(sink.refused.size(), 1U) << "a stream header has no place in a datagram";
  EXPECT_EQ(sink.refused[0].clause, "TAK protocol v1, header");
}

TEST(SessionTest, AFullLinkDropsWithAReason) {
  CotSession session(Config(SessionRole::kGateway, kFormXml));
  KeepingSink sink;
  session.Start(TestNow(), sink);
  v1::Envelope message = DecodeMessage(AsBytes(EventText("a-f-G", "<remarks>" + std::string(400'000, 'x') + "</remarks>")));
  const auto encoded = Encode(message);
  adapter::SendResult result;
  for (int i = 0; i < 20 && result.outcome == v1::SEND_OUTCOME_SENT; ++i) result = session.Send(message, *encoded, TestNow());
  EXPECT_EQ(result.outcome, v1::SEND_OUTCOME_DROPPED);
  EXPECT_FALSE(result.reason.empty());
}

TEST(SessionTest, APeerThatFloodsPingsAndNeverReadsCostsBoundedMemory) {
  CotSession session(Config(SessionRole::kGateway, kFormXml));
  KeepingSink sink;
  session.Start(TestNow(), sink);
  const Bytes ping = WriteControl({.kind = ControlKind::kPing, .uid = "x-ping"}, TestNow().utc, kFormXml);
  for (int i = 0; i < 20'000; ++i) session.Receive(ping, TestNow(), sink);
  std::size_t octets = 0;
  while (auto output = session.NextOutput()) octets += output->octets->size();
  EXPECT_LE(octets, limits::kLinkOutputOctets + 1024);
}

}  // namespace
}  // namespace entente::cot
