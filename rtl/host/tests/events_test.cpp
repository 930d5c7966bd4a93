// SPDX-License-Identifier: Apache-2.0
// Event ring: what it shares with the exception ring is tested there and in dma_error_test and restart_test.
#include <gtest/gtest.h>

#include "ring_host.h"

namespace sapulse::test {
namespace {

constexpr std::uint32_t kEvent = regs::interrupt_status::kEvent.mask();

class EventRing : public ::testing::TestWithParam<unsigned> {};

TEST_P(EventRing, DeliversInOrderWhateverElseIsWritten) {
  HostBench bench;
  RingHost host(bench, 2, 2, GetParam());
  bench.memory.set_timing(static_cast<unsigned>(bench.random.between(0, 60)),
                          static_cast<unsigned>(bench.random.between(0, 60)));
  std::vector<Event> received;
  std::size_t sent = 0;
  constexpr std::size_t kTotal = 400;
  ASSERT_TRUE(bench.until([&] {
    for (auto batch = bench.random.between(0, 12); sent < kTotal && bench.random.chance(20) && batch > 0;
         --batch, ++sent) {
      bench.events.send(random_event(bench.random));
      if (bench.random.chance(30)) bench.send_exception(random_exception(bench.random));
    }
    const auto taken = host.take_events();
    received.insert(received.end(), taken.begin(), taken.end());
    if (bench.random.chance(30)) host.release_events();
    host.take_exceptions();
    if (bench.random.chance(30)) host.release_exceptions();
    bench.steps(static_cast<unsigned>(bench.random.between(0, 60)));
    return sent == kTotal && bench.events.waiting() == 0 && received.size() == bench.events.handed_over.size();
  }));
  EXPECT_EQ(received.size() + bench.events.dropped.size(), kTotal);
  for (std::uint32_t i = 0; i < received.size(); ++i)
    ASSERT_EQ(received.at(i), numbered(bench.events.handed_over.at(i), i)) << i;
  EXPECT_EQ(bench.get(regs::offset::kEventProducer), received.size());
}

INSTANTIATE_TEST_SUITE_P(Sizes, EventRing, ::testing::Values(0u, 1u, 3u, 7u, 15u));

TEST(EventRingFull, HasExactlyItsSize) {
  HostBench bench;
  RingHost host(bench, 2, 2, 3);
  for (int i = 0; i < 20; ++i) bench.events.send(random_event(bench.random));
  bench.until([&] { return host.status_block().event_producer == 8; });
  EXPECT_EQ(bench.events.handed_over.size(), 8u);
  EXPECT_EQ(bench.events.dropped.size(), 12u);
}

TEST(EventRingInterrupt, ComesAfterTheStatusBlock) {
  HostBench bench;
  RingHost host(bench, 2, 2, 3);
  bench.set(regs::offset::kInterruptEnable, kEvent);
  bench.memory.hold_write_responses(true);
  bench.events.send(random_event(bench.random));
  bench.steps(300);
  EXPECT_EQ(host.status_block().event_producer, 0u);
  EXPECT_EQ(bench.card().irq, 0u);
  bench.memory.hold_write_responses(false);
  bench.until([&] { return bench.card().irq != 0; });
  EXPECT_EQ(bench.card().irq, kEvent);
  EXPECT_EQ(host.status_block().event_producer, 1u);
}

TEST(EventRingDoorbell, ImplausibleConsumerMeansNoRoom) {
  HostBench bench;
  RingHost host(bench, 2, 2, 3);
  bench.set(regs::offset::kEventConsumer, 1);  // nothing has been written yet
  EXPECT_EQ(regs::status::kDoorbell.get(bench.get(regs::offset::kStatus)), 1u);
  bench.events.send(random_event(bench.random));
  bench.steps(100);
  EXPECT_EQ(bench.events.dropped.size(), 1u);
  bench.set(regs::offset::kEventConsumer, 0);
  EXPECT_EQ(regs::status::kDoorbell.get(bench.get(regs::offset::kStatus)), 0u);
  bench.events.send(random_event(bench.random));
  bench.until([&] { return host.take_events().size() == 1; });
}

}  // namespace
}  // namespace sapulse::test
