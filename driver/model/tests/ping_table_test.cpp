// SPDX-License-Identifier: Apache-2.0
#include "ping_table.h"

#include <gtest/gtest.h>

namespace sapulse::model {
namespace {

constexpr std::uint32_t kFirst = 0x8000'0000;

class PingTableTest : public testing::Test {
 protected:
  std::uint32_t open(std::uint32_t sa, std::uint64_t deadline) {
    const std::uint32_t transaction = table_.free_transaction().value();
    table_.open({.transaction = transaction, .sa = sa, .deadline = deadline});
    return transaction;
  }
  [[nodiscard]] Match judge(std::uint32_t sa, std::uint32_t transaction) const {
    return table_.judge({.sa = sa}, transaction);
  }
  PingTable table_;
};

TEST_F(PingTableTest, TransactionsAreGivenOutInOrderAndComeBackWithTheNextGeneration) {
  for (std::uint32_t i = 0; i < regs::kPings; ++i) ASSERT_EQ(open(0, 100), kFirst + i);
  EXPECT_EQ(table_.free_transaction(), std::nullopt);
  (void)table_.answer(kFirst + 5);
  (void)table_.time_out(kFirst + 3);
  EXPECT_EQ(open(0, 100), kFirst + 5 + regs::kPings) << "freed longest ago";
  EXPECT_EQ(open(0, 100), kFirst + 3 + regs::kPings);
}

TEST_F(PingTableTest, RepliesAreMatchedByTransactionAndSa) {
  const std::uint32_t ping = open(7, 100);
  EXPECT_EQ(judge(7, ping), Match::matched);
  EXPECT_EQ(judge(8, ping), Match::unasked) << "of another SA";
  EXPECT_EQ(judge(7, ping + 1), Match::unasked) << "an index never used";
  EXPECT_EQ(judge(7, ping + regs::kPings), Match::unasked) << "a generation to come";
  EXPECT_EQ(table_.answer(ping).sa, 7U);
  EXPECT_EQ(judge(7, ping), Match::unasked) << "answered before";
}

TEST_F(PingTableTest, AReplyOfAnotherTimeIsNoReply) {
  const std::uint32_t transaction = table_.free_transaction().value();
  table_.open({.transaction = transaction, .sa = 7, .timed = true, .t_origin = 5000, .deadline = 100});
  EXPECT_EQ(table_.judge({.sa = 7, .t_origin = 4999}, transaction), Match::unasked);
  EXPECT_EQ(table_.judge({.sa = 7}, transaction), Match::unasked) << "without a telemetry block";
  EXPECT_EQ(table_.judge({.sa = 7, .t_origin = 5000}, transaction), Match::matched);
}

TEST_F(PingTableTest, WhatHasTimedOutIsLate) {
  const std::uint32_t ping = open(7, 100);
  (void)table_.time_out(ping);
  EXPECT_EQ(judge(7, ping), Match::late);
  EXPECT_EQ(judge(8, ping), Match::unasked);
  for (std::uint32_t i = 0; i < regs::kPings; ++i) (void)open(7, 100);
  EXPECT_EQ(judge(7, ping), Match::late) << "its index is used again";
}

TEST_F(PingTableTest, KnowsTheFirstDeadline) {
  EXPECT_EQ(table_.first(), nullptr);
  (void)open(1, 300);
  const std::uint32_t soon = open(2, 100);
  (void)open(3, 200);
  EXPECT_EQ(table_.first()->sa, 2U);
  (void)table_.time_out(soon);
  EXPECT_EQ(table_.first()->sa, 3U);
  table_.reset();
  EXPECT_EQ(table_.first(), nullptr);
}

}  // namespace
}  // namespace sapulse::model
