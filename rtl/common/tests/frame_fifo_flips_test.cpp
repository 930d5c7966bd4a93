// SPDX-License-Identifier: Apache-2.0
#include <Vframe_fifo_bench.h>
#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "clocked.h"
#include "public_memory.h"
#include "random_source.h"

namespace sapulse::test {
namespace {

constexpr unsigned kDepth = 16;  // as given in CMakeLists.txt
constexpr unsigned kBeat = 512 + 64 + 2;

constexpr unsigned kFrame = 5;  ///< beats

/// Writes three frames, the first one kept or not.
void write_frames(Clocked<Vframe_fifo_bench>& fifo, bool keep) {
  fifo->in_valid = 1;
  for (unsigned beat = 0; beat < 3 * kFrame; ++beat) {
    fifo->in_data = beat << 1;  // user is bit 0
    fifo->in_last = beat % kFrame == kFrame - 1;
    fifo->in_keep = fifo->in_last && (keep || beat >= kFrame);
    fifo.tick();
  }
  fifo->in_valid = 0;
  for (unsigned cycle = 0; cycle < 3; ++cycle) fifo.tick();
}

unsigned faults_while_emptied(Clocked<Vframe_fifo_bench>& fifo) {
  unsigned faults = 0;
  fifo->out_ready = 1;
  for (unsigned cycle = 0; cycle < 2 * kDepth; ++cycle) {
    fifo.settle();
    faults += fifo->fault;
    fifo.tick();
  }
  return faults;
}

/// Beats, and their parity.
std::vector<PublicMemory> memories_of(Clocked<Vframe_fifo_bench>& fifo) {
  auto found = public_memories(fifo.context());
  std::erase_if(found, [](const PublicMemory& memory) { return memory.entries != kDepth; });
  return found;
}

unsigned faults_after_flip(std::size_t memory, unsigned entry, unsigned bit) {
  Clocked<Vframe_fifo_bench> fifo;
  fifo.context().assertOn(false);  // the bench checks that beats are unchanged: here they are not
  write_frames(fifo, true);
  memories_of(fifo).at(memory).flip(entry, bit);
  return faults_while_emptied(fifo);
}

std::vector<unsigned> widths() {
  Clocked<Vframe_fifo_bench> fifo;
  std::vector<unsigned> found;
  for (const PublicMemory& memory : memories_of(fifo)) found.push_back(memory.width);
  return found;
}

TEST(FrameFifoFlips, EachBitOfEachBeatIsTold) {
  const std::vector<unsigned> bits = widths();
  ASSERT_EQ(std::multiset<unsigned>(bits.begin(), bits.end()), (std::multiset<unsigned>{1, kBeat}));
  for (std::size_t memory = 0; memory < bits.size(); ++memory) {
    // The first two beats are in registers already, and other frames are behind.
    for (unsigned entry = 2; entry < 2 * kFrame; ++entry) {
      for (unsigned bit = 0; bit < bits[memory]; ++bit) {
        ASSERT_EQ(faults_after_flip(memory, entry, bit), 1U)
            << "memory " << memory << ", beat " << entry << ", bit " << bit;
      }
    }
  }
}

TEST(FrameFifoFlips, FramesThatAreTakenBackTellNothing) {
  Clocked<Vframe_fifo_bench> fifo;
  write_frames(fifo, false);
  EXPECT_EQ(faults_while_emptied(fifo), 0U);
}

}  // namespace
}  // namespace sapulse::test
