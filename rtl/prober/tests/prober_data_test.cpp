// SPDX-License-Identifier: Apache-2.0
// The memory of customer packets: what is forgotten, and what is not.
#include <Vprober_data_bench.h>
#include <gtest/gtest.h>

#include <optional>

#include "clocked.h"
#include "random_source.h"

namespace sapulse::test {
namespace {

/// prober_data has no reset; Clocked wants one.
struct Module : Vprober_data_bench {
  using Vprober_data_bench::Vprober_data_bench;
  std::uint8_t rst = 0;
};

class ProberData : public ::testing::Test {
 protected:
  ProberData() {
    for (unsigned sa = 0; sa < 16; ++sa) {  // memory starts with anything
      data(sa, sa);
      cycle();
    }
    cycle();
    dut_->clear_valid = 1;
    for (unsigned sa = 0; sa < 16; ++sa) {
      dut_->clear_sa = sa;
      cycle();
    }
    dut_->clear_valid = 0;
  }

  void cycle() {
    dut_.settle();
    dut_.tick();
    dut_->data_valid = dut_->stale_valid = 0;
  }
  void data(unsigned sa, std::uint32_t tick) {
    dut_->data_valid = 1;
    dut_->data_sa = sa;
    dut_->tick = tick;
  }
  void stale(unsigned sa) {
    dut_->stale_valid = 1;
    dut_->stale_sa = sa;
  }
  std::optional<std::uint32_t> read(unsigned sa) {
    cycle();  // what was offered before is written
    dut_->read_sa = sa;
    cycle();
    if (!dut_->read_seen) return std::nullopt;
    return dut_->read_tick;
  }

  Clocked<Module> dut_;
};

TEST_F(ProberData, KeepsTheLastTimeOfEachSa) {
  for (unsigned sa = 0; sa < 16; ++sa) EXPECT_EQ(read(sa), std::nullopt);
  data(3, 100);
  cycle();
  data(4, 200);
  cycle();
  data(3, 0xffffffff);
  cycle();
  EXPECT_EQ(read(3), 0xffffffff);
  EXPECT_EQ(read(4), 200U);
  EXPECT_EQ(read(5), std::nullopt);
}

TEST_F(ProberData, ForgetsAStaleTime) {
  for (unsigned sa : {3U, 4U}) {
    data(sa, 100);
    cycle();
  }
  stale(3);
  cycle();
  EXPECT_EQ(read(3), std::nullopt);
  EXPECT_EQ(read(4), 100U);
}

TEST_F(ProberData, APacketGoesBeforeForgetting) {
  data(3, 100);
  cycle();
  data(4, 200);
  stale(3);
  cycle();
  EXPECT_EQ(read(4), 200U);
  EXPECT_EQ(read(3), 100U) << "to be forgotten at the next visit";
  data(3, 300);
  stale(3);
  cycle();
  EXPECT_EQ(read(3), 300U);
}

}  // namespace
}  // namespace sapulse::test
