// SPDX-License-Identifier: Apache-2.0
// Counts of cycles, which are the same in every run: pass path, pings a second, latency.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "bench.h"
#include "traffic/generator.h"

namespace sapulse::test {
namespace {

using namespace sapulse::traffic;

constexpr std::size_t kBeat = 64;
constexpr std::size_t kPing = 166;      // smallest telemetry ping over IPv4
constexpr std::uint64_t kLatency = 78;  // of a ping that is alone in the card
constexpr std::uint64_t kLatencyOfLongPing = 97;
constexpr std::uint64_t kLatencyUnderLoad = 160;
constexpr std::uint64_t kPassLatency = 21;

std::uint64_t beats(const std::vector<Bytes>& frames) {
  std::uint64_t sum = 0;
  for (const Bytes& frame : frames) sum += (frame.size() + kBeat - 1) / kBeat;
  return sum;
}

/// Cycles from the first to the last beat of an output.
std::uint64_t span(const std::vector<sim::OutputFrame>& frames) {
  return frames.back().last_cycle - frames.front().first_cycle + 1;
}

TEST(SystemTiming, CustomerFramesPassWithoutBubbles) {
  const traffic::Config config = sample_config(1, 2);
  Generator generator(config, 1, {.max_data = 300});
  Bench bench(config, {});
  for (int i = 0; i < 1500; ++i) {
    bench.line(generator.customer("TCP").frame);
    bench.core(generator.customer("customer ESP").frame);
  }
  bench.settle();
  const traffic::Run run = bench.result();
  expect_right(config, run);
  EXPECT_EQ(span(bench.core_output()), beats(run.line_in));
  EXPECT_EQ(span(bench.line_output()), beats(run.core_in));
}

/// What customers pay for the card: the same for all frames, whatever their lengths and whatever they are.
TEST(SystemTiming, CustomerFramesPassInConstantTime) {
  const traffic::Config config = sample_config(1, 2);
  Generator generator(config, 1, {.max_data = 300});
  for (const unsigned gap : {0U, 3U}) {
    Bench bench(config, {.gap = gap});
    for (int i = 0; i < 300; ++i) {
      bench.line(generator.customer(i % 2 == 0 ? "TCP" : "customer ESP").frame);
      bench.line(Bytes(60, 0x5c));
    }
    bench.settle();
    ASSERT_EQ(bench.core_output().size(), bench.line_input().size());
    for (std::size_t i = 0; i < bench.core_output().size(); ++i) {
      ASSERT_EQ(bench.core_output()[i].first_cycle - bench.line_input()[i].first_cycle, kPassLatency) << "frame " << i;
    }
  }
}

/// Customer frames at full load lose their share of line TX to answers, and nothing more: one answer goes ahead of a
/// waiting customer frame after each share of customer bytes.
TEST(SystemTiming, PingsTakeTheirShareOfTheLineOnly) {
  const traffic::Config config = sample_config(1, 2);
  Generator generator(config, 1, {.max_data = 300});
  Bench bench(config, {});
  for (int i = 0; i < 1000; ++i) {
    bench.core(generator.customer("customer ESP").frame);
    bench.line(generator.ping(0, true, kTelemetryBytes));
  }
  bench.settle();
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::size_t customers = 0;
  const traffic::Run run = bench.result();
  for (std::size_t i = 0; i < run.line_out.size() && customers < run.core_in.size(); ++i) {
    if (run.line_out[i] != run.core_in[customers]) continue;
    if (customers++ == 0) first = bench.line_output()[i].first_cycle;
    last = bench.line_output()[i].last_cycle;
  }
  ASSERT_EQ(customers, run.core_in.size());
  std::uint64_t bytes = 0;
  for (const Bytes& frame : run.core_in) bytes += frame.size();
  constexpr std::uint64_t kShare = 65536;  // TX_SHARE after reset
  constexpr std::uint64_t kAnswerBeats = 3;
  const std::uint64_t answers = bytes / kShare;
  EXPECT_GE(last - first + 1, beats(run.core_in) + kAnswerBeats * (answers - 1)) << "answers have not had their share";
  EXPECT_LE(last - first + 1, beats(run.core_in) + kAnswerBeats * (answers + 1));
}

/// Of how many SAs, with how many idle cycles between them.
class SmallPings : public testing::TestWithParam<std::tuple<unsigned, unsigned>> {};

TEST_P(SmallPings, AreAnsweredAsFastAsTheyCome) {
  const auto [sas, gap] = GetParam();
  const traffic::Config config = sample_config(5, 3 * sas);
  Generator generator(config, 1, {.wrappings = false, .replays = false});
  Bench bench(config, {.gap = gap});
  constexpr std::size_t kCount = 1250;
  for (std::size_t i = 0; i < kCount; ++i) {
    const Bytes ping = generator.ping(3 * (i % sas), true, kTelemetryBytes);
    ASSERT_EQ(ping.size(), kPing);
    bench.line(ping);
  }
  bench.settle();
  const traffic::Run run = bench.result();
  expect_right(config, run);
  ASSERT_EQ(bench.line_output().size(), kCount);
  // The first replies find an empty card, in which some FIFOs let them through sooner.
  constexpr std::size_t kBegin = 10;
  constexpr std::size_t kCounted = kCount - 1 - kBegin;
  const std::uint64_t cycles = bench.line_output().back().first_cycle - bench.line_output()[kBegin].first_cycle;
  std::uint64_t longest = 0;
  for (std::size_t i = 0; i < kCount; ++i) {
    longest = std::max(longest, bench.line_output()[i].first_cycle - bench.line_input()[i].first_cycle);
  }
  fmt::print("{:.3f} cycles per ping, longest latency {} cycles\n", static_cast<double>(cycles) / kCounted, longest);
  EXPECT_LE(cycles, (3 + gap) * kCounted);
  EXPECT_LE(longest, kLatencyUnderLoad);
}

INSTANTIATE_TEST_SUITE_P(System, SmallPings, testing::Combine(testing::Values(1, 16), testing::Values(0, 1)),
                         [](const auto& info) {
                           return fmt::format("{}_sas_gap_{}", std::get<0>(info.param), std::get<1>(info.param));
                         });

/// Of a frame of so many bytes that is alone in the card.
struct SinglePing {
  std::size_t size;
  std::uint64_t latency;  // from the first beat of the ping to the first beat of its reply, at most
};

TEST(SystemTiming, SinglePingsAreAnsweredInTime) {
  const traffic::Config config = sample_config(5, 6);
  Generator generator(config, 1, {.wrappings = false, .replays = false});
  Bench bench(config, {});
  for (const SinglePing& expected : {SinglePing{kPing, kLatency}, SinglePing{1114, kLatencyOfLongPing}}) {
    for (const std::size_t sa : {0U, 3U}) {  // AES-128 and AES-256 over IPv4
      const Bytes ping = generator.ping(sa, true, kTelemetryBytes + expected.size - kPing);
      ASSERT_EQ(ping.size(), expected.size);
      bench.line(ping);
      bench.settle();
      const std::uint64_t latency = bench.line_output().back().first_cycle - bench.line_input().back().first_cycle;
      fmt::print("{} bytes: latency {} cycles\n", ping.size(), latency);
      EXPECT_LE(latency, expected.latency);
    }
  }
  ASSERT_EQ(bench.line_output().size(), 4U);
  expect_right(config, bench.result());
}

}  // namespace
}  // namespace sapulse::test
