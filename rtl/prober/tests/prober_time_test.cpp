// SPDX-License-Identifier: Apache-2.0
// When the prober does things: intervals and their jitter, time to detection, standing still. One cycle is one tick.
#include <gtest/gtest.h>

#include <array>

#include "prober_bench.h"
#include "random_source.h"

namespace sapulse::test {
namespace {

ProbeConfig probed(std::int64_t interval, unsigned jitter, std::int64_t suspect, std::int64_t detect) {
  ProbeConfig config;
  config.enable = true;
  config.jitter = jitter;
  config.interval = interval;
  config.suspect = suspect;
  config.detect = detect;
  return config;
}

/// Gaps between the probes of each SA.
std::vector<std::int64_t> gaps(const std::vector<ProbeRequest>& requests) {
  std::map<unsigned, std::int64_t> last;
  std::vector<std::int64_t> result;
  for (const ProbeRequest& request : requests) {
    if (auto before = last.find(request.sa); before != last.end()) result.push_back(request.time - before->second);
    last[request.sa] = request.time;
  }
  return result;
}

TEST(ProberTime, IntervalsAreExactToASweep) {
  ProberBench bench;
  for (unsigned sa = 0; sa < 16; ++sa) bench.write(sa, probed(1000, 0, 0, 1000000));
  bench.run(50000);
  const auto found = gaps(bench.requests);
  ASSERT_GT(found.size(), 700U);
  for (std::int64_t gap : found) {
    EXPECT_GE(gap, 1000 - ProberBench::sweep());
    EXPECT_LE(gap, 1000 + ProberBench::sweep());
  }
}

TEST(ProberTime, JitterIsBoundedAndEven) {
  ProberBench bench;
  constexpr std::int64_t kInterval = 3200;
  for (unsigned sa = 0; sa < 16; ++sa) bench.write(sa, probed(kInterval, 64, 0, 1000000));
  bench.run(700 * kInterval / 4);
  const auto found = gaps(bench.requests);
  ASSERT_GT(found.size(), 2500U);
  std::array<int, 4> quarters{};
  double sum = 0;
  for (std::int64_t gap : found) {
    ASSERT_GE(gap, kInterval - kInterval / 4 - ProberBench::sweep());
    ASSERT_LE(gap, kInterval + ProberBench::sweep());
    const std::int64_t quarter = (gap - (kInterval - kInterval / 4)) * 4 / (kInterval / 4);
    ++quarters[std::clamp<std::int64_t>(quarter, 0, 3)];
    sum += static_cast<double>(gap);
  }
  EXPECT_NEAR(sum / static_cast<double>(found.size()), kInterval * 0.875, kInterval * 0.02);
  for (int count : quarters)
    EXPECT_NEAR(count, static_cast<double>(found.size()) / 4, static_cast<double>(found.size()) / 20);
}

TEST(ProberTime, AMassStartIsSpreadOverOneInterval) {
  ProberBench bench;
  constexpr std::int64_t kInterval = 8000;
  std::array<int, 4> quarters{};
  for (int round = 0; round < 20; ++round) {
    bench.requests.clear();
    const std::int64_t begun = bench.now();
    for (unsigned sa = 0; sa < 16; ++sa) bench.write(sa, probed(kInterval, 0, 0, 1000000));
    bench.run(kInterval + 2 * ProberBench::sweep());
    std::array<std::int64_t, 16> first{};
    for (const ProbeRequest& request : bench.requests) {
      if (first[request.sa] == 0) first[request.sa] = request.time - begun;
    }
    for (std::int64_t time : first) {
      ASSERT_GT(time, 0);
      ASSERT_LE(time, kInterval + 16 * 20 + ProberBench::sweep());
      ++quarters[std::min<std::int64_t>(time * 4 / kInterval, 3)];
    }
  }
  for (int count : quarters) EXPECT_NEAR(count, 80, 30);
}

TEST(ProberTime, SilenceIsDetectedInTimeToASweep) {
  RandomSource random;
  ProberBench bench;
  for (int round = 0; round < 60; ++round) {
    const auto sa = static_cast<unsigned>(random.below(16));
    const auto interval = static_cast<std::int64_t>(100 + random.below(300));
    const auto suspect = static_cast<std::int64_t>(interval + 200 + random.below(1000));
    const auto detect = static_cast<std::int64_t>(suspect + 200 + random.below(2000));
    bench.write(sa, probed(interval, static_cast<unsigned>(random.below(65)), suspect, detect));
    bench.answer(sa, 20);
    bench.run(5 * interval);
    bench.stop_answering(sa);
    bench.run(30);
    bench.events_of(sa);
    const std::int64_t heard = bench.now() - bench.read(sa).heard;

    bench.run(detect + 2 * ProberBench::sweep());
    const auto events = bench.events_of(sa);
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].report.state, ProbeState::suspect);
    EXPECT_EQ(events[1].report.state, ProbeState::down);
    // A little play for the cycles in which the command was carried out, and from the decision to its event.
    EXPECT_GT(events[0].made - heard, suspect - 20);
    EXPECT_LE(events[0].made - heard, suspect + ProberBench::sweep() + 20);
    EXPECT_GT(events[1].made - heard, detect - 20);
    EXPECT_LE(events[1].made - heard, detect + ProberBench::sweep() + 20);
    EXPECT_GT(events[1].report.heard, detect);
    EXPECT_LE(events[1].report.heard, detect + ProberBench::sweep());
    bench.write(sa, {});
    bench.run(2 * ProberBench::sweep());
    bench.events_of(sa);
  }
}

TEST(ProberTime, StandsStillWhileTurnedOff) {
  ProberBench bench;
  bench.write(3, probed(2000, 0, 1500, 3000));
  bench.answer(3, 10);
  bench.run(10000);
  bench.stop_answering(3);
  while (bench.read(3).heard < 1000) bench.cycle();
  ASSERT_EQ(bench.read(3).state, ProbeState::up);
  bench.events.clear();
  bench.requests.clear();

  bench.dut->enable = 0;
  bench.run(20);
  const std::uint32_t heard = bench.read(3).heard;
  bench.run(50000);
  EXPECT_TRUE(bench.requests.empty());
  EXPECT_TRUE(bench.events.empty());
  EXPECT_EQ(bench.read(3).heard, heard);

  bench.dut->enable = 1;
  const std::int64_t resumed = bench.now();
  bench.run(1500 - heard - 30);
  EXPECT_TRUE(bench.events.empty());
  bench.run(30 + 2 * ProberBench::sweep());
  ASSERT_EQ(bench.events.size(), 1U);
  EXPECT_EQ(bench.events[0].report.state, ProbeState::suspect);
  bench.run(1000);
  ASSERT_FALSE(bench.requests.empty());
  EXPECT_GT(bench.requests[0].time - resumed, 2000 - 1000 - 200);
}

TEST(ProberTime, RepliesAreHeardWhileTurnedOff) {
  ProberBench bench;
  bench.write(3, probed(100, 0, 0, 3000));
  bench.run(300);
  ASSERT_FALSE(bench.requests.empty());
  bench.dut->enable = 0;
  bench.run(10);
  EXPECT_EQ(bench.reply(3, bench.requests.back().number), ProbeVerdict::matched);
  bench.run(2 * ProberBench::sweep());
  EXPECT_EQ(bench.events.back().report.state, ProbeState::up);
}

}  // namespace
}  // namespace sapulse::test
