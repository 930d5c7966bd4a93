// SPDX-License-Identifier: Apache-2.0
// Pings and liveness on every backend: the peer is the reference.
#include <gmock/gmock.h>

#include "device_test.h"
#include "support/convert.h"
#include "support/seed.h"
#include "traffic/generator.h"
#include "watch.h"

namespace sapulse::test {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kPreset = 5082;
constexpr std::size_t kSas = 4;
// In real cycles of the card: about 10,000 from probe to probe.
constexpr LivenessSettings kCard{.mode = ProbeMode::card, .interval = 30us, .multiplier = 3};
constexpr LivenessSettings kHost{.mode = ProbeMode::host, .interval = 30us, .multiplier = 3};

traffic::Config four_sas() {
  traffic::Config config = traffic::sample_config(test_seed(kPreset), kSas);
  config.reserved.clear();
  return config;
}

class DeviceLivenessTest : public DeviceTest {
 protected:
  void goes_down_and_up(const LivenessSettings& settings);
  void is_lost_by_token(const LivenessSettings& settings);
};

TEST_F(DeviceLivenessTest, PingsBringTimesAndToken) {
  Watch watch(rig(), four_sas(), {.liveness = kCard});
  for (std::size_t sa = 0; sa < kSas; ++sa) {
    std::optional<PingResult> result;
    must(watch.endpoint().pinger().start(watch.spi(sa), {.data_bytes = 64, .timeout = 1ms},
                                         [&](const Result<PingResult>& done) { result = must(done, "ping"); }),
         "start");
    watch.until([&] { return result.has_value(); }, "end of the ping");
    ASSERT_TRUE(result->answered) << sa;
    EXPECT_GT(result->rtt(), 0ns);
    EXPECT_TRUE(result->forward());
    EXPECT_EQ(result->turnaround(), 500ns);
    EXPECT_TRUE(result->telemetry.token);
  }
  watch.close();
}

TEST_F(DeviceLivenessTest, APingWithoutReplyTimesOut) {
  Watch watch(rig(), four_sas(), {.liveness = kCard});
  watch.peer().silence(1, true);
  std::optional<PingResult> result;
  must(watch.endpoint().pinger().start(watch.spi(1), {.timeout = 20us},
                                       [&](const Result<PingResult>& done) { result = must(done, "ping"); }),
       "start");
  watch.until([&] { return result.has_value(); }, "end of the ping");
  EXPECT_FALSE(result->answered);
  watch.close();
}

void DeviceLivenessTest::goes_down_and_up(const LivenessSettings& settings) {
  Watch watch(rig(), four_sas(), {.liveness = settings});
  watch.until([&] { return watch.all(Liveness::up); }, "all up");
  watch.peer().silence(2, true);
  watch.until([&] { return watch.state(2) == Liveness::down; }, "the silent SA down");
  for (const std::size_t other : {0, 1, 3}) EXPECT_EQ(watch.state(other), Liveness::up) << other;
  watch.peer().silence(2, false);
  watch.until([&] { return watch.state(2) == Liveness::up; }, "the SA up again");
  for (const LivenessChange& change : watch.changes()) {
    if (change.to == Liveness::down) EXPECT_EQ(change.reason, LivenessReason::silence);
    if (change.to == Liveness::down) EXPECT_EQ(change.spi_in, watch.spi(2));
  }
  watch.close();
}

TEST_F(DeviceLivenessTest, TheCardFindsASilentSa) { goes_down_and_up(kCard); }
TEST_F(DeviceLivenessTest, TheHostFindsASilentSa) { goes_down_and_up(kHost); }

void DeviceLivenessTest::is_lost_by_token(const LivenessSettings& settings) {
  Watch watch(rig(), four_sas(), {.liveness = settings});
  watch.until([&] { return watch.all(Liveness::up) && watch.all_tokens_known(); }, "tokens of all");
  watch.peer().forget(3);
  watch.until([&] { return watch.state(3) == Liveness::lost; }, "the forgotten SA lost");
  EXPECT_EQ(watch.changes().back().reason, LivenessReason::crash_token);
  for (const std::size_t other : {0, 1, 2}) EXPECT_EQ(watch.state(other), Liveness::up) << other;
  watch.close();
}

TEST_F(DeviceLivenessTest, ATokenProvesALossToTheCard) { is_lost_by_token(kCard); }
TEST_F(DeviceLivenessTest, ATokenProvesALossToTheHost) { is_lost_by_token(kHost); }

TEST_F(DeviceLivenessTest, AWrongTokenIsAHint) {
  Watch watch(rig(), four_sas(), {.liveness = kCard});
  watch.until([&] { return watch.all_tokens_known(); }, "tokens of all");
  watch.peer().lose_secret();
  watch.peer().forget(0);
  watch.until([&] { return watch.state(0) == Liveness::down; }, "the forgotten SA down");
  EXPECT_GT(watch.endpoint().monitor().counts().wrong_tokens, 0U);
  for (const LivenessChange& change : watch.changes()) EXPECT_NE(change.to, Liveness::lost);
  watch.close();
}

TEST_F(DeviceLivenessTest, OldAndDamagedAnswersChangeNothing) {
  Watch watch(rig(), four_sas(), {.liveness = kCard});
  watch.until([&] { return watch.all(Liveness::up); }, "all up");
  const std::vector<traffic::Bytes> recorded = watch.peer().answers();
  for (std::size_t sa = 0; sa < kSas; ++sa) watch.peer().silence(sa, true);
  // Somebody plays the peer with what it has recorded, for longer than the detection time.
  std::size_t round = 0;
  const auto play = [&] {
    traffic::Bytes frame = recorded[round % recorded.size()];
    if (round++ % 2 == 0) frame.back() ^= 0x01;
    watch.intrude({&frame, 1});
    return watch.all(Liveness::down);
  };
  watch.until(play, "all down in spite of replayed answers");
  for (std::size_t sa = 0; sa < kSas; ++sa) watch.peer().silence(sa, false);
  watch.until([&] { return watch.all(Liveness::up); }, "all up again");
  watch.close();
}

}  // namespace
}  // namespace sapulse::test
