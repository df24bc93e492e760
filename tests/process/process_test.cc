// SPDX-License-Identifier: Apache-2.0
#include "tests/process/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <thread>

namespace entente::process {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Command Shell(const std::string& script) {
  return {.argv = {"sh", "-c", script}};
}

// Whether a process that is not ours to wait for is still there.
bool IsThere(pid_t pid) {
  return kill(pid, 0) == 0;
}

TEST(ProcessTest, TakesInEverythingThatWasSaidBeforeTheEnd) {
  Command command = Shell("seq 1 20000; echo wrong >&2; exit 3");
  command.errors = ErrorStream::kPiped;
  Process process(command);
  EXPECT_TRUE(process.AwaitEnd());
  EXPECT_EQ(process.exit_code(), 3);
  EXPECT_TRUE(process.output().starts_with("1\n2\n"));
  EXPECT_TRUE(process.output().ends_with("\n20000\n"));
  EXPECT_EQ(process.errors(), "wrong\n");
  EXPECT_EQ(process.output_descriptor(), -1);
  EXPECT_FALSE(process.Follow()) << "it has ended";
}

TEST(ProcessTest, HandsOnWholeLinesOnce) {
  Process process({.argv = {"cat"}, .input = Stream::kPiped});
  std::vector<std::string> lines;
  const auto keep = [&](std::string_view line) { lines.emplace_back(line); };
  EXPECT_TRUE(process.Write("one\n\ntw"));
  EXPECT_TRUE(process.FollowUntil([&] { return process.output().ends_with("tw"); }));
  process.TakeLines(keep);
  EXPECT_THAT(lines, ElementsAre("one", ""));
  EXPECT_TRUE(process.Write("o\nrest"));
  process.CloseInput();
  EXPECT_TRUE(process.AwaitEnd());
  process.TakeLines(keep);
  EXPECT_THAT(lines, ElementsAre("one", "", "two"));
  EXPECT_EQ(process.output(), "rest");
}

TEST(ProcessTest, ErrorsMayComeWithTheOutput) {
  Command command = Shell("echo one; echo two >&2; echo three");
  command.errors = ErrorStream::kWithOutput;
  Process process(command);
  EXPECT_TRUE(process.AwaitEnd());
  EXPECT_EQ(process.output(), "one\ntwo\nthree\n");
}

TEST(ProcessTest, IsFollowedUntilItSaidSomething) {
  Command command = Shell("echo ready; exec cat");
  command.input = Stream::kPiped;
  Process process(command);
  EXPECT_TRUE(process.FollowUntil([&] { return process.output() == "ready\n"; }));
  EXPECT_FALSE(process.FollowUntil([] { return false; }, milliseconds(1))) << "it says no more";
  EXPECT_FALSE(process.AwaitEnd(milliseconds(1))) << "its input is open";
}

TEST(ProcessTest, ReadsItsInputToTheEnd) {
  Process process({.argv = {"cat"}, .input = Stream::kPiped});
  EXPECT_TRUE(process.Write("there\n"));
  EXPECT_TRUE(process.Write("and back\n"));
  process.CloseInput();
  EXPECT_TRUE(process.AwaitEnd());
  EXPECT_EQ(process.exit_code(), 0);
  EXPECT_EQ(process.output(), "there\nand back\n");
}

TEST(ProcessTest, ASignalsNumberIsInTheExitCode) {
  Process process({.argv = {"cat"}, .input = Stream::kPiped});
  process.Signal(SIGTERM);
  EXPECT_TRUE(process.AwaitEnd());
  EXPECT_EQ(process.exit_code(), 128 + SIGTERM);
  process.Signal(SIGKILL);  // nobody is there to get it
}

TEST(ProcessTest, IsKilledAndReapedWithItsObject) {
  pid_t pid = -1;
  {
    const Process process({.argv = {"cat"}, .input = Stream::kPiped});
    pid = process.pid();
    EXPECT_TRUE(IsThere(pid));
  }
  EXPECT_FALSE(IsThere(pid));
}

TEST(ProcessTest, EndsWithTheThreadThatStartedItUnlessItMayOutliveIt) {
  const auto start = [](bool ends_with_thread) {
    std::unique_ptr<Process> process;
    std::thread([&] {
      process = std::make_unique<Process>(Command{.argv = {"cat"}, .input = Stream::kPiped, .ends_with_thread = ends_with_thread});
      EXPECT_TRUE(process->Write("here"));
      EXPECT_TRUE(process->FollowUntil([&] { return process->output() == "here"; }));
    }).join();
    return process;
  };
  const auto bound = start(true);
  EXPECT_TRUE(bound->AwaitEnd());
  EXPECT_EQ(bound->exit_code(), 128 + SIGKILL);
  const auto free = start(false);
  free->CloseInput();
  EXPECT_TRUE(free->AwaitEnd());
  EXPECT_EQ(free->exit_code(), 0);
}

TEST(ProcessTest, HasOfOurOpenFilesOnlyWhatIsShared) {
  const Descriptor ours(memfd_create("ours", 0));
  const Descriptor shared(memfd_create("shared", MFD_CLOEXEC));
  Command command = Shell("ls -l /proc/self/fd");
  command.shared = {shared.number()};
  Process process(command);
  EXPECT_TRUE(process.AwaitEnd());
  EXPECT_THAT(process.output(), HasSubstr("memfd:shared"));
  EXPECT_EQ(process.output().find("memfd:ours"), std::string::npos) << process.output();
}

TEST(ProcessTest, RunsInItsFolder) {
  Process process({.argv = {"pwd"}, .folder = "/"});
  EXPECT_TRUE(process.AwaitEnd());
  EXPECT_EQ(process.output(), "/\n");
}

TEST(ProcessTest, WhatCannotBeStartedSaysWhy) {
  Process program({.argv = {"/no/such/program"}, .errors = ErrorStream::kPiped});
  EXPECT_TRUE(program.AwaitEnd());
  EXPECT_EQ(program.exit_code(), 127);
  EXPECT_EQ(program.errors(), "cannot start /no/such/program: No such file or directory\n");
  Process folder({.argv = {"pwd"}, .folder = "/no/such/folder", .errors = ErrorStream::kPiped});
  EXPECT_TRUE(folder.AwaitEnd());
  EXPECT_EQ(folder.exit_code(), 126);
}

}  // namespace
}  // namespace entente::process
