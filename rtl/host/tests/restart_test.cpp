// SPDX-License-Identifier: Apache-2.0
// Stopping rings in the middle of work and starting them again.
#include <gtest/gtest.h>

#include <functional>

#include "ring_host.h"

namespace sapulse::test {
namespace {

TEST(HostRestart, StopsCleanlyInTheMiddleAndBeginsAtZero) {
  HostBench bench;
  RingHost host(bench, 5, 5, 4);
  for (int round = 0; round < 60; ++round) {
    bench.memory.set_timing(static_cast<unsigned>(bench.random.between(0, 60)),
                            static_cast<unsigned>(bench.random.between(0, 60)));
    bench.hold_commands(bench.random.chance(10));
    for (auto n = bench.random.between(0, 30); n > 0; --n) host.push(host.random_command());
    host.ring_doorbell();
    for (auto n = bench.random.between(0, 12); n > 0; --n) bench.send_exception(random_exception(bench.random));
    bench.steps(static_cast<unsigned>(bench.random.between(0, 400)));

    for (auto n = bench.random.between(0, 12); n > 0; --n) bench.events.send(random_event(bench.random));

    host.disable();
    bench.hold_commands(false);
    bench.until([&] { return regs::status::kDmaIdle.get(bench.get(regs::offset::kStatus)) == 1; });
    const std::size_t reads = bench.memory.reads().size();
    const std::size_t writes = bench.memory.writes().size();
    bench.steps(300);
    ASSERT_EQ(bench.memory.reads().size(), reads) << "read after DMA_IDLE";
    ASSERT_EQ(bench.memory.writes().size(), writes) << "write after DMA_IDLE";
    bench.until([&] { return bench.exceptions_waiting() == 0 && bench.events.waiting() == 0; });

    host.enable();
    for (const auto offset :
         {regs::offset::kCommandProducer, regs::offset::kCommandConsumer, regs::offset::kCompletionConsumer,
          regs::offset::kCompletionProducer, regs::offset::kExceptionConsumer, regs::offset::kExceptionProducer,
          regs::offset::kEventConsumer, regs::offset::kEventProducer}) {
      ASSERT_EQ(bench.get(offset), 0u) << std::hex << offset;
    }
    bench.exceptions.handed_over.clear();
    bench.events.handed_over.clear();
    const std::size_t executed = bench.executed.size();
    std::vector<Descriptor> sent;
    for (int i = 0; i < 5; ++i) {
      sent.push_back(host.random_command());
      host.push(sent.back());
    }
    host.ring_doorbell();
    for (int i = 0; i < 3; ++i) bench.send_exception(random_exception(bench.random));
    bench.events.send(random_event(bench.random));
    ASSERT_TRUE(bench.until([&] {
      const StatusBlockRecord block = host.status_block();
      return block.completion_producer == 5 && block.exception_producer == 3 && block.event_producer == 1;
    }));
    ASSERT_EQ(host.take_events().at(0), numbered(bench.events.handed_over.at(0), 0));
    const auto answers = host.take_completions();
    for (std::size_t i = 0; i < sent.size(); ++i) expect_answer(sent.at(i), answers.at(i));
    const auto exceptions = host.take_exceptions();
    for (std::uint32_t i = 0; i < 3; ++i) ASSERT_EQ(exceptions.at(i), numbered(bench.exceptions.handed_over.at(i), i));
    EXPECT_EQ(bench.executed.size(), executed + 5);
    EXPECT_EQ(bench.get(regs::offset::kDmaError), 0u);
    EXPECT_EQ(regs::status::kDoorbell.get(bench.get(regs::offset::kStatus)), 0u);
    host.release_completions();
    host.release_exceptions();
    host.release_events();
  }
}

// The enable bit may rise again before everything under way has ended.
TEST(HostRestart, AtOnceWorksToo) {
  HostBench bench;
  RingHost host(bench, 5, 5, 4);
  bench.memory.set_timing(30, 200);
  for (int round = 0; round < 40; ++round) {
    for (int i = 0; i < 10; ++i) host.push(host.random_command());
    host.ring_doorbell();
    bench.steps(static_cast<unsigned>(bench.random.between(0, 300)));
    host.disable();
    host.enable();
    // An entry of before may still be written while the new ring is being filled; its indices are not counted.
    const Descriptor command = host.random_command();
    host.push(command);
    host.ring_doorbell();
    ASSERT_TRUE(bench.until([&] { return bench.get(regs::offset::kCompletionProducer) == 1; }));
    ASSERT_TRUE(bench.until([&] { return host.status_block().completion_producer == 1; }));
    const auto answers = host.take_completions();
    ASSERT_EQ(answers.size(), 1u);
    expect_answer(command, answers.front());
    host.release_completions();
  }
}

// An entry of before that is still being written keeps the ring from starting, but not its indices from being 0.
TEST(HostRestart, IndicesAreZeroWhileTheOldWriteIsUnderWay) {
  struct Ring {
    std::uint32_t index;     // register of the card's index
    std::uint32_t producer;  // of what the card writes for an entry
    std::function<void()> add_entry;
  };
  HostBench bench;
  RingHost host(bench, 5, 5, 4);
  const auto add_command = [&] {
    host.push(host.random_command());
    host.ring_doorbell();
  };
  for (const Ring& ring : {Ring{regs::offset::kCommandConsumer, regs::offset::kCompletionProducer, add_command},
                           {regs::offset::kCompletionProducer, regs::offset::kCompletionProducer, add_command},
                           {regs::offset::kExceptionProducer, regs::offset::kExceptionProducer,
                            [&] { bench.send_exception(random_exception(bench.random)); }},
                           {regs::offset::kEventProducer, regs::offset::kEventProducer,
                            [&] { bench.events.send(random_event(bench.random)); }}}) {
    const auto dma_idle = [&] { return regs::status::kDmaIdle.get(bench.get(regs::offset::kStatus)); };
    ring.add_entry();
    ASSERT_TRUE(bench.until([&] { return bench.get(ring.producer) == 1 && dma_idle() == 1; }));
    bench.memory.hold_write_responses(true);
    ring.add_entry();
    bench.steps(1000);
    ASSERT_EQ(dma_idle(), 0u) << "the second entry is not being written";
    host.disable();
    host.enable();
    EXPECT_EQ(bench.get(ring.index), 0u) << std::hex << ring.index;
    ASSERT_EQ(dma_idle(), 0u);
    bench.memory.hold_write_responses(false);
    ASSERT_TRUE(bench.until([&] { return dma_idle() == 1; }));
    EXPECT_EQ(bench.get(ring.index), 0u) << std::hex << ring.index;
  }
}

TEST(HostRestart, OneRingDoesNotDisturbTheOther) {
  HostBench bench;
  RingHost host(bench, 4, 4, 4);
  bench.set(regs::offset::kRingEnable, regs::ring_enable::kCommand.mask());
  host.push(host.random_command());
  host.ring_doorbell();
  bench.until([&] { return host.take_completions().size() == 1; });
  host.release_completions();
  bench.set(regs::offset::kRingEnable, 3);
  EXPECT_EQ(bench.get(regs::offset::kCommandConsumer), 1u);
  EXPECT_EQ(bench.get(regs::offset::kCompletionConsumer), 1u);
  bench.steps(20);
  bench.send_exception(random_exception(bench.random));
  bench.until([&] { return host.take_exceptions().size() == 1; });
}

}  // namespace
}  // namespace sapulse::test
