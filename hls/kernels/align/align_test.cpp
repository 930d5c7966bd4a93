// SPDX-License-Identifier: Apache-2.0
#include "align/align.h"

#include "tests/kernel_test.h"

namespace sapulse::test {
namespace {

class Align : public testing::Test {
 protected:
  Align() {
    simulation.add("align", [this] {
      iterations++;
      align(job, frame, payload);
    });
  }
  /// Cuts and checks one frame.
  void check(const bytes& whole, unsigned offset, unsigned length) {
    SCOPED_TRACE("frame " + std::to_string(whole.size()) + " offset " + std::to_string(offset) + " length " +
                 std::to_string(length));
    job.write({offset, length});
    feed(frame, frame_beats(whole, 0xa5));
    run_until_idle(simulation);
    std::size_t beats = 0;
    bytes expected(whole.begin() + offset, whole.begin() + offset + length);
    expected.resize((length + 63) / std::size_t{64} * 64);
    EXPECT_EQ(to_hex(take_payload(payload, &beats)), to_hex(expected));
    EXPECT_TRUE(payload.empty() && frame.empty() && job.empty());
  }

  hls::stream<align_job> job{"job"};
  hls::stream<axis_beat> frame{"frame"};
  hls::stream<payload_beat> payload{"payload"};
  hls::simulation simulation;
  std::size_t iterations = 0;  // begun, the waiting one included
};

TEST_F(Align, EveryOffsetAndLength) {
  RandomSource random;
  const bytes whole = random.string(330);
  for (unsigned offset = 0; offset <= 191; offset++) {
    for (unsigned length = 1; length <= 139; length += 1 + (offset % 3)) check(whole, offset, length);
  }
}

TEST_F(Align, FrameEndsWithTheCut) {
  RandomSource random;
  for (unsigned size = 60; size <= 300; size++) {
    const unsigned offset = static_cast<unsigned>(random.in(0, std::min(size - 1, 191u)));
    check(random.string(size), offset, size - offset);
  }
}

TEST_F(Align, RandomFrames) {
  RandomSource random;
  for (int i = 0; i < 2000; i++) {
    const unsigned size = static_cast<unsigned>(random.one_in(50) ? random.in(60, 9216) : random.in(60, 400));
    const unsigned offset = static_cast<unsigned>(random.in(0, std::min(size - 1, 191u)));
    check(random.string(size), offset, static_cast<unsigned>(random.in(1, size - offset)));
  }
}

TEST_F(Align, SmallestTelemetryPingTakesThreeIterations) {
  RandomSource random;
  run_until_idle(simulation);
  const std::size_t before = iterations;
  check(random.string(154), 58, 96);
  EXPECT_EQ(iterations - before, 3u);
}

TEST_F(Align, AtMostOneIterationMoreThanBeats) {
  RandomSource random;
  run_until_idle(simulation);
  for (int i = 0; i < 500; i++) {
    const unsigned size = static_cast<unsigned>(random.in(60, 400)),
                   offset = 34 + 4 * static_cast<unsigned>(random.in(0, 5));
    const std::size_t before = iterations;
    check(random.string(size), offset, static_cast<unsigned>(random.in(1, size - offset)));
    EXPECT_LE(iterations - before, (size + 63) / 64 + 1);
  }
}

TEST_F(Align, FrameShorterThanTheCutEndsTheOutput) {
  RandomSource random;
  for (unsigned size : {20u, 60u, 64u, 70u, 128u, 150u}) {
    job.write({58, 300});
    feed(frame, frame_beats(random.string(size)));
    run_until_idle(simulation);
    take_payload(payload);
    EXPECT_TRUE(payload.empty());
    check(random.string(154), 58, 96);
  }
}

}  // namespace
}  // namespace sapulse::test
