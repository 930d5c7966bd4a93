// SPDX-License-Identifier: Apache-2.0
// The service on the model of the card, with a second one that has the other ends of its SAs.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ask.h"
#include "asking_card.h"
#include "folder.h"
#include "model_device.h"
#include "service.h"

namespace sapulse::test {
namespace {

using namespace std::chrono_literals;
using service::Json;
using service::Service;
using testing::Contains;
using testing::HasSubstr;

constexpr std::uint32_t kByCard = 256;
constexpr std::uint32_t kByHost = 300;

SaParameters watched(std::uint32_t spi, ProbeMode mode) {
  SaParameters sa = make_peer(spi);
  sa.next.reset();
  sa.liveness = LivenessSettings{.mode = mode, .interval = 50us, .multiplier = 3};
  return sa;
}

/// As the peer has it.
SaParameters other_end(SaParameters sa) {
  std::swap(sa.local, sa.peer);
  std::swap(sa.in, sa.out);
  std::swap(sa.path->own_mac, sa.path->peer_mac);
  sa.liveness.reset();
  return sa;
}

class ServiceOnModel : public testing::Test {
 protected:
  static constexpr std::uint64_t kLongest = 5'000'000;  ///< ns of the cards' time, for everything that comes by itself

  void SetUp() override {
    connect(device_, other_device_);
    Config config;
    Config other;
    config.sas = {watched(kByCard, ProbeMode::card), watched(kByHost, ProbeMode::host)};
    for (const SaParameters& sa : config.sas) other.sas.push_back(other_end(sa));
    config.card.local = {config.sas[0].local};
    other.card.local = {config.sas[0].peer};
    other.secret = DeviceSecret(std::vector<std::uint8_t>(32, 7));
    endpoint_ = open(device_, config, folder_.state());
    other_ = open(other_device_, other, {});
    service_ = std::make_unique<Service>(*endpoint_);
    service_->set_log([this](service::LogLevel, const std::string& line) { log_.push_back(line); });
  }
  void TearDown() override {
    service_.reset();
    EXPECT_TRUE(endpoint_->close());
  }
  static std::unique_ptr<Endpoint> open(ModelDevice& device, const Config& config, const std::filesystem::path& state) {
    auto opened = Endpoint::open(device, config, {.state = state});
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(*opened);
  }
  /// Lets both go on until something has happened; false if it does not.
  template <class Condition>
  bool turn_until(Condition condition) {
    const std::uint64_t end = device_.now() + kLongest;
    while (!condition() && device_.now() < end) {
      EXPECT_TRUE(service_->poll());
      EXPECT_TRUE(other_->poll());
      EXPECT_TRUE(endpoint_->wait(1us));
    }
    return condition();
  }
  std::vector<Json> ask(const Json& request) {
    return test::ask(*service_, request, [this](auto done) { return turn_until(done); });
  }
  [[nodiscard]] bool is(std::uint32_t spi, Liveness state) const {
    return endpoint_->monitor().find(spi)->state == state;
  }

  const Folder folder_;
  ModelDevice device_;
  ModelDevice other_device_;
  std::unique_ptr<Endpoint> endpoint_;
  std::unique_ptr<Endpoint> other_;
  std::unique_ptr<Service> service_;
  std::vector<std::string> log_;
};

TEST_F(ServiceOnModel, PingsAndSearchesAreAnsweredByTheOtherCard) {
  const auto pings = ask({{"command", "ping"}, {"sa", "sa256"}, {"count", 3}, {"interval_ns", 1000}});
  ASSERT_EQ(pings.size(), 4U);
  EXPECT_EQ(pings.back()["summary"]["answered"], 3) << pings.back();
  EXPECT_EQ(ask({{"command", "mtu"}, {"sa", "300"}, {"most", 1500}, {"timeout_ns", 100'000}})[0]["mtu"]["passed_bytes"],
            1500);
  EXPECT_GE(ask({{"command", "stats"}, {"sa", "sa256"}})[0]["statistics"]["accepted"], 3);
}

TEST_F(ServiceOnModel, DeathIsFoundByTheProberAndByTheHost) {
  ASSERT_TRUE(turn_until([&] { return is(kByCard, Liveness::up) && is(kByHost, Liveness::up); }));
  ASSERT_TRUE(turn_until([&] { return endpoint_->monitor().find(kByHost)->token_known; }));
  ASSERT_TRUE(other_->sas().remove(kByHost ^ 0x40000000));
  EXPECT_TRUE(turn_until([&] { return is(kByHost, Liveness::lost); }));
  EXPECT_TRUE(is(kByCard, Liveness::up));
  disconnect(device_, other_device_);
  EXPECT_TRUE(turn_until([&] { return is(kByCard, Liveness::down); }));
  EXPECT_THAT(log_, Contains(HasSubstr("crash-token")));
  EXPECT_THAT(log_, Contains(HasSubstr("silence")));
  connect(device_, other_device_);
  EXPECT_TRUE(turn_until([&] { return is(kByCard, Liveness::up); }));
}

TEST_F(ServiceOnModel, SasComeAndGoWhileOthersAreProbed) {
  ASSERT_TRUE(turn_until([&] { return is(kByCard, Liveness::up) && is(kByHost, Liveness::up); }));
  log_.clear();
  const std::string key = "000102030405060708090a0b0c0d0e0f";
  std::string text = "local: [\"192.0.2.1\"]\nsas:\n";
  for (unsigned spi = 1000; spi < 1040; spi += 2) {
    text += fmt::format(
        "  - {{name: new{0}, local: \"192.0.2.1\", peer: \"198.51.100.1\", in: {{spi: {0}, key: {2}, salt: "
        "\"a0a1a2a3\"}}, "
        "out: {{spi: {1}, key: {2}, salt: \"b0b1b2b3\"}}}}\n",
        spi, spi + 1, key);
  }
  for (const bool replace : {false, true}) {
    const Json added = ask({{"command", "sa-add"}, {"file", "new"}, {"config", text}, {"replace", replace}})[0];
    EXPECT_EQ(added["added"], 20) << added;
  }
  for (unsigned spi = 1000; spi < 1040; spi += 2) {
    EXPECT_EQ(ask({{"command", "sa-del"}, {"sa", std::to_string(spi)}})[0]["deleted"], 1);
  }
  EXPECT_EQ(ask({{"command", "sa-list"}})[0]["sas"].size(), 2U);
  EXPECT_TRUE(is(kByCard, Liveness::up) && is(kByHost, Liveness::up));
  EXPECT_THAT(log_, testing::IsEmpty()) << "nobody has been called down";
}

}  // namespace
}  // namespace sapulse::test
