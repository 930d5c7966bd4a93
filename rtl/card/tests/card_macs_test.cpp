// SPDX-License-Identifier: Apache-2.0
// Which cage is whose, with one of them and with two.
#include <Vcard_macs_bench.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "clocked.h"
#include "frames.h"

namespace sapulse::test {
namespace {

constexpr unsigned kLinks = kCages == 2 ? 2 : 0;  // port 1 alone has one

class CardMacs : public ::testing::Test {
 protected:
  CardMacs() { bench_->line_rx_ready = bench_->core_rx_ready = bench_->s_axil_rready = 1; }

  /// What arrives at each side while both send, frames of one beat.
  struct Received {
    std::vector<std::uint64_t> line, core;
    unsigned bad = 0;  // of those at the core's side
  };
  Received exchange(unsigned cycles) {
    Received received;
    for (unsigned cycle = 0; cycle < cycles; ++cycle) {
      bench_->line_tx_valid = bench_->core_tx_valid = 1;
      put(bench_->line_tx_beat, {.data = kLine, .last = true});
      put(bench_->core_tx_beat, {.data = kCore, .last = true});
      bench_->line_rx_ready = random_.chance(70);
      bench_->core_rx_ready = random_.chance(70);
      bench_.settle();
      if (bench_->line_rx_valid && bench_->line_rx_ready) received.line.push_back(get(bench_->line_rx_beat).data);
      if (bench_->core_rx_valid && bench_->core_rx_ready) {
        received.core.push_back(get(bench_->core_rx_beat).data);
        received.bad += get(bench_->core_rx_beat).bad;
      }
      bench_.tick();
    }
    return received;
  }
  std::uint32_t read(unsigned address) {
    bench_->s_axil_araddr = address;
    bench_->s_axil_arvalid = 1;
    bench_.tick();
    bench_->s_axil_arvalid = 0;
    for (int i = 0; i < 20 && !bench_->s_axil_rvalid; ++i) bench_.tick();
    EXPECT_TRUE(bench_->s_axil_rvalid);
    const std::uint32_t value = bench_->s_axil_rdata;
    bench_.tick();
    return value;
  }

  // With a VLAN tag, 0x8100, where a frame has it.
  static constexpr std::uint64_t kLine = 0x81'0000'1111, kCore = 0x81'0000'2222;
  RandomSource random_;
  Clocked<Vcard_macs_bench> bench_;
};

TEST_F(CardMacs, FramesOfTheSidesDoNotMix) {
  const Received received = exchange(1000);
  EXPECT_GT(received.line.size(), 100U);
  EXPECT_GT(received.core.size(), 100U);
  EXPECT_EQ(std::ranges::count(received.line, kLine), std::ssize(received.line));
  EXPECT_EQ(std::ranges::count(received.core, kCore), std::ssize(received.core));
  EXPECT_EQ(received.bad, kCages == 2 ? received.core.size() : 0) << "cage 1, if there is one, is the core's";
}

TEST_F(CardMacs, RegistersAreThoseOfAllCages) {
  EXPECT_EQ(read(0x04), kCages);
  EXPECT_EQ(read(0x10), kLinks);
  EXPECT_EQ(read(0x20), 7U);
  EXPECT_EQ(read(0x24), kCages == 2 ? 8U : 0U);
}

TEST_F(CardMacs, EachCageHasItsOwnLanes) {
  for (unsigned lane = 0; lane < 4 * kCages; ++lane) {
    bench_->gt_rxp = 1U << lane;
    bench_->gt_rxn = ~(1U << lane) & ((1U << 4 * kCages) - 1);
    bench_.settle();
    EXPECT_EQ(bench_->gt_txp, bench_->gt_rxp) << lane;
    EXPECT_EQ(bench_->gt_txn, bench_->gt_rxn) << lane;
  }
}

}  // namespace
}  // namespace sapulse::test
