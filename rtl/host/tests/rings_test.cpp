// SPDX-License-Identifier: Apache-2.0
// Command and completion ring.
#include <gtest/gtest.h>

#include <deque>

#include "ring_host.h"

namespace sapulse::test {
namespace {

// Random batches until `total` commands have been answered, each checked; the host releases completions now and then.
void run_commands(HostBench& bench, RingHost& host, unsigned total) {
  std::deque<Descriptor> open;
  unsigned sent = 0;
  unsigned answered = 0;
  std::uint64_t last_time = 0;
  ASSERT_TRUE(bench.until([&] {
    if (sent < total && bench.random.chance(30)) {
      const auto room = std::min<std::uint64_t>(host.free_commands(), total - sent);
      const auto batch = bench.random.between(0, room);
      for (std::uint64_t i = 0; i < batch; ++i) {
        open.push_back(host.random_command());
        host.push(open.back());
      }
      sent += static_cast<unsigned>(batch);
      host.ring_doorbell();
    }
    for (const CompletionRecord& record : host.take_completions()) {
      if (open.empty()) {
        ADD_FAILURE() << "completion without a command";
        return true;
      }
      expect_answer(open.front(), record);
      EXPECT_GT(record.time, last_time);
      last_time = record.time;
      open.pop_front();
      ++answered;
    }
    if (bench.random.chance(50)) host.release_completions();
    bench.steps(static_cast<unsigned>(bench.random.between(0, 100)));
    return answered == total;
  }));
  EXPECT_EQ(bench.get(regs::offset::kCommandConsumer), host.command_producer);
  EXPECT_EQ(bench.get(regs::offset::kCompletionProducer), host.completion_consumer);
}

struct RingSizes {
  unsigned command_log2;
  unsigned completion_log2;
};

class CommandRing : public ::testing::TestWithParam<RingSizes> {};

TEST_P(CommandRing, AnswersRandomBatchesInOrderAcrossTheWrap) {
  HostBench bench;
  RingHost host(bench, GetParam().command_log2, GetParam().completion_log2, 2);
  bench.memory.set_timing(static_cast<unsigned>(bench.random.between(0, 60)),
                          static_cast<unsigned>(bench.random.between(0, 60)));
  run_commands(bench, host, 400);
  EXPECT_EQ(bench.executed.size(), 400u);
}

INSTANTIATE_TEST_SUITE_P(Sizes, CommandRing,
                         ::testing::Values(RingSizes{0, 0}, RingSizes{0, 4}, RingSizes{1, 1}, RingSizes{2, 1},
                                           RingSizes{3, 3}, RingSizes{4, 2}, RingSizes{6, 6}, RingSizes{8, 7}),
                         [](const auto& info) {
                           return std::to_string(info.param.command_log2) + "And" +
                                  std::to_string(info.param.completion_log2);
                         });

TEST(CommandRingBig, WorksAtTheLargestSize) {
  HostBench bench;
  RingHost host(bench, 15, 15, 15);
  run_commands(bench, host, 100);
}

TEST(CommandRingFull, CommandsWaitForRoomForTheirCompletions) {
  HostBench bench;
  RingHost host(bench, 6, 2, 2);
  for (int i = 0; i < 20; ++i) host.push(host.random_command());
  host.ring_doorbell();
  bench.until([&] { return host.status_block().completion_producer == 4; });
  bench.steps(2000);
  EXPECT_EQ(bench.executed.size(), 4u);
  EXPECT_EQ(host.status_block().completion_producer, 4u);
  EXPECT_EQ(regs::status::kIdle.get(bench.get(regs::offset::kStatus)), 0u);
  for (int i = 0; i < 5; ++i) {
    host.take_completions();
    host.release_completions();
    bench.steps(2000);
  }
  EXPECT_EQ(host.completion_consumer, 20u);
  EXPECT_EQ(regs::status::kIdle.get(bench.get(regs::offset::kStatus)), 1u);
}

TEST(CommandRingDoorbell, ImplausibleProducerStopsTheRingUntilItIsCorrected) {
  HostBench bench;
  RingHost host(bench, 3, 3, 3);
  const auto doorbell = [&] { return regs::status::kDoorbell.get(bench.get(regs::offset::kStatus)); };
  host.push(host.random_command());
  for (const std::uint32_t bad : {9u, 100u, 0xffffffffu, 0x80000000u}) {
    const std::size_t reads = bench.memory.reads().size();
    bench.set(regs::offset::kCommandProducer, bad);
    bench.steps(1000);
    EXPECT_EQ(doorbell(), 1u) << bad;
    EXPECT_EQ(bench.get(regs::offset::kInterruptStatus), regs::interrupt_status::kError.mask());
    EXPECT_EQ(bench.memory.reads().size(), reads);
    EXPECT_EQ(bench.get(regs::offset::kDmaError), 0u);
    bench.set(regs::offset::kCommandProducer, 0);
    EXPECT_EQ(doorbell(), 0u);
    bench.set(regs::offset::kInterruptStatus, 7);
    EXPECT_EQ(bench.get(regs::offset::kInterruptStatus), 0u);
  }
  host.ring_doorbell();
  bench.until([&] { return host.take_completions().size() == 1; });
}

TEST(CommandRingDoorbell, ImplausibleCompletionConsumerStopsTheCommands) {
  HostBench bench;
  RingHost host(bench, 3, 3, 3);
  bench.set(regs::offset::kCompletionConsumer, 5);
  EXPECT_EQ(regs::status::kDoorbell.get(bench.get(regs::offset::kStatus)), 1u);
  host.push(host.random_command());
  host.ring_doorbell();
  bench.steps(1000);
  EXPECT_TRUE(bench.executed.empty());
  bench.set(regs::offset::kCompletionConsumer, 0);
  bench.until([&] { return host.take_completions().size() == 1; });
}

// Fetching, executing and completing overlap: a command costs few cycles even when memory is slow.
TEST(CommandRingSpeed, LatencyOfMemoryIsShared) {
  HostBench bench;
  RingHost host(bench, 6, 6, 2);
  host.disable();
  host.completion_base = 0x5'0000'0000;  // aligned as an allocator would do it, so that completions share bursts
  bench.memory.map(host.completion_base, 64 * regs::kCompletionBytes);
  host.configure();
  host.enable();
  bench.memory.set_timing(0, 60);
  for (int i = 0; i < 64; ++i) host.push(host.random_command());
  host.ring_doorbell();
  const std::uint64_t begin = bench.cycle;
  bench.until([&] { return host.status_block().completion_producer == 64; });
  EXPECT_LE(bench.cycle - begin, 64u * 40);
}

}  // namespace
}  // namespace sapulse::test
