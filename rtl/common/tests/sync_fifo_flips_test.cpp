// SPDX-License-Identifier: Apache-2.0
#include <Vstream_bench.h>
#include <gtest/gtest.h>

#include <array>

#include "clocked.h"
#include "public_memory.h"
#include "random_source.h"

namespace sapulse::test {
namespace {

constexpr unsigned kDepth = 8;  // as given in CMakeLists.txt
constexpr unsigned kTold = 2;   ///< cycles from the one in which a word leaves

/// A full FIFO.
class FullFifo {
 public:
  explicit FullFifo(RandomSource& random) {
    fifo_->out_ready = 0;
    fifo_->in_valid = 1;
    for (std::uint32_t& word : words_) {
      word = static_cast<std::uint32_t>(random.word());
      fifo_->in_data = word;
      fifo_.tick();
    }
    fifo_->in_valid = 0;
    for (unsigned cycle = 0; cycle < 3; ++cycle) fifo_.tick();  // until words stand in all registers
  }

  std::vector<PublicMemory> memories() { return public_memories(fifo_.context()); }

  struct Emptied {
    unsigned damaged = 0;  ///< words that are not as they came
    unsigned faults = 0;
  };
  /// Every damaged word is told, in its time.
  Emptied empty() {
    Emptied result;
    fifo_->out_ready = 1;
    for (unsigned cycle = 0; cycle < kDepth + kTold; ++cycle) {
      fifo_.settle();
      result.faults += fifo_->fault;
      if (cycle >= kTold && damaged_[cycle - kTold]) EXPECT_TRUE(fifo_->fault) << "word " << cycle - kTold;
      if (cycle < kDepth) {
        EXPECT_TRUE(fifo_->out_valid);
        damaged_.at(cycle) = fifo_->out_data != words_.at(cycle);
        result.damaged += damaged_.at(cycle);
      }
      fifo_.tick();
    }
    return result;
  }

 private:
  Clocked<Vstream_bench> fifo_;
  std::array<std::uint32_t, kDepth> words_{};
  std::array<bool, kDepth> damaged_{};
};

TEST(SyncFifoFlips, EachBitOfEachWordIsToldOnce) {
  RandomSource random;
  unsigned flips = 0;
  unsigned told = 0;
  const auto memories = FullFifo(random).memories();
  ASSERT_FALSE(memories.empty());
  for (std::size_t memory = 0; memory < memories.size(); ++memory) {
    for (unsigned entry = 0; entry < memories[memory].entries; ++entry) {
      for (unsigned bit = 0; bit < memories[memory].width; ++bit) {
        FullFifo fifo(random);
        fifo.memories().at(memory).flip(entry, bit);
        const auto [damaged, faults] = fifo.empty();
        ASSERT_LE(faults, 1U) << memories[memory].name << ", entry " << entry << ", bit " << bit;
        ASSERT_GE(faults, damaged) << memories[memory].name << ", entry " << entry << ", bit " << bit;
        ++flips;
        told += faults;
      }
    }
  }
  std::printf("%u flips, %u told, the others in words that had been read\n", flips, told);
  // All words but those that stand in a register already, of which there are two, with their parity bits.
  EXPECT_GE(told, (kDepth - 2) * 33);
}

TEST(SyncFifoFlips, NothingIsToldWithoutAFlip) {
  RandomSource random;
  for (unsigned round = 0; round < 100; ++round) EXPECT_EQ(FullFifo(random).empty().faults, 0U);
}

}  // namespace
}  // namespace sapulse::test
