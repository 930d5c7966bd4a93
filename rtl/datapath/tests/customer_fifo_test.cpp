// SPDX-License-Identifier: Apache-2.0
#include <Vcustomer_fifo_bench.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "clocked.h"
#include "public_memory.h"

namespace sapulse::test {
namespace {

constexpr unsigned kDepth = 8;        // as in customer_fifo_bench.sv
constexpr unsigned kInRegisters = 2;  ///< of a full FIFO's words, which a flip in its memory does not reach

struct Beat {
  bool as_it_came = false;
  bool last = false;
  bool odd = false;  ///< as the FIFO says with it
};

class CustomerFifo : public ::testing::Test {
 protected:
  static std::uint32_t word(unsigned beat) { return 0x1357'9bdfU * (beat + 1); }
  static bool last(unsigned beat) { return beat % 3 == 1; }

  /// Fills the FIFO, flips a bit and empties it.
  std::vector<Beat> beats_after_flip(unsigned entry, unsigned bit) {
    Clocked<Vcustomer_fifo_bench> fifo;
    fifo->in_valid = 1;
    for (unsigned beat = 0; beat < kDepth; ++beat) {
      fifo->in_data = word(beat);
      fifo->in_last = last(beat);
      fifo.tick();
    }
    fifo->in_valid = 0;
    for (unsigned cycle = 0; cycle < 3; ++cycle) fifo.tick();
    memory(fifo).flip(entry, bit);

    std::vector<Beat> beats;
    fifo->out_ready = 1;
    for (unsigned cycle = 0; cycle < 2 * kDepth; ++cycle) {
      fifo.settle();
      if (fifo->out_valid) {
        const std::uint32_t expected = word(static_cast<unsigned>(beats.size()));
        const bool as_it_came = std::ranges::all_of(fifo->out_data.m_storage, [&](auto w) { return w == expected; });
        beats.push_back({.as_it_came = as_it_came, .last = fifo->out_last != 0, .odd = fifo->odd != 0});
      }
      fifo.tick();
    }
    return beats;
  }

  static unsigned entry_width() {
    Clocked<Vcustomer_fifo_bench> fifo;
    return memory(fifo).width;
  }

  static PublicMemory memory(Clocked<Vcustomer_fifo_bench>& fifo) {
    const auto memories = public_memories(fifo.context());
    return *std::ranges::max_element(memories, {}, [](auto& it) { return it.entries == kDepth ? it.width : 0; });
  }
};

// Whatever flips, `last` stays: frames are neither joined nor parted. The beat that has changed says so, and no other.
TEST_F(CustomerFifo, NoFlipMovesTheEndOfAFrame) {
  const unsigned width = entry_width();
  ASSERT_GT(width, 512U + 64 + 2 + 2);
  unsigned changed = 0;
  for (unsigned entry = kInRegisters; entry < kDepth; ++entry) {
    for (unsigned bit = 0; bit < width; ++bit) {
      SCOPED_TRACE("beat " + std::to_string(entry) + ", bit " + std::to_string(bit));
      const std::vector<Beat> beats = beats_after_flip(entry, bit);
      ASSERT_EQ(beats.size(), kDepth);
      for (unsigned beat = 0; beat < kDepth; ++beat) {
        ASSERT_EQ(beats[beat].last, last(beat));
        ASSERT_EQ(beats[beat].odd, beat == entry);
        ASSERT_TRUE(beats[beat].as_it_came || beat == entry);
        changed += beats[beat].as_it_came ? 0 : 1;
      }
    }
  }
  EXPECT_EQ(changed, (kDepth - kInRegisters) * 512);
}

}  // namespace
}  // namespace sapulse::test
