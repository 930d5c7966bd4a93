// SPDX-License-Identifier: Apache-2.0
// A service that goes on with another configuration.
#include "reload.h"

#include "held_work.h"
#include "service_fixture.h"

namespace sapulse::test {
namespace {

using testing::HasSubstr;

class ReloadTest : public ServiceOnFakeCard {
 protected:
  void SetUp() override {
    ServiceOnFakeCard::SetUp();
    config_.card.local = endpoint_->card().config().local;
    config_.sas = {make_peer(256), make_peer(300)};
    config_.sas[1].liveness = LivenessSettings{.interval = 10us, .multiplier = 3, .jitter_percent = 0};
    service_->set_config(config_, [this] { return Result<Config>(config_); });
  }
  SaParameters& sa(std::size_t at) { return config_.sas.at(at); }
  /// What the card has of an SA: keys, windows, numbers.
  [[nodiscard]] std::pair<std::vector<std::byte>, std::vector<std::byte>> on_card(std::uint32_t spi) const {
    const std::uint32_t number = endpoint_->sas().find(spi)->number;
    return {device_.in_half(number), device_.out_half(number)};
  }
  /// Reloading is refused, and nothing has changed.
  void expect_refused(const std::string& why) {
    const auto before = std::pair(on_card(256), on_card(300));
    const auto refused = service_->reload();
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr(why));
    EXPECT_EQ(endpoint_->sas().size(), 2U);
    EXPECT_EQ(std::pair(on_card(256), on_card(300)), before);
  }

  Config config_;
};

TEST_F(ReloadTest, SasThatStayAreNotTouched) {
  const auto before = on_card(256);
  config_.sas.push_back(make_peer(400));
  config_.sas.erase(config_.sas.begin() + 1);
  const auto done = service_->reload();
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->kept, 1U);
  EXPECT_EQ(done->added, 1U);
  EXPECT_EQ(done->removed, 1U);
  EXPECT_EQ(on_card(256), before);
  EXPECT_NE(endpoint_->sas().find(400), nullptr);
  EXPECT_EQ(endpoint_->sas().find(300), nullptr);
}

TEST_F(ReloadTest, AnotherNamePathAndWayToWatchLeaveKeysAndWindows) {
  const auto before = std::pair(on_card(256), on_card(300));
  sa(0).name = "renamed";
  sa(0).path->dscp = 46;
  sa(0).peer = IpAddress::v4(0xc6336409);
  sa(1).liveness->interval = 20us;
  const auto done = service_->reload();
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->adjusted, 2U);
  EXPECT_EQ(std::pair(on_card(256), on_card(300)), before);
  const SaInfo info = *endpoint_->sas().find(256);
  EXPECT_EQ(info.name, "renamed");
  EXPECT_EQ(info.path->dscp, 46);
  EXPECT_EQ(info.peer, sa(0).peer);
  EXPECT_EQ(endpoint_->monitor().find(300)->settings.interval, 20us);
  sa(1).liveness.reset();
  ASSERT_TRUE(service_->reload());
  EXPECT_FALSE(endpoint_->monitor().find(300)) << "not watched any more";
}

TEST_F(ReloadTest, NewKeysUnderAnSpiTakeThePlaceOfTheOldOnes) {
  const auto before = std::pair(on_card(256), on_card(300));
  sa(0).in.key = make_key(16, 77);
  const auto done = service_->reload();
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->rekeyed, 1U);
  EXPECT_NE(on_card(256), before.first);
  EXPECT_EQ(on_card(300), before.second);
}

TEST_F(ReloadTest, WhatTakesARestartIsRefusedByName) {
  config_.card.control_spi = 200;
  expect_refused("control_spi: changes with a restart only");
  config_.card.control_spi = endpoint_->card().config().control_spi;
  config_.reactions.emplace_back().action = ViciAction{"/run/charon.vici"};
  expect_refused("reactions: changes with a restart only");
  config_.reactions.clear();
  config_.http.emplace();
  expect_refused("http: changes with a restart only");
}

TEST_F(ReloadTest, KeysAreNotUsedAnewForAnotherAddress) {
  config_.card.local.clear();
  sa(0).local = IpAddress::v4(0xc0000202);
  config_.card.local = endpoint_->card().config().local;
  expect_refused("SA 'sa256': another local");
}

TEST_F(ReloadTest, WhatOperatorsHaveDoneMeanwhileStays) {
  ASSERT_TRUE(endpoint_->sas().add(make_peer(500)));
  ASSERT_TRUE(endpoint_->sas().remove(256));
  ASSERT_TRUE(service_->reload());
  EXPECT_NE(endpoint_->sas().find(500), nullptr);
  EXPECT_EQ(endpoint_->sas().find(256), nullptr);
  config_.sas.push_back(make_peer(500));
  const auto refused = service_->reload();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::exists);
}

TEST_F(ReloadTest, AFileThatIsNotGoodChangesNothing) {
  service_->set_config(config_, [] { return Result<Config>(failure(Errc::parse_error, "sas.yaml:3: no")); });
  expect_refused("sas.yaml:3: no");
}

TEST_F(ReloadTest, ReadingALargeFileHoldsNoProbeUp) {
  ASSERT_TRUE(endpoint_->monitor().watch(256, {.mode = ProbeMode::host, .interval = 10us, .multiplier = 3}));
  HeldWork reading(device_);
  service_->set_config(config_, [&] {
    reading.hold();
    return Result<Config>(config_);
  });
  EXPECT_TRUE(service_->reload());
  EXPECT_TRUE(reading.was_probed());
  answer();
}

TEST_F(ReloadTest, AClientMayAskForIt) {
  config_.sas.push_back(make_peer(400));
  EXPECT_EQ(ask({{"command", "reload"}}).back().at("reloaded").at("added"), 1);
}

}  // namespace
}  // namespace sapulse::test
