// SPDX-License-Identifier: Apache-2.0
// `sapulse serve` as users start it, on the simulated card: it answers, sleeps, and ends when it is told to.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>

#include "server.h"

namespace sapulse::test {
namespace {

using service::Connection;
using service::Json;
using std::chrono::nanoseconds;
using Clock = std::chrono::steady_clock;

constexpr auto kAnswerWithin = std::chrono::seconds(2);
constexpr auto kEndWithin = std::chrono::seconds(1);

void nap(nanoseconds time) { (void)::poll(nullptr, 0, static_cast<int>(time / std::chrono::milliseconds(1))); }

/// `sapulse serve` with the SAs of the demo, on the default device.
class Served {
 public:
  Served() {
    std::string socket = "--socket=" + socket_.string();
    std::array<char*, 6> arguments{command_.data(), serve_.data(), sas_option_.data(),
                                   sas_.data(),     socket.data(), nullptr};
    if (::posix_spawn(&process_, command_.c_str(), nullptr, nullptr, arguments.data(), environ) != 0) {
      throw std::runtime_error(command_ + " cannot be started");
    }
    while (!Connection::open(socket_)) {
      if (::waitpid(process_, nullptr, WNOHANG) != 0) throw std::runtime_error("sapulse serve has ended");
      nap(std::chrono::milliseconds(20));
    }
  }
  ~Served() {
    if (process_ > 0) {
      ::kill(process_, SIGKILL);
      ::waitpid(process_, nullptr, 0);
    }
    std::filesystem::remove(socket_);
  }
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;

  /// The first line of the answer.
  Json ask(const Json& request) const {
    auto connection = Connection::open(socket_);
    if (!connection || !connection->send(request)) throw std::runtime_error("no service");
    return connection->receive().value();
  }

  /// Sends a signal that ends it; the status as of waitpid().
  int end(int signal) {
    ::kill(process_, signal);
    int status = 0;
    ::waitpid(std::exchange(process_, -1), &status, 0);
    return status;
  }
  /// Ends it with SIGTERM; the exit status.
  int terminate() {
    const int status = end(SIGTERM);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  /// Time on a processor of the thread that serves, not of those that simulate.
  [[nodiscard]] nanoseconds processor_time() const {
    const std::string process = std::to_string(process_);
    std::ifstream file("/proc/" + process + "/task/" + process + "/schedstat");
    std::int64_t time = -1;
    if (!(file >> time)) throw std::runtime_error("no schedstat");
    return nanoseconds(time);
  }

 private:
  std::filesystem::path socket_ =
      std::filesystem::path(testing::TempDir()) / ("sapulse-serve-" + std::to_string(::getpid()) + ".sock");
  std::string command_ = SAPULSE_COMMAND;
  std::string serve_ = "serve";
  std::string sas_option_ = "--sas";
  std::string sas_ = SAPULSE_DEMO_SAS;
  pid_t process_ = -1;
};

TEST(Serve, OnTheSimulatedCardItAnswersWithinTwoSecondsAndEndsWithinOne) {
  Served served;
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

TEST(Serve, APingIsAnsweredWhileNobodyPolls) {
  Served served;
  const Json answer = served.ask({{"command", "ping"}, {"sa", "peer0"}, {"timeout_ns", 100'000}});
  EXPECT_TRUE(answer.at("ping").at("answered").get<bool>()) << answer;
  EXPECT_EQ(served.terminate(), 0);
}

TEST(Serve, ACrashLeavesNoCoreDump) {
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_CORE, &limit), 0);
  if (limit.rlim_max == 0) GTEST_SKIP() << "no process may dump core here";
  limit.rlim_cur = limit.rlim_max;
  ASSERT_EQ(::setrlimit(RLIMIT_CORE, &limit), 0);
  Served served;
  const int status = served.end(SIGABRT);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_FALSE(WCOREDUMP(status));
}

TEST(Serve, IdleItUsesLessThanAHundredthOfACore) {
  constexpr nanoseconds kWatched = std::chrono::seconds(4);
  Served served;
  (void)served.ask({{"command", "info"}});
  const nanoseconds before = served.processor_time();
  nap(kWatched);
  EXPECT_LT(served.processor_time() - before, kWatched / 100);
  EXPECT_EQ(served.terminate(), 0);
}

}  // namespace
}  // namespace sapulse::test
