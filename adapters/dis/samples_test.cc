// SPDX-License-Identifier: Apache-2.0
// Real traffic of simulators: everything is understood or refused with a reason, and a table says how much of each.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

#include "adapters/dis/peer_process.h"
#include "adapters/dis/test_vectors.h"

namespace entente::dis {
namespace {

struct Tally {
  std::size_t datagrams = 0;
  std::size_t carried = 0;
  std::size_t refreshed = 0;
  std::size_t refused = 0;
  std::size_t with_deviation = 0;
};

class SamplesTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(Folder())) GTEST_SKIP() << "no real samples at " << Folder();
  }
  static std::filesystem::path Folder() { return std::filesystem::path(ENTENTE_SHARED_DATA) / "dis"; }

  // Through one session of its own, as a receiver of any exercise.
  void Receive(const std::string& name, const std::vector<Bytes>& datagrams) {
    adapter::SessionConfig config;
    config.carrier = adapter::Carrier::kDatagram;
    config.form = "v6";
    config.options = OptionsWith({{"exercise_id", "0"}});
    adapter::HashedObjectIds ids;
    config.ids = &ids;
    const auto session = Info().make_session(std::move(config));
    CollectingSink sink;
    session->Start(VectorTime(), sink);
    Tally tally;
    for (const Bytes& datagram : datagrams) session->Receive(datagram, VectorTime(), sink);
    tally.datagrams = datagrams.size();
    for (const auto& unit : sink.units) {
      ++(unit.role == v1::UNIT_ROLE_REFRESHES ? tally.refreshed : tally.carried);
      ++types_[unit.native_type];
    }
    for (const auto& refused : sink.refused) {
      ++tally.refused;
      EXPECT_FALSE(refused.error.text.empty());
      ++reasons_[fmt::format("{}: {} at {}: {}", name, refused.error.field, refused.error.offset, refused.error.text)];
    }
    for (const auto& message : sink.messages) {
      bool deviates = false;
      for (const adapter::Finding& finding : message.findings) deviates |= finding.severity != v1::FINDING_SEVERITY_NOTE;
      tally.with_deviation += deviates ? 1 : 0;
    }
    fmt::print("{:58} {:6} {:6} {:8} {:7} {:10}\n", name, tally.datagrams, tally.carried, tally.refreshed, tally.refused,
               tally.with_deviation);
    total_.datagrams += tally.datagrams;
    total_.carried += tally.carried;
    total_.refused += tally.refused;
  }

  void PrintRest() const {
    for (const auto& [type, count] : types_) fmt::print("  {:40} {:6}\n", type, count);
    for (const auto& [reason, count] : reasons_) fmt::print("  refused {:3} × {}\n", count, reason);
  }

  Tally total_;
  std::map<std::string, std::size_t> types_;
  std::map<std::string, std::size_t> reasons_;
};

TEST_F(SamplesTest, AreUnderstoodOrRefusedWithAReason) {
  fmt::print("{:58} {:>6} {:>6} {:>8} {:>7} {:>10}\n", "sample", "datag.", "carry", "refresh", "refused", "deviations");
  for (const auto& entry : std::filesystem::directory_iterator(Folder() / "raw_dis6")) {
    Receive(entry.path().filename(), {ToBytes(ReadTextFile(entry.path()))});
  }
  for (const auto& entry : std::filesystem::directory_iterator(Folder() / "pcap_from_dislog")) {
    Receive(entry.path().filename(), ReadPcap(entry.path()));
  }
  PrintRest();
  EXPECT_GT(total_.datagrams, 1000U);
  EXPECT_GT(total_.carried, total_.refused * 10);
}

}  // namespace
}  // namespace entente::dis
