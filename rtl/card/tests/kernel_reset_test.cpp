// SPDX-License-Identifier: Apache-2.0
#include <Vkernel_reset_bench.h>
#include <gtest/gtest.h>

namespace sapulse::test {
namespace {

constexpr unsigned kOkay = 0, kSlaveError = 2;

class KernelReset : public ::testing::Test {
 protected:
  KernelReset() {
    module_.clk = 0;
    module_.platform_rst = 1;
    for (int i = 0; i < 4; ++i) tick();
    module_.platform_rst = 0;
    module_.s_axil_wstrb = 15;
    module_.s_axil_bready = module_.s_axil_rready = 1;
    while (module_.closed) tick();
  }

  void tick() {
    module_.clk = 1;
    module_.eval();
    module_.clk = 0;
    module_.eval();
    in_reset_ += module_.core_rst;
    closed_ += module_.closed;
    if (module_.core_rst) EXPECT_TRUE(module_.closed) << "the core is in reset behind open gates";
  }

  /// The response; the cycles until it are counted from 0.
  unsigned write(unsigned address, unsigned value) {
    in_reset_ = closed_ = 0;
    module_.s_axil_awaddr = address;
    module_.s_axil_wdata = value;
    module_.s_axil_awvalid = module_.s_axil_wvalid = 1;
    tick();
    module_.s_axil_awvalid = module_.s_axil_wvalid = 0;
    for (int i = 0; i < 200 && !module_.s_axil_bvalid; ++i) tick();
    EXPECT_TRUE(module_.s_axil_bvalid);
    const unsigned response = module_.s_axil_bresp;
    tick();
    return response;
  }

  Vkernel_reset_bench module_;
  int in_reset_ = 0, closed_ = 0;
};

TEST_F(KernelReset, ResetsOnceAndAnswersWhenDone) {
  EXPECT_EQ(write(0, 1), kOkay);
  EXPECT_GE(in_reset_, 40);
  EXPECT_GE(closed_, in_reset_ + 10);
  EXPECT_FALSE(module_.closed);
  for (int i = 0; i < 200; ++i) tick();
  EXPECT_FALSE(module_.closed);
}

TEST_F(KernelReset, IgnoresAZeroAndRefusesOtherOffsets) {
  EXPECT_EQ(write(0, 0), kOkay);
  EXPECT_EQ(closed_, 0);
  EXPECT_EQ(write(4, 1), kSlaveError);
  EXPECT_EQ(closed_, 0);
}

}  // namespace
}  // namespace sapulse::test
