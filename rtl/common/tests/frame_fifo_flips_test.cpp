// SPDX-License-Identifier: Apache-2.0
#include <Vframe_fifo_bench.h>
#include <gtest/gtest.h>

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

const PublicMemory* memory_of(const std::vector<PublicMemory>& memories) {
  for (const PublicMemory& memory : memories) {
    if (memory.entries == kDepth) return &memory;
  }
  return nullptr;
}

TEST(FrameFifoFlips, EachBitOfEachBeatIsTold) {
  // The bench checks that beats are unchanged: here they are not.
  for (unsigned entry = 2; entry < 2 * kFrame;
       ++entry) {  // the first two are in registers, and other frames are behind
    for (unsigned bit = 0; bit <= kBeat; ++bit) {
      Clocked<Vframe_fifo_bench> fifo;
      fifo.context().assertOn(false);
      write_frames(fifo, true);
      const auto memories = public_memories(fifo.context());
      const PublicMemory* memory = memory_of(memories);
      ASSERT_NE(memory, nullptr);
      ASSERT_EQ(memory->width, kBeat + 1);
      memory->flip(entry, bit);
      ASSERT_EQ(faults_while_emptied(fifo), 1U) << "beat " << entry << ", bit " << bit;
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
