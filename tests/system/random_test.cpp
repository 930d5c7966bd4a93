// SPDX-License-Identifier: Apache-2.0
// Random traffic with random gaps and stalls: every frame, byte and counter as the reference says.
#include <gtest/gtest.h>

#include <algorithm>

#include "bench.h"
#include "traffic/generator.h"
#include "traffic/reference.h"

namespace sapulse::test {
namespace {

using namespace sapulse::traffic;

struct Weather {
  const char* name;
  std::size_t line_frames;
  std::size_t core_frames;
  unsigned gap;
  unsigned source_stall;
  unsigned sink_stall;
  unsigned damaged_percent;
  Mixture mixture;
};

void PrintTo(const Weather& weather, std::ostream* out) { *out << weather.name; }

/// Customer frames that the MAC has marked bad: they are passed on with the mark.
std::ptrdiff_t damaged_and_passed(const traffic::Config& config, const traffic::Run& run) {
  const Reference reference(config);
  return std::ranges::count_if(run.damaged, [&](std::size_t position) {
    return reference.judge(run.line_in[position]).outcome == Outcome::passed;
  });
}

class RandomTraffic : public testing::TestWithParam<Weather> {};

TEST_P(RandomTraffic, IsHandledAsTheReferenceSays) {
  const Weather& weather = GetParam();
  const std::uint64_t seed = test_seed(20'000 + weather.line_frames + weather.gap + weather.source_stall);
  const traffic::Config config = sample_config(seed, 30);
  Generator generator(config, seed + 1, weather.mixture);
  Bench bench(
      config,
      {.seed = seed + 2, .gap = weather.gap, .source_stall = weather.source_stall, .sink_stall = weather.sink_stall});
  Random mac(seed + 3);
  for (std::size_t i = 0; i < weather.line_frames; ++i) {
    bench.line(generator.line().frame, mac.below(100) < weather.damaged_percent);
  }
  for (std::size_t i = 0; i < weather.core_frames; ++i) bench.core(generator.core().frame);
  bench.settle();
  const traffic::Run run = bench.result();
  expect_right(config, run);
  EXPECT_EQ(bench.traces().size(), weather.line_frames);
  EXPECT_EQ(std::ranges::count_if(bench.core_output(), &sim::OutputFrame::bad), damaged_and_passed(config, run));
}

// All in all 20,000 line frames. Gaps keep the load below what the control path takes, so that nothing may be lost.
const Mixture kMixed = {.max_data = 200, .jumbo_one_in = 400, .bad_percent = 30, .customer_percent = 30};
const Mixture kPings = {.max_data = 120, .bad_percent = 15, .customer_percent = 5};
const Mixture kCustomers = {.max_data = 400, .jumbo_one_in = 200, .bad_percent = 10, .customer_percent = 75};
const Mixture kBad = {.max_data = 100, .bad_percent = 70, .customer_percent = 10};

INSTANTIATE_TEST_SUITE_P(System, RandomTraffic,
                         testing::Values(Weather{"calm", 4000, 400, 4, 0, 0, 0, kMixed},
                                         Weather{"sources_stall", 4000, 400, 2, 30, 0, 2, kMixed},
                                         Weather{"sinks_stall", 3000, 300, 12, 0, 30, 0, kMixed},
                                         Weather{"everything_stalls", 3000, 300, 8, 20, 20, 3, kPings},
                                         Weather{"customers", 3000, 1500, 2, 5, 0, 1, kCustomers},
                                         Weather{"attack", 3000, 200, 3, 10, 5, 5, kBad}),
                         [](const auto& info) { return std::string(info.param.name); });

/// More than the control path takes: what is lost is counted, customer frames are not among it, all answers are right.
TEST(SystemOverload, LosesOnlyControlFrames) {
  const std::uint64_t seed = test_seed(77);
  const traffic::Config config = sample_config(seed, 30);
  // Replays of lost frames are fresh, and what was lost before its fault was found cannot be told: leave both out.
  Generator generator(config, seed, {.max_data = 0, .bad_percent = 0, .customer_percent = 10, .replays = false});
  Bench bench(config, {.seed = seed, .sink_stall = 50});
  for (int i = 0; i < 2500; ++i) bench.line(generator.line().frame);
  for (int i = 0; i < 500; ++i) bench.core(generator.core().frame);
  bench.settle();
  const traffic::Run run = bench.result();
  expect_right(config, run, {.allow_overflow = true, .errors_may_be_missing = true});
  EXPECT_GT(run.counters.at("DROP_OVERFLOW"), 0U);
}

/// Frames that the stack behind the card has to judge.
TEST(SystemTraffic, AttackThroughIpv6OptionsIsNotAnswered) {
  const traffic::Config config = sample_config(5, 3);
  Generator generator(config, 5);
  Bench bench(config, {});
  for (const char* kind : {"IPv6 options that a receiver must know", "IPv6 options that are broken",
                           "IPv6 hop-by-hop options that do not come first"}) {
    for (int i = 0; i < 100; ++i) bench.line(generator.customer(kind).frame);
  }
  bench.settle();
  EXPECT_EQ(bench.so_far().core_out, bench.so_far().line_in);
  EXPECT_TRUE(bench.so_far().line_out.empty());
  expect_right(config, bench.result());
}

}  // namespace
}  // namespace sapulse::test
