// SPDX-License-Identifier: Apache-2.0
#include <Vecho_start_bench.h>
#include <gtest/gtest.h>

#include <deque>

#include "clocked.h"
#include "random_source.h"

namespace sapulse::test {
namespace {

TEST(EchoStart, EachEchoHasItsOrderAndAReplyWithTheSameData) {
  constexpr std::uint32_t kReply = 3;  // sub-type in byte 0 of a packet; flags, none, in byte 1
  RandomSource random;
  Clocked<Vecho_start_bench> bench;
  std::deque<std::uint32_t> asked;
  bool is_first = true;
  unsigned orders = 0, packets = 0;
  const auto next = [&random] { return static_cast<std::uint32_t>(random.word()); };
  bench->echo_number = next();
  bench->request_data = next();
  for (int cycle = 0; cycle < 20000 && !::testing::Test::HasFatalFailure(); ++cycle) {
    // What has been offered stays until it is taken.
    bench->echo_valid = bench->echo_valid || random.chance(60);
    bench->request_valid = bench->request_valid || random.chance(60);
    bench->order_ready = random.chance(cycle % 200 < 100 ? 80 : 10);
    bench->reply_ready = random.chance(70);
    bench.settle();
    const bool takes_echo = bench->echo_valid && bench->echo_ready;
    const bool takes_beat = bench->request_valid && bench->request_ready;
    ASSERT_EQ(takes_beat, bench->reply_valid && bench->reply_ready);
    if (bench->order_valid && bench->order_ready) {
      ASSERT_FALSE(asked.empty());
      ASSERT_EQ(bench->order_number, asked.front());
      ASSERT_TRUE(bench->order_is_right);
      asked.pop_front();
      ++orders;
    }
    if (takes_echo) asked.push_back(bench->echo_number);
    if (takes_beat) {
      const std::uint32_t data = bench->request_data;
      ASSERT_EQ(bench->reply_data, is_first ? (data & 0xffff0000) | kReply : data);
      ASSERT_EQ(bench->reply_last, bench->request_last);
      is_first = bench->request_last;
      packets += bench->request_last;
    }
    ASSERT_FALSE(bench->fifo_fault);
    bench.tick();
    if (takes_echo) bench->echo_number = next(), bench->echo_valid = 0;
    if (takes_beat) bench->request_data = next(), bench->request_last = random.chance(40), bench->request_valid = 0;
  }
  EXPECT_GT(orders, 1000U);
  EXPECT_GT(packets, 1000U);
}

}  // namespace
}  // namespace sapulse::test
