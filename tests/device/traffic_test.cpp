// SPDX-License-Identifier: Apache-2.0
// Pings, exceptions, SAs that come and go, interrupts and resets under traffic.
#include <gmock/gmock.h>

#include "device_test.h"
#include "sapulse/sa.h"
#include "session.h"
#include "support/convert.h"
#include "support/seed.h"

namespace sapulse::test {
namespace {

using namespace sapulse::traffic;

constexpr std::uint64_t kPreset = 20261;

TEST_F(DeviceTest, EveryKindOfFrameIsDealtWithAsTheReferenceSays) {
  constexpr unsigned kLineFrames = 240;
  constexpr unsigned kCoreFrames = 60;
  const std::uint64_t seed = test_seed(kPreset);
  const traffic::Config config = sample_config(seed, 12);
  Generator generator(config, seed);
  Session session(rig(), config);
  for (unsigned i = 0; i < kLineFrames; ++i) {
    session.line(generator.line().frame);
    if (i < kCoreFrames) session.core(generator.core().frame);
    session.poll();
  }
  session.settle();
  expect_right(config, session.result());
  EXPECT_GT(session.exceptions(), 0U);
  must(session.endpoint().close(), "close");
}

TEST_F(DeviceTest, SasComeChangeAndGo) {
  const std::uint64_t seed = test_seed(kPreset);
  const traffic::Config all = sample_config(seed, 4);
  traffic::Config config = all;
  config.sas.clear();
  Session session(rig(), config);
  Generator generator(all, seed, kPlainPings);
  const auto count_answers = [&](std::size_t sa) {
    const std::uint64_t before = must(session.card().counters(), "counters")[Counter::answered];
    session.line(generator.ping(sa, false, 8));
    session.settle();
    return must(session.card().counters(), "counters")[Counter::answered] - before;
  };
  EXPECT_EQ(count_answers(0), 0U);
  for (const Association& sa : all.sas) must(session.sas().add(parameters(sa)), "add");
  for (std::size_t i = 0; i < all.sas.size(); ++i) EXPECT_EQ(count_answers(i), 1U) << i;

  // The same SPI with other keys: pings under the old ones are forgeries from now on.
  SaParameters changed = parameters(all.sas[1]);
  changed.in.key = Key(Bytes(16, 0x5a));
  must(session.sas().replace(changed.in.spi, changed), "replace");
  EXPECT_EQ(count_answers(1), 0U);
  EXPECT_EQ(must(session.card().counters(), "counters")[Counter::drop_icv], 1U);

  must(session.sas().remove(all.sas[2].in.spi), "remove");
  EXPECT_EQ(count_answers(2), 0U);
  EXPECT_EQ(count_answers(3), 1U) << "its neighbour stays";
  EXPECT_EQ(session.sas().remove(all.sas[2].in.spi).error().code, Errc::not_found);

  const SaStatistics statistics = must(session.sas().statistics(all.sas[3].in.spi), "statistics");
  EXPECT_EQ(statistics.accepted, 2U);
  EXPECT_EQ(statistics.next, all.sas[3].out.next + 2);
}

TEST_F(DeviceTest, InterruptWakesTheHost) {
  const std::uint64_t seed = test_seed(kPreset);
  const traffic::Config config = sample_config(seed, 1);
  Generator generator(config, seed, kPlainPings);
  Session session(rig(), config, {.interrupts = true});
  EXPECT_FALSE(must(session.card().wait_exception(std::chrono::microseconds(5)), "wait"));
  for (unsigned round = 1; round <= 5; ++round) {
    session.line(generator.good("reserved SPI for the host").frame);
    EXPECT_TRUE(must(session.card().wait_exception(std::chrono::milliseconds(20)), "wait"));
    session.settle();
    EXPECT_EQ(session.exceptions(), round);
  }
  EXPECT_FALSE(must(session.card().wait_exception(std::chrono::microseconds(5)), "wait")) << "all have been handled";
}

TEST_F(DeviceTest, ResetInTheMiddleOfTrafficLeavesAWholeCard) {
  constexpr unsigned kBurst = 40;
  const std::uint64_t seed = test_seed(kPreset);
  const traffic::Config config = sample_config(seed, 4);
  for (unsigned round = 0; round < 3; ++round) {
    Generator generator(config, seed + round, kPlainPings);
    Session interrupted(rig(), config);
    for (unsigned i = 0; i < kBurst; ++i) interrupted.line(generator.line().frame);
    interrupted.until([&] { return must(interrupted.card().counters(), "counters")[Counter::line_rx_frames] > 0; },
                      "first frame");
    must(device().reset(), "reset");
    EXPECT_EQ(must(device().read32(regs::offset::kRingEnable), "RING_ENABLE"), 0U);
    EXPECT_EQ(must(device().read32(regs::offset::kControl), "CONTROL"), 0U);
  }
  // What is still on its way passes a card that has not been programmed: the reset has cleared its tables.
  const auto blank = open();
  rig().drain();
  EXPECT_EQ(must(blank->counters(), "counters")[Counter::answered], 0U);
  must(blank->close(), "close");

  Generator generator(config, seed + 100, kPlainPings);
  Session session(rig(), config);
  for (unsigned i = 0; i < kBurst; ++i) session.line(generator.line().frame);
  session.settle();
  expect_right(config, session.result());
}

}  // namespace
}  // namespace sapulse::test
