// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cmath>

#include "axis_sink.h"
#include "axis_source.h"

namespace sapulse::sim {
namespace {

Frame make_frame(std::size_t bytes, unsigned seed) {
  Frame frame(bytes);
  for (std::size_t i = 0; i < bytes; ++i) frame[i] = static_cast<std::byte>(seed + i * 13);
  return frame;
}

/// A source wired to a sink.
struct Link {
  AxisSource source;
  AxisSink sink;
  std::uint64_t cycle = 0;

  Link(const Pacing& pacing, unsigned source_stall = 0, unsigned sink_stall = 0, double clock_mhz = 322)
      : source(pacing, clock_mhz, source_stall, 11), sink(sink_stall, 12) {}

  void run(std::uint64_t cycles) {
    AxisBeat beat;
    for (std::uint64_t i = 0; i < cycles; ++i, ++cycle) {
      bool valid = false;
      source.drive(cycle, valid, beat);
      const bool ready = sink.drive();
      sink.observe(cycle, valid, ready, beat);
      source.observe(cycle, valid && ready);
    }
  }
};

TEST(Axis, CarriesFramesOfEveryLengthUnchanged) {
  for (const unsigned stall : {0U, 30U}) {
    Link link({}, stall, stall);
    for (unsigned bytes = 1; bytes <= 300; ++bytes) link.source.push(make_frame(bytes, bytes), bytes % 3 == 0);
    link.run(10'000);
    const auto frames = link.sink.take_frames();
    ASSERT_EQ(frames.size(), 300U);
    for (unsigned bytes = 1; bytes <= 300; ++bytes) {
      EXPECT_EQ(frames[bytes - 1].bytes, make_frame(bytes, bytes));
      EXPECT_EQ(frames[bytes - 1].bad, bytes % 3 == 0);
    }
    EXPECT_EQ(link.source.pending(), 0U);
    EXPECT_EQ(link.sink.count().bytes, 300U * 301 / 2);
    EXPECT_EQ(link.source.count().frames, 300U);
  }
}

TEST(Axis, GapIsIdleCyclesBetweenFrames) {
  for (const unsigned gap : {0U, 1U, 5U}) {
    Link link({.line_rate = false, .gap = gap});
    for (int i = 0; i < 10; ++i) link.source.push(make_frame(154, 0), false);
    link.run(200);
    const auto times = link.source.take_times();
    ASSERT_EQ(times.size(), 10U);
    for (std::size_t i = 1; i < times.size(); ++i) {
      EXPECT_EQ(times[i].first_cycle - times[i - 1].last_cycle, gap + 1);
      EXPECT_EQ(times[i].last_cycle - times[i].first_cycle, 2U);
    }
  }
}

TEST(Axis, LineRateCountsPreambleFcsGapAndMinimumLength) {
  // 148.81 million minimum frames a second; 178 bytes on the wire for a frame of 154 (14.24 ns).
  EXPECT_NEAR(line_rate_cycles(60, 322), 6.72 * 0.322, 1e-9);
  EXPECT_NEAR(line_rate_cycles(20, 322), 6.72 * 0.322, 1e-9);
  EXPECT_NEAR(line_rate_cycles(154, 322), 14.24 * 0.322, 1e-9);
  EXPECT_NEAR(line_rate_cycles(9216, 250), (9216 + 24) * 0.08 * 0.25, 1e-9);
}

TEST(Axis, LineRateKeepsTheFractionOfACycle) {
  Link link({.line_rate = true});
  constexpr std::uint64_t kCount = 10'001;
  for (std::uint64_t i = 0; i < kCount; ++i) link.source.push(make_frame(154, 0), false);
  link.run(60'000);
  const auto times = link.source.take_times();
  ASSERT_EQ(times.size(), kCount);
  const double elapsed = static_cast<double>(times.back().first_cycle - times.front().first_cycle);
  EXPECT_NEAR(elapsed, line_rate_cycles(154, 322) * (kCount - 1), 1.0);
}

TEST(Axis, IdleLineGainsNoCredit) {
  Link link({.line_rate = true});
  link.run(1000);
  for (int i = 0; i < 3; ++i) link.source.push(make_frame(154, 0), false);
  link.run(100);
  const auto times = link.source.take_times();
  ASSERT_EQ(times.size(), 3U);
  EXPECT_GE(times[2].first_cycle - times[0].first_cycle, 9U);
}

TEST(Axis, StallsAreAsFrequentAsAsked) {
  Link link({}, 0, 75);
  link.source.push(make_frame(9216, 0), false);
  link.run(5000);
  const auto frames = link.sink.take_frames();
  ASSERT_EQ(frames.size(), 1U);
  // 144 beats at one in four cycles: 576 +- 5 standard deviations.
  EXPECT_NEAR(static_cast<double>(frames[0].last_cycle - frames[0].first_cycle), 576, 5 * std::sqrt(144 * 12.0));
  EXPECT_EQ(frames[0].bubbles, 0U);
}

TEST(Axis, SinkCountsBubblesOfTheCard) {
  Link link({}, 50, 0);
  link.source.push(make_frame(9216, 0), false);
  link.run(5000);
  const auto frames = link.sink.take_frames();
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].last_cycle - frames[0].first_cycle + 1, 144 + frames[0].bubbles);
  EXPECT_GT(frames[0].bubbles, 50U);
}

TEST(Axis, ResetStartsTheFrameAgain) {
  Link link({});
  link.source.push(make_frame(200, 1), false);
  link.run(2);
  link.source.reset();
  link.sink.reset();
  link.run(10);
  const auto frames = link.sink.take_frames();
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].bytes, make_frame(200, 1));
}

}  // namespace
}  // namespace sapulse::sim
