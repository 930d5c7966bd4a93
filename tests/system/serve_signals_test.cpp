// SPDX-License-Identifier: Apache-2.0
// `sapulse serve` as a process: signals and full disks at any moment.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "folder.h"
#include "sapulse/store.h"
#include "serve_process.h"

namespace sapulse::test {
namespace {

using service::Connection;
using service::Json;
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

class ServeSignals : public testing::Test {
 protected:
  ServeSignals() { std::ofstream(places().sas) << yaml(yaml_sa(1000)); }

  /// On the simulator, where everything takes long.
  [[nodiscard]] ServePlaces places() const {
    return {.sas = folder_.path() / "sas.yaml",
            .socket = folder_.path() / "socket",
            .state = folder_.state(),
            .device = "sim"};
  }

 private:
  Folder folder_;
};

/// On the card that nobody has to name, where nothing takes long.
TEST_F(ServeSignals, ReadsItsConfigurationAgainOnSighup) {
  ServePlaces quick = places();
  quick.device.clear();
  quick.state.clear();
  ServeProcess served(quick);
  served.wait_until_it_serves();
  const auto reload = [&](const std::string& config, const std::string& log) {
    std::ofstream(quick.sas) << config;
    served.send(SIGHUP);
    served.wait_until_it_says(log);
    return served.ask({{"command", "sa-list"}})["sas"].size();
  };
  EXPECT_EQ(reload(yaml(yaml_sa(1000) + yaml_sa(2000)), "reloaded: 1 SAs added, 0 with new keys, 0 adjusted, 1 not"),
            2U);
  EXPECT_EQ(reload("local: 5", "has not been reloaded: " + quick.sas.string() + ":1:"), 2U);
  EXPECT_EQ(reload(yaml(yaml_sa(2000)), "1 not touched, 1 removed"), 1U) << "of what was read last";
  EXPECT_EQ(served.terminate(), 0);
}

/// What is waited for takes an hour of the card's time: more cycles than can be simulated in a day.
TEST_F(ServeSignals, EndsWithPingsOutstanding) {
  ServeProcess served(places());
  served.wait_until_it_serves();
  Connection connection = served.connect();
  ASSERT_TRUE(
      connection.send({{"command", "ping"}, {"sa", "peer1000"}, {"count", 1000000}, {"timeout_ns", 3600000000000}}));
  EXPECT_TRUE(served.ask({{"command", "info"}}).contains("info"));
  EXPECT_THAT(served.terminate(), kStopped);
}

TEST_F(ServeSignals, EndsInTheMiddleOfASearchForThePathMtu) {
  ServeProcess served(places());
  served.wait_until_it_serves();
  Connection connection = served.connect();
  ASSERT_TRUE(connection.send({{"command", "mtu"}, {"sa", "peer1000"}, {"timeout_ns", 1000000000}}));
  EXPECT_TRUE(served.ask({{"command", "info"}}).contains("info"));
  EXPECT_THAT(served.terminate(), kStopped);
}

/// A command that takes long does not keep it: what was acknowledged is on disk, and of the rest nothing or all.
TEST_F(ServeSignals, EndsInTheMiddleOfALargeCommand) {
  ServeProcess served(places());
  served.wait_until_it_serves();
  Connection connection = served.connect();
  EXPECT_EQ(ask(connection, {{"command", "sa-add"}, {"file", "f"}, {"config", yaml(yaml_sa(2000))}})["added"], 1);
  std::string many;
  for (unsigned i = 0; i < 3'000; ++i) many += yaml_sa(10'000 + 2 * i);
  ASSERT_TRUE(connection.send({{"command", "sa-add"}, {"file", "f"}, {"config", yaml(many)}}));
  (void)served.terminate();
  const auto store = SaStore::open(places().state);
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_TRUE((*store)->sas().contains(1000) && (*store)->sas().contains(2000));
  EXPECT_EQ((*store)->sas().size(), 2U) << "more than the card holds";
}

/// From before it has begun to after it has said that it serves.
TEST_F(ServeSignals, EndsAtAnyMomentOfItsStart) {
  for (const fs::path& made : {places().sas, places().state, places().socket}) {
    SCOPED_TRACE(made);
    ServeProcess starting(places());
    starting.wait_for_file(made);
    EXPECT_THAT(starting.terminate(), testing::AnyOf(kStopped, 128 + SIGTERM));
  }
  ServeProcess served(places());
  served.wait_until_it_serves();
  Connection connection = served.connect();
  EXPECT_EQ(ask(connection, {{"command", "sa-list"}})["sas"].size(), 1U);
  EXPECT_THAT(served.terminate(), kStopped);
}

TEST_F(ServeSignals, AFullDiskRefusesChangesAndNothingElse) {
  ServeProcess served(places());
  served.wait_until_it_serves();
  Connection connection = served.connect();
  // As good as full for this process: no file may grow.
  const rlimit none{.rlim_cur = 1, .rlim_max = RLIM_INFINITY};
  ASSERT_EQ(::prlimit(served.id(), RLIMIT_FSIZE, &none, nullptr), 0);
  const Json add{{"command", "sa-add"}, {"file", "f"}, {"config", yaml(yaml_sa(2000))}};
  const Json refused = ask(connection, add);
  ASSERT_TRUE(refused.contains("error")) << refused;
  EXPECT_EQ(refused["error"]["code"], "io_error");
  EXPECT_EQ(ask(connection, {{"command", "sa-list"}})["sas"].size(), 1U);
  EXPECT_TRUE(ask(connection, {{"command", "ping"}, {"sa", "peer1000"}, {"timeout_ns", 100000}})["ping"]["answered"]
                  .get<bool>());
  (void)connection.receive();  // the summary
  const rlimit enough{.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
  ASSERT_EQ(::prlimit(served.id(), RLIMIT_FSIZE, &enough, nullptr), 0);
  EXPECT_EQ(ask(connection, add)["added"], 1);
  EXPECT_THAT(served.terminate(), kStopped);
  EXPECT_TRUE((*SaStore::open(places().state))->sas().contains(2000));
}

}  // namespace
}  // namespace sapulse::test
