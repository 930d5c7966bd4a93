// SPDX-License-Identifier: Apache-2.0
#include <Virq_messages.h>
#include <gtest/gtest.h>

#include <array>
#include <utility>

#include "clocked.h"
#include "random_source.h"

namespace sapulse::test {
namespace {

constexpr int kWidth = 4, kTurn = 64;  // as given in CMakeLists.txt

/// Takes messages with random delay and counts them.
class IrqRun {
 public:
  void run(int cycles, unsigned levels, unsigned acknowledge_chance) {
    for (int cycle = 0; cycle < cycles; ++cycle) {
      irq_->levels = levels;
      irq_->acknowledge = irq_->request && random_.chance(acknowledge_chance);
      irq_.settle();
      if (irq_->acknowledge) {
        ASSERT_LT(irq_->number, kWidth);
        ++count_[irq_->number];
      }
      irq_.tick();
    }
  }
  int take(int number) { return std::exchange(count_[number], 0); }

 private:
  RandomSource random_;
  Clocked<Virq_messages> irq_;
  std::array<int, kWidth> count_{};
};

TEST(IrqMessages, OneMessageForALevelThatFallsSoon) {
  IrqRun irq;
  irq.run(kTurn, 0, 100);
  for (int number = 0; number < kWidth; ++number) {
    int messages = 0;
    for (int round = 0; round < 50; ++round) {
      irq.run(12, 1U << number, 50);
      irq.run(12, 0, 50);
      messages += irq.take(number);
      for (int other = 0; other < kWidth; ++other) EXPECT_EQ(irq.take(other), 0);
    }
    // A turn that falls within a level repeats its message.
    EXPECT_GE(messages, 49);
    EXPECT_LE(messages, 50 + 50 * 24 / kTurn + 1);
  }
}

TEST(IrqMessages, ALevelThatStaysIsToldAtEveryTurn) {
  IrqRun irq;
  irq.run(20 * kTurn, 0xf, 50);
  for (int number = 0; number < kWidth; ++number) {
    const int messages = irq.take(number);
    EXPECT_GE(messages, 19);
    EXPECT_LE(messages, 22);
  }
}

TEST(IrqMessages, AllAreToldWhenTheBusIsSlow) {
  IrqRun irq;
  irq.run(100 * kTurn, 0xf, 5);
  for (int number = 0; number < kWidth; ++number) EXPECT_GE(irq.take(number), 10);
}

}  // namespace
}  // namespace sapulse::test
