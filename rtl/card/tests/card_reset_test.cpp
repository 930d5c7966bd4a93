// SPDX-License-Identifier: Apache-2.0
#include <Vcard_reset.h>
#include <gtest/gtest.h>

namespace sapulse::test {
namespace {

constexpr int kHold = 64;  // the default

class ResetRun {
 public:
  ResetRun() {
    module_.clk = module_.locked = 0;
    module_.bus_rst = 1;
    ticks(10);
  }
  /// Cycles in reset among the next ones.
  int ticks(int cycles) {
    int in_reset = 0;
    for (int i = 0; i < cycles; ++i) {
      module_.clk = 1;
      module_.eval();
      module_.clk = 0;
      module_.eval();
      in_reset += module_.rst;
    }
    return in_reset;
  }
  Vcard_reset* operator->() { return &module_; }

 private:
  Vcard_reset module_;
};

TEST(CardReset, LastsUntilTheClockIsStableAndTheHoldIsOver) {
  ResetRun reset;
  EXPECT_EQ(reset.ticks(100), 100);
  reset->locked = 1;
  const int in_reset = reset.ticks(4 * kHold);
  EXPECT_GE(in_reset, kHold);
  EXPECT_LT(in_reset, 2 * kHold);
}

TEST(CardReset, TheCoreRunsWhileTheBusIsInResetAndStartsAnewWhenItGoes) {
  ResetRun reset;
  reset->locked = 1;
  reset.ticks(4 * kHold);
  EXPECT_EQ(reset.ticks(1000), 0) << "the bus has been in reset all the time";
  reset->bus_rst = 0;
  EXPECT_EQ(reset.ticks(1000), 0);
  reset->bus_rst = 1;
  const int in_reset = reset.ticks(1000);
  EXPECT_GE(in_reset, kHold - 1);
  EXPECT_LT(in_reset, 2 * kHold);
}

}  // namespace
}  // namespace sapulse::test
