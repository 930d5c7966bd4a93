// SPDX-License-Identifier: Apache-2.0
// Random traffic through both models of the card: frames, order and counters are the same.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <span>

#include "bench.h"
#include "lockstep_run.h"
#include "traffic/config.h"
#include "traffic/generator.h"

namespace sapulse::test {
namespace {

using command::Traffic;

struct Weather {
  const char* name;
  std::size_t line_frames;
  std::size_t core_frames;
  unsigned gap;
  unsigned stall;
  bool authoritative;
  traffic::Mixture mixture;
};

void PrintTo(const Weather& weather, std::ostream* out) { *out << weather.name; }

command::Frame to_frame(const traffic::Bytes& bytes) {
  const auto view = std::as_bytes(std::span(bytes));
  return {view.begin(), view.end()};
}

class Lockstep : public testing::TestWithParam<Weather> {};

TEST_P(Lockstep, ModelsAgree) {
  const Weather& weather = GetParam();
  const std::uint64_t seed = test_seed(50'000 + weather.line_frames + weather.gap);
  traffic::Config config = traffic::sample_config(seed, 30);
  config.authoritative = weather.authoritative;
  traffic::Generator generator(config, seed + 1, weather.mixture);
  Traffic frames;
  for (std::size_t i = 0; i < weather.line_frames; ++i) frames[0].push_back(to_frame(generator.line().frame));
  for (std::size_t i = 0; i < weather.core_frames; ++i) frames[1].push_back(to_frame(generator.core().frame));
  const auto parsed = parse_config(traffic::to_yaml(config), "test", 1024, NextField::allowed);
  ASSERT_TRUE(parsed) << parsed.error().message;
  sim::CardOptions card;
  card.kernels = sim::KernelKind::rtl;
  card.seed = seed + 2;
  card.pacing.gap = weather.gap;
  card.sink_stall_percent = weather.stall;
  const auto result = command::run_lockstep(*parsed, card, frames, {});
  ASSERT_TRUE(result) << result.error().message;
  for (const std::string& difference : result->differences) ADD_FAILURE() << difference;
  EXPECT_GT(result->rtl.reply_cycles.size(), weather.line_frames / 20) << "traffic without pings proves little";
  fmt::print("{} line frames, {} replies: rtl {:.2f} s, fast {:.3f} s, {:.0f} times as fast\n", weather.line_frames,
             result->rtl.reply_cycles.size(), result->rtl.processor_seconds, result->fast.processor_seconds,
             result->speed());
}

/// What left a card, and when. Numbers and tokens in replies are others in each run.
std::vector<sim::OutputFrame> sent(sim::KernelKind kernels, std::uint64_t seed) {
  constexpr std::size_t kFrames = 300;
  const traffic::Config config = traffic::sample_config(seed, 30);
  traffic::Generator generator(config, seed + 1, {.max_data = 200, .bad_percent = 30, .customer_percent = 30});
  Bench bench(config, {.kernels = kernels, .seed = seed + 2, .gap = 30, .source_stall = 5, .sink_stall = 20});
  for (std::size_t i = 0; i < kFrames; ++i) {
    bench.line(generator.line().frame);
    bench.core(generator.core().frame);
  }
  bench.settle();
  std::vector<sim::OutputFrame> frames = bench.line_output();
  frames.insert(frames.end(), bench.core_output().begin(), bench.core_output().end());
  return frames;
}

TEST(KernelViews, GiveTheCardTheSameCycles) {
  const std::uint64_t seed = test_seed(51'000);
  const std::vector<sim::OutputFrame> of_rtl = sent(sim::KernelKind::rtl, seed),
                                      of_views = sent(sim::KernelKind::view, seed);
  ASSERT_GT(of_rtl.size(), 300U);
  ASSERT_EQ(of_rtl.size(), of_views.size());
  for (std::size_t i = 0; i < of_rtl.size(); ++i) {
    ASSERT_EQ(of_rtl[i].first_cycle, of_views[i].first_cycle) << "frame " << i;
    ASSERT_EQ(of_rtl[i].last_cycle, of_views[i].last_cycle) << "frame " << i;
    ASSERT_EQ(of_rtl[i].bytes.size(), of_views[i].bytes.size()) << "frame " << i;
  }
}

TEST(KernelViews, ACardWithoutModelOfTheRtlIsRefused) {
  for (const unsigned capacity : sim::Card::capacities()) {
    if (capacity == 1024) continue;  // which has one
    const auto card = sim::Card::create({.kernels = sim::KernelKind::rtl, .sa_capacity = capacity});
    ASSERT_FALSE(card);
    EXPECT_EQ(card.error().message,
              fmt::format("the model of {} SAs has been built with views of the kernels alone", capacity));
  }
}

// Gaps keep the load below what the control path and the exception ring take: what is lost when they are full is a
// matter of time.
const traffic::Mixture kMixed = {
    .max_data = 200, .jumbo_one_in = 400, .bad_percent = 30, .customer_percent = 30, .for_the_host = false};
const traffic::Mixture kPings = {.max_data = 120, .bad_percent = 15, .customer_percent = 5, .for_the_host = false};
const traffic::Mixture kBad = {.max_data = 100, .bad_percent = 60, .customer_percent = 15, .for_the_host = false};

INSTANTIATE_TEST_SUITE_P(System, Lockstep,
                         testing::Values(Weather{"mixed", 2000, 300, 24, 0, false, kMixed},
                                         Weather{"pings", 1500, 100, 8, 10, false, kPings},
                                         Weather{"bad_and_authoritative", 1500, 300, 40, 0, true, kBad}),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace sapulse::test
