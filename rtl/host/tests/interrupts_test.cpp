// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "ring_host.h"

namespace sapulse::test {
namespace {

constexpr std::uint32_t kCompletion = regs::interrupt_status::kCompletion.mask();
constexpr std::uint32_t kException = regs::interrupt_status::kException.mask();
constexpr std::uint32_t kError = regs::interrupt_status::kError.mask();

TEST(HostInterrupts, AreLevelsOfPendingAndEnabled) {
  HostBench bench;
  RingHost host(bench, 4, 4, 4);
  host.push(host.random_command());
  host.ring_doorbell();
  bench.until([&] { return host.status_block().completion_producer == 1; });
  bench.steps(50);
  EXPECT_EQ(bench.card().irq, 0u);
  EXPECT_EQ(bench.get(regs::offset::kInterruptStatus), kCompletion);
  bench.set(regs::offset::kInterruptEnable, kException | kError);
  EXPECT_EQ(bench.card().irq, 0u);
  bench.set(regs::offset::kInterruptEnable, kCompletion);
  EXPECT_EQ(bench.card().irq, kCompletion);
  bench.set(regs::offset::kInterruptStatus, kException | kError);  // zeros clear nothing
  EXPECT_EQ(bench.card().irq, kCompletion);
  bench.set(regs::offset::kInterruptStatus, kCompletion);
  EXPECT_EQ(bench.card().irq, 0u);
  EXPECT_EQ(bench.get(regs::offset::kInterruptStatus), 0u);

  bench.send_exception(random_exception(bench.random));
  bench.until([&] { return bench.get(regs::offset::kInterruptStatus) == kException; });
  EXPECT_EQ(host.status_block().exception_producer, 1u);
}

// Entry, its write response, status block, its write response, interrupt.
TEST(HostInterrupts, ComeAfterTheStatusBlockAndThatAfterTheEntries) {
  HostBench bench;
  RingHost host(bench, 4, 4, 4);
  bench.set(regs::offset::kInterruptEnable, kCompletion | kException);
  for (int i = 0; i < 30; ++i) {
    bench.set(regs::offset::kInterruptStatus, kCompletion | kException);
    const bool exception = bench.random.chance(50);
    const std::size_t writes_before = bench.memory.writes().size();
    bench.memory.hold_write_responses(true);
    if (exception) {
      bench.send_exception(random_exception(bench.random));
    } else {
      host.push(host.random_command());
      host.ring_doorbell();
    }
    const std::uint32_t produced_before = exception ? host.exception_consumer : host.completion_consumer;
    const auto produced = [&] {
      return exception ? host.status_block().exception_producer : host.status_block().completion_producer;
    };
    bench.steps(300);  // more than enough for everything that does not wait for the response
    EXPECT_EQ(produced(), produced_before) << "status block written before the response to the entry";
    bench.memory.hold_write_responses(false);
    bench.until([&] { return bench.memory.writes().size() == writes_before + 1; });
    bench.memory.hold_write_responses(true);
    bench.until([&] { return produced() == produced_before + 1; });
    bench.steps(300);
    EXPECT_EQ(bench.card().irq, 0u) << "interrupt before the response to the status block";
    bench.memory.hold_write_responses(false);
    bench.until([&] { return bench.card().irq != 0; });
    EXPECT_EQ(bench.card().irq, exception ? kException : kCompletion);
    host.take_completions();
    host.take_exceptions();
    host.release_completions();
    host.release_exceptions();
  }
}

}  // namespace
}  // namespace sapulse::test
