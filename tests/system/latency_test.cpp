// SPDX-License-Identifier: Apache-2.0
// The fast model's latencies are those of the Verilated card: block by block where frames are alone in the card, in the
// median under load.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "bench.h"
#include "lockstep_run.h"
#include "support/convert.h"
#include "traffic/config.h"
#include "traffic/generator.h"

namespace sapulse::test {
namespace {

using sim::FrameTrace;
using sim::Stage;

struct Load {
  const char* name;
  unsigned gap;
  traffic::Mixture mixture;
};

void PrintTo(const Load& load, std::ostream* out) { *out << load.name; }

constexpr std::size_t kFrames = 600;

command::LockstepResult run_both(const Load& load, std::uint64_t seed) {
  const traffic::Config config = traffic::sample_config(seed, 12);
  traffic::Generator generator(config, seed + 1, load.mixture);
  command::Traffic frames;
  for (std::size_t i = 0; i < kFrames; ++i) frames[0].push_back(to_frame(generator.line().frame));
  const Config parsed = must(parse_config(traffic::to_yaml(config), "test", 1024, NextField::allowed), "configuration");
  sim::CardOptions card;
  card.kernels = sim::KernelKind::rtl;
  card.seed = seed + 2;
  card.pacing.gap = load.gap;
  card.trace_frames = true;
  return must(command::run_lockstep(parsed, card, frames, {}), "lockstep");
}

std::uint64_t median(std::vector<std::uint64_t> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

/// Cycles that frames spent before `stage`, since the stage that they had reached before.
std::vector<std::uint64_t> times_before(Stage stage, const std::vector<FrameTrace>& traces) {
  std::vector<std::uint64_t> times;
  for (const FrameTrace& trace : traces) {
    if (!trace[stage]) continue;
    auto before = static_cast<std::size_t>(stage) - 1;
    while (!trace.cycles[before]) --before;
    times.push_back(*trace[stage] - *trace.cycles[before]);
  }
  return times;
}

class Latency : public testing::TestWithParam<Load> {};

TEST_P(Latency, OfRepliesIsTheSameInTheMedian) {
  const auto result = run_both(GetParam(), test_seed(7'000));
  const std::uint64_t rtl = median(result.rtl.latencies);
  const std::uint64_t fast = median(result.fast.latencies);
  fmt::print("{} replies, median latency: rtl {}, fast {} cycles\n", result.rtl.latencies.size(), rtl, fast);
  ASSERT_GT(result.rtl.latencies.size(), kFrames / 8);
  ASSERT_EQ(result.rtl.latencies.size(), result.fast.latencies.size());
  EXPECT_LE(std::max(rtl, fast) - std::min(rtl, fast), rtl / 10);
  EXPECT_LE(std::max(result.rtl.latencies.front(), result.fast.latencies.front()) -
                std::min(result.rtl.latencies.front(), result.fast.latencies.front()),
            rtl / 10)
      << "of the quickest reply";
}

TEST(SingleFrames, LatencyOfEachBlockIsTheSame) {
  const auto result = run_both({"single", 300, {.max_data = 1000, .for_the_host = false}}, test_seed(7'100));
  for (std::size_t i = 1; i < sim::kStageCount; ++i) {
    const auto rtl = times_before(static_cast<Stage>(i), result.rtl.traces);
    const auto fast = times_before(static_cast<Stage>(i), result.fast.traces);
    ASSERT_GT(rtl.size(), kFrames / 8) << sim::kStageNames[i];
    ASSERT_EQ(rtl.size(), fast.size()) << sim::kStageNames[i];
    std::size_t different = 0;
    for (std::size_t frame = 0; frame < rtl.size(); ++frame) {
      if (rtl[frame] == fast[frame]) continue;
      if (different++ == 0) fmt::print("rtl {}, fast {} cycles\n", rtl[frame], fast[frame]);
    }
    fmt::print("before {}: {} frames, {} with another time\n", sim::kStageNames[i], rtl.size(), different);
    EXPECT_LE(different, rtl.size() / 50) << sim::kStageNames[i];
  }
}

constexpr traffic::Mixture kMixed = {.max_data = 300, .customer_percent = 20, .for_the_host = false};
constexpr traffic::Mixture kPings = {.max_data = 150, .bad_percent = 5, .customer_percent = 0, .for_the_host = false};

INSTANTIATE_TEST_SUITE_P(System, Latency, testing::Values(Load{"mixed_dense", 4, kMixed}, Load{"pings", 8, kPings}),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace sapulse::test
