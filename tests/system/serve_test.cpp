// SPDX-License-Identifier: Apache-2.0
// `sapulse serve` as a process: signals and full disks at any moment.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "sapulse/store.h"
#include "server.h"

namespace sapulse::test {
namespace {

using service::Connection;
using service::Json;
using testing::HasSubstr;
namespace fs = std::filesystem;

/// In order, or cut short after a second: a simulated card may take longer to come to rest.
const auto kStopped = testing::AnyOf(0, 1);

constexpr const char* kKey = "000102030405060708090a0b0c0d0e0f";

std::string yaml_sa(unsigned spi) {
  return "  - {name: peer" + std::to_string(spi) +
         ", local: \"192.0.2.1\", peer: \"198.51.100.1\", in: {spi: " + std::to_string(spi) + ", key: " + kKey +
         ", salt: \"a0a1a2a3\"}, out: {spi: " + std::to_string(spi + 1) + ", key: " + kKey + ", salt: \"b0b1b2b3\"}}\n";
}
std::string yaml(const std::string& sas) { return "local: [\"192.0.2.1\"]\nsas:\n" + sas; }

class Serve : public testing::Test {
 protected:
  Serve() {
    std::string name = (fs::temp_directory_path() / "sapulse-serve-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    std::ofstream(folder_ / "sas.yaml") << yaml(yaml_sa(1000));
  }
  ~Serve() override {
    if (child_ > 0) {
      ::kill(child_, SIGKILL);
      (void)::waitpid(child_, nullptr, 0);
    }
    fs::remove_all(folder_);
  }

  void start() {
    child_ = ::fork();
    ASSERT_GE(child_, 0);
    if (child_ != 0) return;
    const std::string sas = folder_ / "sas.yaml";
    const std::string state = folder_ / "state";
    const std::string socket = folder_ / "socket";
    ::execl(SAPULSE_COMMAND, "sapulse", "serve", "--sas", sas.c_str(), "--state", state.c_str(), "--socket",
            socket.c_str(), "--ns-per-cycle", "1000", nullptr);
    ::_exit(127);
  }
  /// A connection, once the service is there.
  Connection connect() {
    for (;;) {
      auto connection = Connection::open(folder_ / "socket");
      if (connection) return std::move(*connection);
      EXPECT_EQ(::waitpid(child_, nullptr, WNOHANG), 0) << "the service has ended";
      std::this_thread::yield();
    }
  }
  static Json ask(Connection& connection, const Json& request) {
    EXPECT_TRUE(connection.send(request));
    auto line = connection.receive();
    EXPECT_TRUE(line) << line.error().message;
    return line ? *line : Json();
  }
  /// Exit status; of a process that a signal has ended, 128 and its number.
  int end() {
    EXPECT_EQ(::kill(child_, SIGTERM), 0);
    int status = 0;
    EXPECT_EQ(::waitpid(child_, &status, 0), child_);
    child_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  fs::path folder_;
  pid_t child_ = 0;
};

/// What is waited for takes an hour of the card's time: more cycles than can be simulated in a day.
TEST_F(Serve, EndsWithPingsOutstanding) {
  start();
  Connection connection = connect();
  ASSERT_TRUE(
      connection.send({{"command", "ping"}, {"sa", "peer1000"}, {"count", 1000000}, {"timeout_ns", 3600000000000}}));
  Connection other = connect();
  EXPECT_TRUE(ask(other, {{"command", "info"}}).contains("info"));
  EXPECT_THAT(end(), kStopped);
}

TEST_F(Serve, EndsInTheMiddleOfASearchForThePathMtu) {
  start();
  Connection connection = connect();
  ASSERT_TRUE(connection.send({{"command", "mtu"}, {"sa", "peer1000"}, {"timeout_ns", 1000000000}}));
  Connection other = connect();
  EXPECT_TRUE(ask(other, {{"command", "info"}}).contains("info"));
  EXPECT_THAT(end(), kStopped);
}

/// A command that takes long does not keep it: what was acknowledged is on disk, and of the rest nothing or all.
TEST_F(Serve, EndsInTheMiddleOfALargeCommand) {
  start();
  Connection connection = connect();
  EXPECT_EQ(ask(connection, {{"command", "sa-add"}, {"file", "f"}, {"config", yaml(yaml_sa(2000))}})["added"], 1);
  std::string many;
  for (unsigned i = 0; i < 3'000; ++i) many += yaml_sa(10'000 + 2 * i);
  ASSERT_TRUE(connection.send({{"command", "sa-add"}, {"file", "f"}, {"config", yaml(many)}}));
  (void)end();
  const auto store = SaStore::open(folder_ / "state");
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_TRUE((*store)->sas().contains(1000) && (*store)->sas().contains(2000));
  EXPECT_EQ((*store)->sas().size(), 2U) << "more than the card holds";
}

TEST_F(Serve, EndsAtAnyMomentOfItsStart) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (unsigned i = 0; i < 6; ++i) {
    start();
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 300));  // somewhere
    const int status = end();
    EXPECT_THAT(status, testing::AnyOf(kStopped, 128 + SIGTERM));
  }
  start();
  Connection connection = connect();
  EXPECT_EQ(ask(connection, {{"command", "sa-list"}})["sas"].size(), 1U);
  EXPECT_THAT(end(), kStopped);
}

TEST_F(Serve, AFullDiskRefusesChangesAndNothingElse) {
  start();
  Connection connection = connect();
  // As good as full for this process: no file may grow.
  const rlimit none{.rlim_cur = 1, .rlim_max = RLIM_INFINITY};
  ASSERT_EQ(::prlimit(child_, RLIMIT_FSIZE, &none, nullptr), 0);
  const Json add{{"command", "sa-add"}, {"file", "f"}, {"config", yaml(yaml_sa(2000))}};
  const Json refused = ask(connection, add);
  ASSERT_TRUE(refused.contains("error")) << refused;
  EXPECT_EQ(refused["error"]["code"], "io_error");
  EXPECT_EQ(ask(connection, {{"command", "sa-list"}})["sas"].size(), 1U);
  EXPECT_TRUE(ask(connection, {{"command", "ping"}, {"sa", "peer1000"}, {"timeout_ns", 100000}})["ping"]["answered"]
                  .get<bool>());
  (void)connection.receive();  // the summary
  const rlimit enough{.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
  ASSERT_EQ(::prlimit(child_, RLIMIT_FSIZE, &enough, nullptr), 0);
  EXPECT_EQ(ask(connection, add)["added"], 1);
  EXPECT_THAT(end(), kStopped);
  EXPECT_TRUE((*SaStore::open(folder_ / "state"))->sas().contains(2000));
}

}  // namespace
}  // namespace sapulse::test
