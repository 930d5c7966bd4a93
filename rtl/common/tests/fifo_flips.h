// SPDX-License-Identifier: Apache-2.0
// A flipped bit in what any FIFO of 8 words of 32 bits keeps is told with its word: Vstream_bench, whose `told_after`
// says how many cycles after the one in which the word leaves.
#pragma once

#include <Vstream_bench.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>

#include "clocked.h"
#include "public_memory.h"
#include "random_source.h"

namespace sapulse::test {

inline constexpr unsigned kFlipsDepth = 8;  ///< as given in CMakeLists.txt

/// A full FIFO.
class FullFifo {
 public:
  explicit FullFifo(RandomSource& random) {
    fifo_->in_valid = 0;
    fifo_->out_ready = 0;
    while (!fifo_->in_ready) fifo_.tick();
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
    fifo_.settle();
    const unsigned told_after = fifo_->told_after;
    for (unsigned cycle = 0; cycle < kFlipsDepth + told_after; ++cycle) {
      fifo_.settle();
      result.faults += fifo_->fault;
      if (cycle >= told_after && damaged_[cycle - told_after]) {
        EXPECT_TRUE(fifo_->fault) << "word " << cycle - told_after;
      }
      if (cycle < kFlipsDepth) {
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
  std::array<std::uint32_t, kFlipsDepth> words_{};
  std::array<bool, kFlipsDepth> damaged_{};
};

/// Flips each bit, each in a FIFO of its own.
inline void each_bit_of_each_word_is_told_once() {
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
  EXPECT_GE(told, (kFlipsDepth - 2) * 33);
}

inline void nothing_is_told_without_a_flip() {
  RandomSource random;
  for (unsigned round = 0; round < 100; ++round) EXPECT_EQ(FullFifo(random).empty().faults, 0U);
}

}  // namespace sapulse::test
