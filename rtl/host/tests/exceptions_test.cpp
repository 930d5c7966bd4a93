// SPDX-License-Identifier: Apache-2.0
// Exception ring.
#include <gtest/gtest.h>

#include "ring_host.h"

namespace sapulse::test {
namespace {

class ExceptionRing : public ::testing::TestWithParam<unsigned> {};

TEST_P(ExceptionRing, DeliversInOrderAndDropsOnlyWhatFindsNoRoom) {
  HostBench bench;
  RingHost host(bench, 2, 2, GetParam());
  bench.memory.set_timing(static_cast<unsigned>(bench.random.between(0, 60)),
                          static_cast<unsigned>(bench.random.between(0, 60)));
  std::vector<Exception> received;
  std::size_t sent = 0;
  constexpr std::size_t kTotal = 400;
  ASSERT_TRUE(bench.until([&] {
    for (auto batch = bench.random.between(0, 12); sent < kTotal && bench.random.chance(20) && batch > 0;
         --batch, ++sent) {
      bench.send_exception(random_exception(bench.random));
    }
    const auto taken = host.take_exceptions();
    received.insert(received.end(), taken.begin(), taken.end());
    if (bench.random.chance(30)) host.release_exceptions();
    bench.steps(static_cast<unsigned>(bench.random.between(0, 60)));
    return sent == kTotal && bench.exceptions_waiting() == 0 && received.size() == bench.exceptions.handed_over.size();
  }));
  EXPECT_EQ(received.size() + bench.exceptions.dropped.size(), kTotal);
  for (std::uint32_t i = 0; i < received.size(); ++i)
    ASSERT_EQ(received.at(i), numbered(bench.exceptions.handed_over.at(i), i)) << i;
  EXPECT_EQ(bench.get(regs::offset::kExceptionProducer), received.size());
}

INSTANTIATE_TEST_SUITE_P(Sizes, ExceptionRing, ::testing::Values(0u, 1u, 2u, 3u, 5u, 7u, 15u));

TEST(ExceptionRingFull, HasExactlyItsSize) {
  HostBench bench;
  RingHost host(bench, 2, 2, 3);
  for (int round = 0; round < 3; ++round) {
    const std::size_t handed_over = bench.exceptions.handed_over.size();
    for (int i = 0; i < 20; ++i) bench.send_exception(random_exception(bench.random));
    bench.until([&] { return bench.exceptions_waiting() == 0; });
    EXPECT_EQ(bench.exceptions.handed_over.size(), handed_over + 8);
    bench.until([&] { return host.status_block().exception_producer == handed_over + 8; });
    host.take_exceptions();
    host.release_exceptions();
    bench.steps(10);
  }
}

TEST(ExceptionRingFull, OneReleasedEntryIsRoomForOne) {
  HostBench bench;
  RingHost host(bench, 2, 2, 2);
  for (int i = 0; i < 10; ++i) bench.send_exception(random_exception(bench.random));
  bench.until([&] { return host.status_block().exception_producer == 4; });
  bench.set(regs::offset::kExceptionConsumer, 1);
  bench.steps(10);
  for (int i = 0; i < 10; ++i) bench.send_exception(random_exception(bench.random));
  bench.until([&] { return bench.exceptions_waiting() == 0 && host.status_block().exception_producer == 5; });
  EXPECT_EQ(bench.exceptions.handed_over.size(), 5u);
}

TEST(ExceptionRingOff, HasNoRoom) {
  HostBench bench;
  bench.steps(300);
  bench.send_exception(random_exception(bench.random));
  bench.steps(10);
  EXPECT_EQ(bench.exceptions.dropped.size(), 1u);
}

TEST(ExceptionRingDoorbell, ImplausibleConsumerMeansNoRoom) {
  HostBench bench;
  RingHost host(bench, 2, 2, 3);
  bench.set(regs::offset::kExceptionConsumer, 1);  // nothing has been written yet
  EXPECT_EQ(regs::status::kDoorbell.get(bench.get(regs::offset::kStatus)), 1u);
  bench.send_exception(random_exception(bench.random));
  bench.steps(100);
  EXPECT_EQ(bench.exceptions.dropped.size(), 1u);
  bench.set(regs::offset::kExceptionConsumer, 0);
  EXPECT_EQ(regs::status::kDoorbell.get(bench.get(regs::offset::kStatus)), 0u);
  bench.send_exception(random_exception(bench.random));
  bench.until([&] { return host.take_exceptions().size() == 1; });
}

}  // namespace
}  // namespace sapulse::test
