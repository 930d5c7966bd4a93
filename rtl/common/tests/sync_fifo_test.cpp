// SPDX-License-Identifier: Apache-2.0
#include <Vstream_bench.h>
#include <gtest/gtest.h>

#include <deque>

#include "clocked.h"
#include "random_source.h"

namespace sapulse::test {
namespace {

constexpr std::size_t kDepth = 8;  // as given in CMakeLists.txt

/// Pushes and pops with the given chances and compares with a queue.
void run(unsigned push_chance, unsigned pop_chance, int cycles) {
  RandomSource random;
  Clocked<Vstream_bench> fifo;
  std::deque<std::uint32_t> expected;
  int empty_for = 0;
  for (int cycle = 0; cycle < cycles; ++cycle) {
    fifo->in_valid = random.chance(push_chance);
    fifo->in_data = static_cast<std::uint32_t>(random.word());
    fifo->out_ready = random.chance(pop_chance);
    fifo.settle();

    ASSERT_EQ(fifo->in_ready, expected.size() < kDepth) << "cycle " << cycle;
    if (fifo->out_valid) {
      ASSERT_FALSE(expected.empty()) << "cycle " << cycle;
      ASSERT_EQ(fifo->out_data, expected.front()) << "cycle " << cycle;
    }
    ASSERT_FALSE(fifo->fault) << "cycle " << cycle;
    // A stored word shows up within three cycles.
    empty_for = !fifo->out_valid && !expected.empty() ? empty_for + 1 : 0;
    ASSERT_LE(empty_for, 2) << "cycle " << cycle;

    const bool push = fifo->in_valid && fifo->in_ready;
    const std::uint32_t word = fifo->in_data;
    if (fifo->out_valid && fifo->out_ready) expected.pop_front();
    if (push) expected.push_back(word);
    fifo.tick();
  }
}

TEST(SyncFifo, KeepsOrderUnderRandomTraffic) { run(50, 50, 20000); }
TEST(SyncFifo, FillsUp) { run(90, 20, 5000); }
TEST(SyncFifo, RunsEmpty) { run(20, 90, 5000); }

TEST(SyncFifo, MovesOneWordACycle) {
  Clocked<Vstream_bench> fifo;
  fifo->in_valid = 1;
  fifo->out_ready = 1;
  int popped = 0;
  for (int cycle = 0; cycle < 100; ++cycle) {
    fifo->in_data = static_cast<std::uint32_t>(cycle);
    fifo.settle();
    ASSERT_TRUE(fifo->in_ready);
    popped += fifo->out_valid;
    fifo.tick();
  }
  EXPECT_GE(popped, 97);
}

}  // namespace
}  // namespace sapulse::test
