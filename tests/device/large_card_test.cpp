// SPDX-License-Identifier: Apache-2.0
// All 65,536 SAs of the largest card, probed every 10 ms.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "black_hole.h"
#include "device_test.h"
#include "sapulse/counters.h"
#include "support/convert.h"
#include "support/seed.h"
#include "traffic/generator.h"
#include "watch.h"

namespace sapulse::test {
namespace {

using namespace std::chrono_literals;
using regs::Counter;
using std::chrono::nanoseconds;

constexpr std::uint64_t kPreset = 65537;
constexpr unsigned kSas = 65536;
constexpr LivenessSettings kLiveness{.interval = 10ms, .multiplier = 3};

class LargeCardLiveness : public DeviceTest {};

// 6 ns a cycle, so that there are half as many cycles for it as at the assumed clock: a probe every 22 cycles. A sweep
// takes 0.8 ms, less than the round trip of 1 ms.
TEST_F(LargeCardLiveness, EverySaIsProbedInTimeAndABlackHoleFoundOnEach) {
  traffic::Config config = traffic::sample_config(test_seed(kPreset), kSas);
  config.reserved.clear();
  Watch watch(rig(), config, {.liveness = kLiveness, .ns_per_cycle = 6, .link = {.delay = 500us}, .patience = 100ms});
  watch.until([&] { return watch.all(Liveness::up); }, "all up");
  EXPECT_EQ(watch.changes().size(), kSas) << "the host hears of nothing else";

  Card& card = watch.endpoint().card();
  const Counters before = must(card.counters(), "counters");
  const std::uint64_t start = watch.time();
  watch.pass(20ms);
  const Counters after = must(card.counters(), "counters");
  const nanoseconds passed(watch.time() - start);
  const auto probes = static_cast<double>(after[Counter::probes] - before[Counter::probes]);
  const nanoseconds mean(static_cast<std::int64_t>(static_cast<double>(passed.count()) * kSas / probes));
  EXPECT_GE(mean, kLiveness.interval * 3 / 4) << "jitter shortens intervals by a quarter at most";
  EXPECT_LE(mean, kLiveness.interval);
  EXPECT_EQ(after[Counter::probes_unsent], 0U);
  EXPECT_TRUE(watch.all(Liveness::up));

  const nanoseconds latest = expect_black_hole_found(watch, kLiveness);
  fmt::print("{} SAs: a probe every {} us of each, the last one down {} us after the black hole began\n", kSas,
             mean / 1us, latest / 1us);
  watch.close();
}

}  // namespace
}  // namespace sapulse::test
