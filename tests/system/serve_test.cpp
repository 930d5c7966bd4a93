// SPDX-License-Identifier: Apache-2.0
// `sapulse serve` as users start it, without hardware: it answers, sleeps, and ends when it is told to.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>

#include "serve_process.h"

namespace sapulse::test {
namespace {

using service::Connection;
using service::Json;
using std::chrono::nanoseconds;
using Clock = std::chrono::steady_clock;

constexpr auto kAnswerWithin = std::chrono::seconds(2);
constexpr auto kEndWithin = std::chrono::seconds(1);

/// With the SAs of the demo, once it serves.
class Served : public ServeProcess {
 public:
  explicit Served(const std::string& device = {})
      : ServeProcess({.sas = SAPULSE_DEMO_SAS,
                      .socket = std::filesystem::path(testing::TempDir()) /
                                ("sapulse-serve-" + std::to_string(::getpid()) + ".sock"),
                      .device = device}) {
    wait_until_it_serves();
  }
};

void answers_within_two_seconds_and_ends_within_one(Served& served) {
  for (const char* command : {"sa-list", "info", "stats"}) {
    const auto start = Clock::now();
    const Json answer = served.ask({{"command", command}});
    EXPECT_LT(Clock::now() - start, kAnswerWithin) << command;
    EXPECT_FALSE(answer.contains("error")) << answer;
  }
  const auto start = Clock::now();
  EXPECT_EQ(served.terminate(), 0);
  EXPECT_LT(Clock::now() - start, kEndWithin);
}

TEST(Serve, WithoutADeviceItAnswersWithinTwoSecondsAndEndsWithinOne) {
  Served served;
  answers_within_two_seconds_and_ends_within_one(served);
}

TEST(Serve, OnTheSimulatorItAnswersWithinTwoSecondsAndEndsWithinOne) {
  Served served("sim");
  answers_within_two_seconds_and_ends_within_one(served);
}

TEST(Serve, InTheSimulatorAPingIsAnsweredWhileNobodyPolls) {
  Served served("sim");
  const Json answer = served.ask({{"command", "ping"}, {"sa", "peer0"}, {"timeout_ns", 100'000}});
  EXPECT_TRUE(answer.at("ping").at("answered").get<bool>()) << answer;
  EXPECT_EQ(served.terminate(), 0);
}

/// Without a time-out that a busy machine could miss.
TEST(Serve, WithoutADeviceEveryPeerAnswersAsManyPingsAsAreSent) {
  Served served;
  Connection connection = served.connect();
  for (const Json& sa : served.ask({{"command", "sa-list"}}).at("sas")) {
    Json line = ask(connection, {{"command", "ping"},
                                 {"sa", sa.at("name")},
                                 {"count", 2},
                                 {"interval_ns", 1'000'000},
                                 {"timeout_ns", 60'000'000'000}});
    while (!line.contains("summary")) line = connection.receive().value();
    EXPECT_EQ(line.at("summary").at("answered"), 2) << sa;
  }
  EXPECT_EQ(served.terminate(), 0);
}

/// As far as this process may; false: nobody may dump core here.
bool allow_core_dumps() {
  const rlimit all{.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
  if (::setrlimit(RLIMIT_CORE, &all) == 0) return true;
  rlimit limit{};
  if (::getrlimit(RLIMIT_CORE, &limit) != 0) return false;
  limit.rlim_cur = limit.rlim_max;
  return limit.rlim_max > 0 && ::setrlimit(RLIMIT_CORE, &limit) == 0;
}

/// Where nobody may dump core, the owner of its memory in /proc tells: root, of a process that may not be dumped
/// (proc(5)).
TEST(Serve, ACrashLeavesNoCoreDump) {
  const bool allowed = allow_core_dumps();
  ASSERT_TRUE(allowed || ::geteuid() != 0) << "root whose limit of core dumps is 0: raise it (ulimit -c)";
  Served served;
  struct stat memory{};
  ASSERT_EQ(::stat(fmt::format("/proc/{}/mem", served.id()).c_str(), &memory), 0);
  EXPECT_EQ(memory.st_uid, 0U);
  const int status = served.end(SIGABRT);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_FALSE(WCOREDUMP(status));
}

TEST(Serve, IdleItUsesLessThanAHundredthOfACore) {
  constexpr nanoseconds kWatched = std::chrono::seconds(4);
  Served served;
  (void)served.ask({{"command", "info"}});
  const nanoseconds before = served.processor_time();
  ASSERT_EQ(::poll(nullptr, 0, static_cast<int>(kWatched / std::chrono::milliseconds(1))), 0);
  EXPECT_LT(served.processor_time() - before, kWatched / 100);
  EXPECT_EQ(served.terminate(), 0);
}

}  // namespace
}  // namespace sapulse::test
