// SPDX-License-Identifier: Apache-2.0
#include "tests/performance/shared_number.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace entente::performance {
namespace {

using std::chrono::steady_clock;

struct Numbers {
  SharedNumber asked;
  SharedNumber answered;
};

TEST(SharedNumberTest, ProcessesWakeEachOther) {
  void* const at = mmap(nullptr, sizeof(Numbers), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(at, MAP_FAILED);
  Numbers& numbers = *static_cast<Numbers*>(at);
  const pid_t child = fork();
  if (child == 0) {
    numbers.answered.Increment();
    numbers.asked.AwaitAtLeast(2);
    numbers.answered.Increment();
    _exit(0);
  }
  const auto patience = steady_clock::now() + std::chrono::seconds(30);
  EXPECT_TRUE(numbers.answered.AwaitOtherThan(0, patience));
  numbers.asked.Set(1);
  EXPECT_FALSE(numbers.answered.AwaitOtherThan(1, steady_clock::now() + std::chrono::milliseconds(1))) << "1 is not enough";
  numbers.asked.Set(2);
  EXPECT_TRUE(numbers.answered.AwaitOtherThan(1, patience));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  munmap(at, sizeof(Numbers));
}

TEST(SharedNumberTest, ADeadlineThatHasPassedIsNotWaitedFor) {
  SharedNumber number{};
  EXPECT_FALSE(number.AwaitOtherThan(0, {}));
  EXPECT_TRUE(number.AwaitOtherThan(1, {}));
}

}  // namespace
}  // namespace entente::performance
