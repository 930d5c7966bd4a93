// SPDX-License-Identifier: Apache-2.0
// What programs of reactions get, and what they can do.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "folder.h"
#include "program_reaction.h"
#include "reaction_fixture.h"

namespace sapulse::reactions::test {
namespace {

using sapulse::test::Folder;
using testing::HasSubstr;

class ProgramReactionTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directory(folder_.state()); }

  /// Runs a script of the shell as the program.
  Result<std::string> run(const std::string& script, const LivenessChange& change, const Patience& patience) const {
    const auto file = folder_.file("program");
    std::ofstream(file) << "#!/bin/sh\n" << script << "\n";
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    return ProgramReaction({file.string(), folder_.state().string()}).react(change, patience);
  }
  Result<std::string> run(const std::string& script) const { return run(script, change_of("peer0"), patience_.get()); }

  /// What the script has written into a file of the folder, its first argument.
  [[nodiscard]] std::string written(const std::string& name) const {
    std::ifstream stream(folder_.file(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  const Folder folder_;
  const TestPatience patience_;
};

TEST_F(ProgramReactionTest, GetsTheChangeInItsEnvironmentAndOnItsInput) {
  const std::string name = "a b; $(touch \"$1/x\") `id`\n<&>";
  const auto done = run("printf %s \"$SAPULSE_SA\" > $1/name; env > $1/env; cat > $1/input; echo said it",
                        change_of(name, Liveness::lost), patience_.get());
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(*done, "exit status 0 (said it)");
  EXPECT_EQ(written("name"), name);
  EXPECT_FALSE(std::filesystem::exists(folder_.file("x")));
  EXPECT_THAT(written("env"), HasSubstr("SAPULSE_TO=lost\n"));
  EXPECT_THAT(written("env"), HasSubstr("SAPULSE_SPI_IN=4096\n"));
  EXPECT_THAT(written("env"), HasSubstr("SAPULSE_RTT_NS=\n"));
  const auto input = nlohmann::json::parse(written("input"));
  EXPECT_EQ(input.at("sa"), name);
  EXPECT_EQ(input.at("peer"), "198.51.100.1");
  EXPECT_EQ(input.at("reason"), "silence");
}

TEST_F(ProgramReactionTest, OfSeveralCardsItIsToldWhichOne) {
  const std::string program = "/usr/bin/env";
  EXPECT_EQ(*ProgramReaction({program}, "west").react(change_of("peer0"), patience_.get()),
            "exit status 0 (SAPULSE_CARD=west)");
  EXPECT_THAT(*ProgramReaction({program}).react(change_of("peer0"), patience_.get()),
              testing::Not(HasSubstr("SAPULSE_CARD")));
}

TEST_F(ProgramReactionTest, ANameWithANulDoesNotEndTheVariable) {
  ASSERT_TRUE(run("printf %s \"$SAPULSE_SA\" > $1/name", change_of(std::string("a\0b", 3)), patience_.get()));
  EXPECT_EQ(written("name"), "a?b");
}

TEST_F(ProgramReactionTest, InheritsNothing) {
  ASSERT_EQ(::setenv("SAPULSE_TEST_SECRET", "s", 1), 0);  // NOLINT(concurrency-mt-unsafe)
  constexpr int kNumber = 77;
  ASSERT_EQ(::dup2(STDERR_FILENO, kNumber), kNumber);
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  const auto done =
      run("env > $1/env; awk '/SigIgn/ { print $2 }' /proc/self/status > $1/ignored; test ! -e /proc/$$/fd/77 || exit "
          "3; pwd");
  std::signal(SIGPIPE, before);
  ::close(kNumber);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(*done, "exit status 0 (/)");
  EXPECT_THAT(written("env"), Not(HasSubstr("SECRET")));
  EXPECT_EQ(std::stoull(written("ignored"), nullptr, 16) & (1U << (SIGPIPE - 1)), 0U);
}

TEST_F(ProgramReactionTest, FailuresAreTold) {
  const auto failed = run("echo first; printf 'no such\\033[2J peer\\n\\n' >&2; exit 7");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "exit status 7 (no such?[2J peer)");
  const auto killed = run("kill -TERM $$");
  ASSERT_FALSE(killed);
  EXPECT_EQ(killed.error().message, "ended by signal 15");
  const auto absent = ProgramReaction({"/nowhere/at/all"}).react(change_of("peer0"), patience_.get());
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().message, "/nowhere/at/all: No such file or directory");
}

TEST_F(ProgramReactionTest, MuchOutputHoldsNobodyUp) {
  const auto done = run("head -c 1000000 /dev/zero; echo; echo the end");
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(*done, "exit status 0 (the end)");
}

/// All processes of the program hold the writing end of a pipe with a name.
class HangingProgramTest : public ProgramReactionTest {
 protected:
  void SetUp() override {
    ProgramReactionTest::SetUp();
    ASSERT_EQ(::mkfifo(folder_.file("fifo").c_str(), 0600), 0);
    reader_ = FileDescriptor(::open(folder_.file("fifo").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  }
  static constexpr const char* kHangs = "exec 9> $1/fifo; sleep 1000 & echo hangs >&9; sleep 1000";

  /// Waits until nobody has the writing end any more; what was written.
  std::string read_to_the_end() {
    std::string text;
    for (std::array<char, 64> chunk{};;) {
      pollfd event{reader_.get(), POLLIN, 0};
      ::poll(&event, 1, -1);
      const ssize_t size = ::read(reader_.get(), chunk.data(), chunk.size());
      if (size <= 0) return text;
      text.append(chunk.data(), static_cast<std::size_t>(size));
    }
  }

  FileDescriptor reader_;
};

TEST_F(HangingProgramTest, IsKilledWithItsChildrenWhenTheTimeIsOver) {
  const TestPatience patience(std::chrono::milliseconds(300));
  const auto done = run(kHangs, change_of("peer0"), patience.get());
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::timeout);
  EXPECT_EQ(done.error().message, "not done in time");
  read_to_the_end();
}

TEST_F(HangingProgramTest, IsKilledWhenTheServiceEnds) {
  const TestPatience patience;
  std::thread stopper([&] {
    pollfd event{reader_.get(), POLLIN, 0};
    ::poll(&event, 1, -1);
    patience.call_off();
  });
  const auto done = run(kHangs, change_of("peer0"), patience.get());
  stopper.join();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "called off: the service ends");
  EXPECT_EQ(read_to_the_end(), "hangs\n");
}

}  // namespace
}  // namespace sapulse::reactions::test
