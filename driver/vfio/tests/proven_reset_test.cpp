// SPDX-License-Identifier: Apache-2.0
#include "proven_reset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sapulse::test {
namespace {

class ProvenReset : public testing::Test {
 protected:
  Result<void> run(const std::function<Result<void>()>& reset) {
    return reset_with_proof("0000:41:00.0",
                            {.read = [this] { return value_; },
                             .write =
                                 [this](std::uint32_t value) {
                                   if (keeps_) value_ = value;
                                 }},
                            reset);
  }

  std::uint32_t value_ = 0;
  bool keeps_ = true;
};

TEST_F(ProvenReset, AResetThatReachesTheCardIsGood) {
  EXPECT_TRUE(run([this]() -> Result<void> {
    EXPECT_NE(value_, 0U) << "it has something to clear";
    value_ = 0;
    return {};
  }));
}

TEST_F(ProvenReset, AttackOnACardThatAResetDoesNotReachFails) {
  const auto done = run([]() -> Result<void> { return {}; });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::incompatible);
  EXPECT_THAT(done.error().message, testing::HasSubstr("0000:41:00.0: a reset does not reach the card"));
}

TEST_F(ProvenReset, ACardThatKeepsNothingProvesNothing) {
  keeps_ = false;
  const auto done = run([]() -> Result<void> { return {}; });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::device_error);
  EXPECT_THAT(done.error().message, testing::HasSubstr("SCRATCH reads 0x00000000"));
}

TEST_F(ProvenReset, WhatReadsWhereNobodyAnswersProvesNothing) {
  constexpr std::uint32_t kNobody = 0xffff'ffff;
  keeps_ = false;
  value_ = kNobody;
  const auto gone = run([]() -> Result<void> { return {}; });
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, Errc::device_error);
  keeps_ = true;
  const auto lost = run([this]() -> Result<void> {
    value_ = kNobody;
    return {};
  });
  ASSERT_FALSE(lost) << "the reset has lost the card";
  EXPECT_THAT(lost.error().message, testing::HasSubstr("SCRATCH reads 0xffffffff"));
}

TEST_F(ProvenReset, AResetThatFailsSaysWhy) {
  const auto done = run([]() -> Result<void> { return failure(Errc::io_error, "no"); });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "no");
}

}  // namespace
}  // namespace sapulse::test
