// SPDX-License-Identifier: Apache-2.0
#include <Vstream_bench.h>
#include <gtest/gtest.h>

#include "clocked.h"
#include "random_source.h"

namespace sapulse::test {
namespace {

constexpr unsigned kDepth = 8;  // as given in CMakeLists.txt
constexpr std::uint32_t kSecret = 0x5ec2e700;

/// While the FIFO is empty, its output shows one word of its memory after the other.
TEST(SyncFifoSecrets, NothingStaysOfWordsThatHaveBeenTaken) {
  RandomSource random;
  Clocked<Vstream_bench> fifo;
  for (int round = 0; round < 50; ++round) {
    fifo->out_ready = 1;
    for (unsigned words = 1 + static_cast<unsigned>(random.below(3 * kDepth)); words > 0;) {
      fifo->in_valid = random.chance(70);
      fifo->in_data = kSecret | words;
      words -= fifo->in_valid;
      fifo.tick();
    }
    fifo->in_valid = 0;
    fifo->in_data = 0;
    while (fifo->out_valid) fifo.tick();
    for (unsigned cycle = 0; cycle < kDepth; ++cycle) fifo.tick();
    for (unsigned cycle = 0; cycle < kDepth; ++cycle) {
      ASSERT_FALSE(fifo->out_valid);
      ASSERT_EQ(fifo->out_data, 0U) << "word " << cycle << " of round " << round;
      fifo.tick();
    }
  }
}

}  // namespace
}  // namespace sapulse::test
