// SPDX-License-Identifier: Apache-2.0
#include "probe_clock.h"

#include <gtest/gtest.h>

namespace sapulse::model {
namespace {

constexpr std::uint64_t kTicks = 8;  // in a cycle

class ProbeClockTest : public testing::Test {
 protected:
  /// The first cycle that has this tick, as nobody changes the clock.
  [[nodiscard]] std::uint64_t searched(std::uint64_t from, std::uint64_t tick) const {
    while (clock_.tick(from) < tick) ++from;
    return from;
  }

  const CardClock card_{0, (kTicks << regs::kProbeTickLog2) << 32};
  ProbeClock clock_{card_};
};

TEST_F(ProbeClockTest, StandsStillUntilItRunsAndAfterAReset) {
  EXPECT_FALSE(clock_.running());
  EXPECT_EQ(clock_.tick(1000), 0U);
  EXPECT_EQ(clock_.cycle_at(0), 0U);
  EXPECT_EQ(clock_.cycle_at(1), std::nullopt);
  clock_.set_running(true, 1000);
  EXPECT_TRUE(clock_.running());
  EXPECT_EQ(clock_.tick(1010), 10 * kTicks);
  clock_.reset();
  EXPECT_FALSE(clock_.running());
  EXPECT_EQ(clock_.tick(2000), 0U);
}

TEST_F(ProbeClockTest, GoesOnWhereItHasStopped) {
  clock_.set_running(true, 100);
  clock_.set_running(false, 110);
  EXPECT_EQ(clock_.tick(500), 10 * kTicks);
  clock_.set_running(true, 1000);
  EXPECT_EQ(clock_.tick(1005), 15 * kTicks);
  EXPECT_EQ(clock_.cycle_at(10 * kTicks), 0U) << "has been";
  for (const std::uint64_t tick : {10 * kTicks + 1, 13 * kTicks, 13 * kTicks + 1, 1000 * kTicks}) {
    EXPECT_EQ(clock_.cycle_at(tick), searched(1000, tick)) << tick;
  }
}

TEST(ProbeClockBorder, ATickThatIsNotOverWhenItStopsIsNone) {
  constexpr std::uint64_t kTick = 1 << regs::kProbeTickLog2;  // ns
  const CardClock card(0, std::uint64_t{1} << 32);            // one of them a cycle
  ProbeClock clock(card);
  clock.set_running(true, 0);
  clock.set_running(false, kTick - 1);
  EXPECT_EQ(clock.tick(2 * kTick), 0U);
  clock.set_running(true, 2 * kTick);
  EXPECT_EQ(clock.tick(2 * kTick), 0U);
  EXPECT_EQ(clock.tick(2 * kTick + 1), 1U);
}

}  // namespace
}  // namespace sapulse::model
