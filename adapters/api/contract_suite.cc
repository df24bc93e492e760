// SPDX-License-Identifier: Apache-2.0
// The contract suite's tests of octets: framing, truncation, noise, limits, recovery, deadlines.
#include "adapters/api/contract_suite.h"

#include <malloc.h>

#include <algorithm>
#include <set>

#include "adapters/api/damage.h"

namespace entente::adapter {
namespace {

constexpr std::uint64_t kSeed = 20260314;

Bytes Joined(std::span<const Bytes> units) {
  Bytes joined;
  for (const Bytes& unit : units) joined.insert(joined.end(), unit.begin(), unit.end());
  return joined;
}

// The shortest of the units, which cost least to try at every octet: at most `count`, of differing lengths.
std::vector<Bytes> Shortest(std::vector<Bytes> units, std::size_t count) {
  std::ranges::sort(units, [](const Bytes& a, const Bytes& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; });
  const auto same = std::ranges::unique(units, {}, &Bytes::size);
  units.erase(same.begin(), same.end());
  if (units.size() > count) units.resize(count);
  return units;
}

std::size_t HeapInUse() {
  return mallinfo2().uordblks;
}

// Numbers of received and refused units together count 1, 2, 3 ...
void ExpectConsecutiveNumbers(const RecordingSink& sink) {
  std::multiset<std::uint64_t> numbers;
  for (const auto& unit : sink.units) numbers.insert(unit.number);
  for (const auto& unit : sink.refused) numbers.insert(unit.number);
  if (numbers.empty()) return;
  std::uint64_t expected = *numbers.begin();
  for (const std::uint64_t number : numbers) EXPECT_EQ(number, expected++);
}

// Octets of a track that is sent again and again until the gateway hands on a message; false when it closed or never does.
bool Recovers(SessionPair& pair, std::size_t unit_limit) {
  std::size_t fed = 0;
  int round = 0;
  while (fed < 2 * unit_limit + 4096) {
    if (!pair.gateway().closed_because().empty()) return true;
    v1::Envelope message = PlainSample(v1::FAMILY_TRACK, ContractTime());
    message.set_object_id("FRA/recovery-" + std::to_string(++round));
    message.clear_native_id();
    const std::size_t before = pair.gateway_sink.messages.size();
    if (pair.SendFromNode(message).outcome != v1::SEND_OUTCOME_SENT) return false;
    for (const Bytes& octets : pair.TakeNodeOutput()) {
      fed += octets.size();
      pair.ReceiveAtGateway(octets);
    }
    if (pair.gateway_sink.messages.size() > before) return true;
  }
  return false;
}

}  // namespace

TEST_P(AdapterContract, ReachesTheFormThatIsWished) {
  SessionPair pair(GetParam());
  EXPECT_TRUE(pair.Negotiate()) << "node: " << pair.node().form() << ", gateway: " << pair.gateway().form();
}

TEST_P(AdapterContract, HandsOverUnitsAsTheyWereSent) {
  std::size_t tried = 0;
  for (const Sample& sample : SampleMessages(ContractTime())) {
    SCOPED_TRACE(sample.name);
    const auto pair = MakePair();
    const SendResult sent = pair->SendFromNode(sample.message);
    if (sent.outcome != v1::SEND_OUTCOME_SENT) continue;
    ++tried;
    pair->Exchange();
    std::vector<Bytes> wanted;
    wanted.reserve(sent.units.size());
    for (const SentUnit& unit : sent.units) wanted.push_back(*unit.octets);
    std::vector<Bytes> received;
    for (const auto& unit : pair->gateway_sink.units) {
      if (std::ranges::find(wanted, unit.octets) != wanted.end()) received.push_back(unit.octets);
    }
    EXPECT_EQ(received, wanted);
    EXPECT_TRUE(pair->gateway_sink.refused.empty()) << pair->gateway_sink.refused.front().error.text;
    ExpectConsecutiveNumbers(pair->gateway_sink);
  }
  EXPECT_GT(tried, 0U);
}

TEST_P(AdapterContract, EveryMessageIsCarriedByUnitsThatWereReported) {
  for (const Sample& sample : SampleMessages(ContractTime())) {
    SCOPED_TRACE(sample.name);
    const auto pair = MakePair();
    if (pair->SendFromNode(sample.message).outcome != v1::SEND_OUTCOME_SENT) continue;
    pair->Exchange();
    EXPECT_FALSE(pair->gateway_sink.messages.empty());
    for (const auto& message : pair->gateway_sink.messages) {
      EXPECT_FALSE(message.units.empty());
      for (const Bytes& unit : message.units) {
        EXPECT_NE(std::ranges::find(pair->gateway_sink.units, unit, &RecordingSink::Unit::octets), pair->gateway_sink.units.end());
      }
    }
  }
}

TEST_P(AdapterContract, StreamCutAtEveryOctetGivesTheSameEvents) {
  if (!IsStream()) GTEST_SKIP() << "a datagram is one call";
  const Bytes stream = Joined(Shortest(SampleUnits(), 4));
  ASSERT_FALSE(stream.empty());
  const auto whole = MakePair();
  whole->ReceiveAtGateway(stream);
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    const auto pair = MakePair();
    pair->ReceiveAtGateway(ByteView(stream).first(cut));
    pair->ReceiveAtGateway(ByteView(stream).subspan(cut));
    ASSERT_EQ(pair->gateway_sink.log, whole->gateway_sink.log) << "cut at " << cut;
  }
  const auto octet_by_octet = MakePair();
  for (const std::uint8_t octet : stream) octet_by_octet->ReceiveAtGateway({&octet, 1});
  EXPECT_EQ(octet_by_octet->gateway_sink.log, whole->gateway_sink.log);
}

TEST_P(AdapterContract, UnitTruncatedAtAnyLengthIsRefusedOrRemarkedOn) {
  for (const Bytes& unit : Shortest(SampleUnits(), 4)) {
    for (std::size_t length = 1; length < unit.size(); ++length) {
      const auto pair = MakePair();
      pair->ReceiveAtGateway(ByteView(unit).first(length));
      pair->gateway().End(pair->now(), pair->gateway_sink);
      const bool reported = !pair->gateway_sink.refused.empty() || !pair->gateway_sink.units.empty();
      EXPECT_TRUE(reported) << length << " of " << unit.size() << " octets vanished";
    }
  }
}

TEST_P(AdapterContract, OneChangedOctetNeverStopsTheSession) {
  Prng prng = Prng::Derive(kSeed, {info().name, form().name, "one octet"});
  const std::vector<Bytes> units = Shortest(SampleUnits(), 3);
  for (const Bytes& unit : units) {
    const std::size_t step = std::max<std::size_t>(1, unit.size() / 100);
    for (std::size_t at = prng.Below(step); at < unit.size(); at += step) {
      for (const std::uint8_t value :
           {std::uint8_t{0}, std::uint8_t{0xFF}, static_cast<std::uint8_t>(unit[at] ^ 1U << prng.Below(8))}) {
        Bytes changed = unit;
        changed[at] = value;
        const auto pair = MakePair();
        pair->ReceiveAtGateway(changed);
        ASSERT_TRUE(Recovers(*pair, info().unit_limit_octets)) << "octet " << at << " = " << int{value} << " of " << ToHex(unit);
      }
    }
  }
}

TEST_P(AdapterContract, MutatedUnitsNeverStopTheSession) {
  Prng prng = Prng::Derive(kSeed, {info().name, form().name, "mutate"});
  const std::vector<Bytes> units = SampleUnits();
  ASSERT_FALSE(units.empty());
  constexpr int kRounds = 400;
  for (int round = 0; round < kRounds; ++round) {
    const Bytes mutated = Mutate(units[prng.Below(units.size())], prng);
    const auto pair = MakePair();
    pair->ReceiveAtGateway(mutated);
    ASSERT_TRUE(Recovers(*pair, info().unit_limit_octets)) << "round " << round << ": " << ToHex(mutated);
    ExpectConsecutiveNumbers(pair->gateway_sink);
  }
}

TEST_P(AdapterContract, RandomOctetsNeverStopTheSession) {
  Prng prng = Prng::Derive(kSeed, {info().name, form().name, "noise"});
  const auto pair = MakePair();
  for (int round = 0; round < 200 && pair->gateway().closed_because().empty(); ++round) {
    Bytes noise(1 + prng.Below(2048));
    for (auto& octet : noise) octet = static_cast<std::uint8_t>(prng.Next());
    pair->ReceiveAtGateway(noise);
  }
  EXPECT_TRUE(pair->gateway_sink.messages.empty());
  EXPECT_TRUE(Recovers(*pair, info().unit_limit_octets));
}

TEST_P(AdapterContract, UnitsOfOtherProtocolsAreNotUnderstood) {
  for (const ContractCase& other : ContractCases()) {
    if (other.info == &info()) continue;
    SCOPED_TRACE(CaseName(other));
    SessionPair others(other);
    if (!others.Negotiate()) continue;
    ASSERT_EQ(others.SendFromNode(PlainSample(v1::FAMILY_TRACK, ContractTime())).outcome, v1::SEND_OUTCOME_SENT);
    const auto pair = MakePair();
    for (const Bytes& unit : others.TakeNodeOutput()) pair->ReceiveAtGateway(unit);
    EXPECT_TRUE(pair->gateway_sink.messages.empty());
  }
}

TEST_P(AdapterContract, EndlessStreamIsRefusedOrClosedAtTheUnitLimit) {
  if (!IsStream()) GTEST_SKIP() << "a datagram ends by itself";
  for (const std::uint8_t filler :
       {std::uint8_t{'<'}, std::uint8_t{'A'}, std::uint8_t{0}, std::uint8_t{0xBF}, std::uint8_t{0xFF}}) {
    const auto pair = MakePair();
    const Bytes block(4096, filler);
    const std::size_t before = HeapInUse();
    std::size_t fed = 0;
    // Begin as a right unit does, so that the session waits for the rest of it.
    const std::vector<Bytes> units = Shortest(SampleUnits(), 1);
    pair->ReceiveAtGateway(ByteView(units.front()).first(units.front().size() / 2));
    while (fed < 4 * info().unit_limit_octets + 65'536 && pair->gateway().closed_because().empty()) {
      pair->ReceiveAtGateway(block);
      fed += block.size();
    }
    EXPECT_FALSE(pair->gateway_sink.refused.empty() && pair->gateway().closed_because().empty())
        << fed << " octets " << int{filler} << " and no word";
    pair->gateway_sink = {};
    const std::size_t after = HeapInUse();
    EXPECT_LT(after - std::min(after, before), 4 * info().unit_limit_octets + 1'000'000);
  }
}

TEST_P(AdapterContract, ManyHalfUnitsDoNotGrowTheSessionWithoutLimit) {
  Prng prng = Prng::Derive(kSeed, {info().name, form().name, "halves"});
  const std::vector<Bytes> units = SampleUnits();
  const auto pair = MakePair();
  const std::size_t before = HeapInUse();
  for (int round = 0; round < 3000 && pair->gateway().closed_because().empty(); ++round) {
    const Bytes& unit = units[prng.Below(units.size())];
    pair->ReceiveAtGateway(ByteView(unit).first(1 + prng.Below(unit.size())));
    pair->gateway_sink = {};
    while (pair->gateway().NextOutput()) continue;
  }
  const std::size_t after = HeapInUse();
  EXPECT_LT(after - std::min(after, before), 4 * info().unit_limit_octets + 4'000'000);
}

TEST_P(AdapterContract, NextValidUnitAfterARefusedOneIsUnderstood) {
  const auto pair = MakePair();
  const std::vector<Bytes> units = Shortest(SampleUnits(), 1);
  Prng prng = Prng::Derive(kSeed, {info().name, form().name, "recover"});
  for (int round = 0; round < 50 && pair->gateway().closed_because().empty(); ++round) {
    pair->ReceiveAtGateway(Mutate(units.front(), prng));
    ASSERT_TRUE(Recovers(*pair, info().unit_limit_octets)) << "round " << round;
  }
}

TEST_P(AdapterContract, DeadlinesMoveOnOnceServed) {
  const auto pair = MakePair();
  ASSERT_EQ(pair->SendFromNode(PlainSample(v1::FAMILY_TRACK, ContractTime())).outcome, v1::SEND_OUTCOME_SENT);
  pair->Exchange();
  for (const Bytes& unit : SampleUnits()) pair->ReceiveAtGateway(ByteView(unit).first(unit.size() / 2));
  for (Session* session : {&pair->node(), &pair->gateway()}) {
    RecordingSink sink;
    for (int round = 0; round < 500; ++round) {
      const auto next = session->NextDeadline();
      if (!next || !session->closed_because().empty()) break;
      if (*next > pair->now().instant) pair->Advance(*next - pair->now().instant);
      session->OnDeadline(pair->now(), sink);
      while (session->NextOutput()) continue;
      const auto following = session->NextDeadline();
      if (following && session->closed_because().empty()) {
        ASSERT_GT(*following, pair->now().instant) << "round " << round << ": served, but due again at once";
      }
    }
  }
}

TEST_P(AdapterContract, NothingReceivedIsNothingSaid) {
  const auto pair = MakePair();
  pair->ReceiveAtGateway({});
  EXPECT_TRUE(pair->gateway_sink.messages.empty());
  EXPECT_TRUE(Recovers(*pair, info().unit_limit_octets));
}

}  // namespace entente::adapter
