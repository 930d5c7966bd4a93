// SPDX-License-Identifier: Apache-2.0
#include <Vstream_bench.h>
#include <gtest/gtest.h>

#include <deque>
#include <tuple>

#include "clocked.h"
#include "random_source.h"

namespace sapulse::test {
namespace {

constexpr std::size_t kWords = 2;  // that it holds: one at the output, one parked

using Register = Clocked<Vstream_bench>;

/// Pushes and pops with the given chances and compares with a queue.
void run(unsigned push_chance, unsigned pop_chance, int cycles) {
  RandomSource random;
  Register slice;
  std::deque<std::uint32_t> expected;
  slice.tick();  // ready is a register: low in reset
  for (int cycle = 0; cycle < cycles; ++cycle) {
    slice->in_valid = random.chance(push_chance);
    slice->in_data = static_cast<std::uint32_t>(random.word());
    slice->out_ready = random.chance(pop_chance);
    slice.settle();

    ASSERT_EQ(slice->in_ready, expected.size() < kWords) << "cycle " << cycle;
    ASSERT_EQ(slice->out_valid, !expected.empty()) << "cycle " << cycle;
    if (slice->out_valid) ASSERT_EQ(slice->out_data, expected.front()) << "cycle " << cycle;

    const bool push = slice->in_valid && slice->in_ready;
    if (slice->out_valid && slice->out_ready) expected.pop_front();
    if (push) expected.push_back(slice->in_data);
    slice.tick();
  }
}

TEST(AxisRegister, KeepsOrderUnderRandomTraffic) { run(50, 50, 20000); }
TEST(AxisRegister, FillsUp) { run(90, 20, 5000); }
TEST(AxisRegister, RunsEmpty) { run(20, 90, 5000); }
TEST(AxisRegister, MovesOneWordACycle) { run(100, 100, 100); }

TEST(AxisRegister, NoOutputFollowsAnInputWithinACycle) {
  Register slice;
  slice.tick();
  const auto outputs = [&] { return std::tuple(bool(slice->in_ready), bool(slice->out_valid), slice->out_data); };
  slice->in_data = 1;
  for (int i = 0; i < 8; ++i) {
    slice->in_valid = (i & 1) != 0;
    slice->out_ready = (i & 2) != 0;
    slice.settle();
    const auto before = outputs();
    slice->in_valid = !slice->in_valid;
    slice->out_ready = !slice->out_ready;
    slice->in_data = ~slice->in_data;
    slice.settle();
    EXPECT_EQ(outputs(), before);
    slice.tick();
  }
}

}  // namespace
}  // namespace sapulse::test
