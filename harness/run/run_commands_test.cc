// SPDX-License-Identifier: Apache-2.0
#include "harness/run/run_commands.h"

#include <gtest/gtest.h>

#include <vector>

namespace entente::harness {
namespace {

class QuietStage final : public Stage {
 public:
  void SetRunning(bool, Now) override {}
  void Fire(const v1::Inject&, Now) override {}
  void StartFault(const v1::FaultPlan&, Now) override {}
  std::string EndFault(const v1::FaultPlan&, Now) override { return {}; }
};

class RunCommandsTest : public testing::Test {
 protected:
  void Post(int number) {
    ASSERT_TRUE(commands_.Post([this, number](RunDesk* desk, Now) { carried_.push_back(desk != nullptr ? number : -number); }));
  }
  void CarryOut() {
    RunDesk desk{exercise_, conductor_, {}, {}, {}, {}, {}};
    commands_.CarryOut(desk, Now());
  }

  v1::Exercise exercise_;
  QuietStage stage_;
  Conductor conductor_{exercise_, stage_, {}};
  RunCommands commands_;
  std::vector<int> carried_;
};

TEST_F(RunCommandsTest, CarriesOutInTheOrderTheyCame) {
  for (int number : {1, 2, 3}) Post(number);
  EXPECT_TRUE(carried_.empty());
  CarryOut();
  CarryOut();
  EXPECT_EQ(carried_, (std::vector{1, 2, 3}));
}

TEST_F(RunCommandsTest, RefusesMoreThanMayWait) {
  for (std::size_t i = 0; i < RunCommands::kWaiting; ++i) Post(1);
  const Status refused = commands_.Post([](RunDesk*, Now) { FAIL(); });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kExhausted);
  CarryOut();
  Post(2);
}

TEST_F(RunCommandsTest, TellsWhoWaitsThatTheRunIsOver) {
  Post(7);
  commands_.End(Now());
  EXPECT_EQ(carried_, (std::vector{-7}));
  const Status refused = commands_.Post([](RunDesk*, Now) { FAIL(); });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace entente::harness
