// SPDX-License-Identifier: Apache-2.0
// Bits of the prober's tables flip: the SA is not probed any more and nobody is told a state that it never had.
#include <Vprober_bench___024root.h>
#include <gtest/gtest.h>

#include "prober_bench.h"
#include "random_source.h"
#include "table_memory.h"

namespace sapulse::test {
namespace {

class DamagedProber : public ::testing::Test {
 protected:
  static constexpr unsigned kSa = 5;

  DamagedProber() {
    bench_.observe = [this] {
      if (bench_.dut->entry_fault) entry_faults_.push_back(bench_.dut->entry_fault_sa);
      if (bench_.dut->data_fault) data_faults_.push_back(bench_.dut->data_fault_sa);
    };
    bench_.ns_per_cycle = 1024;
  }

  static ProbeConfig settings() {
    ProbeConfig config;
    config.enable = true;
    config.data_alive = true;
    config.length = 64;
    config.interval = 200;
    config.detect = 4000;
    return config;
  }

  /// Flips a bit of the SA's entry and waits until it has been read. It is flipped again if it was written meanwhile.
  void flip(const TableMemory& memory, unsigned bit, const std::vector<unsigned>& faults) {
    for (unsigned tries = 0; faults.empty(); ++tries) {
      ASSERT_LT(tries, 100U) << "nobody has seen it";
      bench_.run(static_cast<std::int64_t>(random_.below(50)));
      memory.flip(kSa, bit);
      for (std::int64_t i = 0; i < ProberBench::sweep() && faults.empty() && memory.is_damaged(kSa); ++i)
        bench_.cycle();
    }
    EXPECT_EQ(faults, std::vector{kSa});
  }

  RandomSource random_;
  ProberBench bench_;
  std::vector<unsigned> entry_faults_;
  std::vector<unsigned> data_faults_;
};

TEST_F(DamagedProber, AnSaIsNotProbedUntilItsSettingsAreWrittenAndTellsIt) {
  auto& root = *bench_.dut->rootp;
  const TableMemory memory = table_memory("prober", regs::SaTable::prober, 347,
                                          root.prober_bench__DOT__u_dut__DOT__u_table__DOT__u_entries__DOT__memory);
  bench_.answer(kSa, 10);
  for (unsigned bit = 0; bit < memory.width && !HasFailure(); ++bit) {
    SCOPED_TRACE(testing::Message() << "bit " << bit);
    bench_.write(kSa, settings());
    bench_.run(500);
    ASSERT_EQ(bench_.read(kSa).state, ProbeState::up);
    (void)bench_.events_of(kSa);
    flip(memory, bit, entry_faults_);
    const std::size_t asked = bench_.requests.size();
    bench_.run(5 * ProberBench::sweep());
    EXPECT_EQ(bench_.requests.size(), asked) << "a probe of an SA whose settings are lost";
    EXPECT_EQ(bench_.read(kSa).state, ProbeState::idle);
    const auto events = bench_.events_of(kSa);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].report.state, ProbeState::idle);
    EXPECT_EQ(events[0].report.replies, 0U);
    EXPECT_EQ(entry_faults_.size(), 1U) << "told again";
    entry_faults_.clear();
  }
}

TEST_F(DamagedProber, ACommandThatMeetsADamagedEntryReadsOrWritesItAfresh) {
  auto& root = *bench_.dut->rootp;
  const TableMemory memory = table_memory("prober", regs::SaTable::prober, 347,
                                          root.prober_bench__DOT__u_dut__DOT__u_table__DOT__u_entries__DOT__memory);
  unsigned written = 0;
  unsigned read = 0;
  for (unsigned round = 0; round < 2000 && !HasFailure(); ++round) {
    bench_.write(kSa, settings());
    bench_.run(10 + static_cast<std::int64_t>(random_.below(40)));
    entry_faults_.clear();
    memory.flip(kSa, static_cast<unsigned>(random_.below(memory.width)));
    const bool writes = random_.chance(50);
    const ProbeReport report = bench_.command(writes ? 0 : 2, kSa, settings());
    if (entry_faults_.empty()) continue;  // written back by a visit that was under way
    if (writes) {
      ++written;
      EXPECT_EQ(bench_.read(kSa).state, ProbeState::init);
    } else {
      ++read;
      EXPECT_EQ(report.state, ProbeState::idle);
    }
  }
  EXPECT_GT(written, 300U);
  EXPECT_GT(read, 300U);
}

TEST_F(DamagedProber, ATimeOfACustomerPacketIsForgotten) {
  auto& root = *bench_.dut->rootp;
  const TableMemory memory = table_memory("times", regs::SaTable::customer_time, 34,
                                          root.prober_bench__DOT__u_dut__DOT__u_data__DOT__u_ticks__DOT__memory);
  bench_.write(kSa, settings());
  bench_.run(300);
  ASSERT_EQ(bench_.reply(kSa, bench_.requests.back().number), ProbeVerdict::matched);
  for (unsigned bit = 0; bit < memory.width && !HasFailure(); ++bit) {
    SCOPED_TRACE(testing::Message() << "bit " << bit);
    bench_.data(kSa);
    bench_.run(2 * ProberBench::sweep());
    flip(memory, bit, data_faults_);
    const std::int64_t heard = bench_.read(kSa).heard;
    bench_.run(3 * ProberBench::sweep());
    EXPECT_GE(bench_.read(kSa).heard, heard) << "a sign of life that never was";
    EXPECT_EQ(data_faults_.size(), 1U) << "told again";
    EXPECT_EQ(bench_.read(kSa).state, ProbeState::up);
    data_faults_.clear();
  }
}

}  // namespace
}  // namespace sapulse::test
