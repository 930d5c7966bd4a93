// SPDX-License-Identifier: Apache-2.0
// What is counted and told of damaged entries.
#include <Vsa_faults_bench.h>
#include <gtest/gtest.h>

#include <bit>
#include <utility>
#include <vector>

#include "clocked.h"
#include "random_source.h"
#include "sapulse/registers.h"

namespace sapulse::test {
namespace {

constexpr unsigned kCountLatency = 2, kTellLatency = 3;  // cycles
constexpr unsigned kQuiet = 64;                          // cycles, as given in CMakeLists.txt
constexpr unsigned kTables = regs::kSaTableCount;

struct Fault {
  unsigned table, entry;
  bool operator==(const Fault&) const = default;
};

class SaFaults : public testing::Test {
 protected:
  SaFaults() {
    dut_->ready = 1;
    dut_->found = 0;
    dut_->fault_ready = 1;
  }

  /// One cycle in which tables meet damaged entries; `entry` as sa_faults_bench has it.
  void meet(unsigned tables = 0, unsigned entry = 0) {
    dut_->found = tables;
    dut_->entry = entry;
    dut_.settle();
    if (dut_->fault_valid && dut_->fault_ready) told_.push_back({dut_->fault_table, dut_->fault_entry});
    dut_.tick();
    dut_->found = 0;
    dut_.settle();
  }
  void rest(unsigned cycles) {
    for (unsigned i = 0; i < cycles; ++i) meet();
  }
  std::vector<Fault> take_told() {
    rest(kTellLatency + 1);
    return std::exchange(told_, {});
  }

  RandomSource random_;
  Clocked<Vsa_faults_bench> dut_;
  std::vector<Fault> told_;
};

TEST_F(SaFaults, EachIsCounted) {
  std::vector<unsigned> found;
  for (unsigned cycle = 0; cycle < 1000; ++cycle) {
    const auto tables = static_cast<unsigned>(random_.word() & random_.word()) % (1U << kTables);
    found.push_back(tables);
    meet(tables, static_cast<unsigned>(random_.below(1000)));
    if (found.size() < kCountLatency) continue;
    ASSERT_EQ(dut_->count, std::popcount(found[found.size() - kCountLatency])) << "cycle " << cycle;
  }
}

TEST_F(SaFaults, TheFirstOfThoseThatComeAtOnceIsTold) {
  for (unsigned table = 0; table < kTables; ++table) {
    const unsigned behind = static_cast<unsigned>(random_.word()) & ~((2U << table) - 1);
    meet(((1U << table) | behind) % (1U << kTables), 100);
    EXPECT_EQ(take_told(), (std::vector<Fault>{{table, 100 + table}}));
  }
}

TEST_F(SaFaults, WhileOneWaitsOthersAreNotTold) {
  dut_->fault_ready = 0;
  meet(1, 5);
  rest(kTellLatency);
  meet(1, 6);
  rest(kTellLatency);
  EXPECT_TRUE(dut_->fault_valid);
  dut_->fault_ready = 1;
  EXPECT_EQ(take_told(), (std::vector<Fault>{{0, 5}}));
  meet(1, 6);
  EXPECT_EQ(take_told(), (std::vector<Fault>{{0, 6}}));
}

TEST_F(SaFaults, TheSameOneIsToldAgainLater) {
  unsigned cycle = 0;
  std::vector<unsigned> told_at;
  for (; cycle < 3 * kQuiet + 50; ++cycle) {
    meet(2, 7);
    if (told_.size() > told_at.size()) told_at.push_back(cycle);
  }
  // Between being taken and being told again are the time of rest and the cycle in which it is found to be over.
  ASSERT_EQ(told_at.size(), 4U);
  EXPECT_EQ(told_at[0], kTellLatency);
  for (unsigned i = 1; i < 4; ++i) EXPECT_EQ(told_at[i] - told_at[i - 1], kQuiet + 2) << i;
}

TEST_F(SaFaults, AnotherOneIsToldAtOnce) {
  meet(2, 7);
  EXPECT_EQ(take_told(), (std::vector<Fault>{{1, 8}}));
  meet(2, 8);
  EXPECT_EQ(take_told(), (std::vector<Fault>{{1, 9}}));
  meet(4, 7);
  EXPECT_EQ(take_told(), (std::vector<Fault>{{2, 9}}));
}

/// A reset forgets the one that was told last, and what comes before the tables have been cleared.
TEST_F(SaFaults, AfterAReset) {
  meet(2, 7);
  EXPECT_EQ(take_told(), (std::vector<Fault>{{1, 8}}));
  dut_->rst = 1;
  meet(2, 7);
  meet(2, 7);
  dut_->rst = dut_->ready = 0;
  EXPECT_EQ(dut_->count, 0);
  meet(2, 7);
  EXPECT_EQ(dut_->count, 0);
  EXPECT_EQ(take_told(), std::vector<Fault>());
  dut_->ready = 1;
  meet(2, 7);
  EXPECT_EQ(take_told(), (std::vector<Fault>{{1, 8}}));
}

}  // namespace
}  // namespace sapulse::test
