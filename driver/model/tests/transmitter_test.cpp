// SPDX-License-Identifier: Apache-2.0
// Shares of line TX.
#include "transmitter.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace sapulse::model {
namespace {

constexpr std::size_t kCustomerBytes = 1500;
constexpr std::size_t kControlBytes = 100;

Frame frame(std::size_t bytes, Source source) { return Frame(bytes, static_cast<std::byte>(source)); }

class Shares : public testing::Test {
 protected:
  void push(Source source, std::size_t frames, std::uint64_t ready = 0) {
    const std::size_t bytes = source == Source::customer ? kCustomerBytes : kControlBytes;
    for (std::size_t i = 0; i < frames; ++i) line_.push(source, {.frame = frame(bytes, source), .ready = ready});
  }
  /// The order in which everything leaves.
  std::vector<Source> order() {
    line_.advance(1'000'000);
    std::vector<Source> sources;
    for (const OutputFrame& out : line_.take_frames()) sources.push_back(static_cast<Source>(out.bytes.front()));
    return sources;
  }
  const Timing timing_{.beat = 1};
  Transmitter line_{timing_, 0, [] { return std::uint64_t{15'000}; }};
};

TEST_F(Shares, ControlFramesWaitForAShareOfCustomersAtMost) {
  push(Source::customer, 100);
  push(Source::answer, 5);
  const std::vector<Source> sources = order();
  ASSERT_EQ(sources.size(), 105U);
  for (std::size_t i = 0; i < 55; ++i) EXPECT_EQ(sources[i] == Source::answer, i % 11 == 10) << i;
}

TEST_F(Shares, CustomersGoFirstOtherwise) {
  push(Source::customer, 9);
  push(Source::answer, 9);
  const std::vector<Source> sources = order();
  EXPECT_TRUE(std::ranges::is_sorted(sources));
  EXPECT_EQ(sources.size(), 18U);
}

TEST_F(Shares, WhatCustomersTookBeforeDoesNotCount) {
  push(Source::customer, 20);
  push(Source::answer, 1, 24 * 15);  // a customer frame takes 24 cycles
  const std::vector<Source> sources = order();
  EXPECT_EQ(std::ranges::find(sources, Source::answer) - sources.begin(), 20) << "five customer frames are no share";
}

TEST_F(Shares, AnswersAndFramesOfTheHostTakeTurns) {
  push(Source::answer, 20);
  push(Source::host, 5);
  const std::vector<Source> sources = order();
  for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(sources[i], i % 2 == 0 ? Source::answer : Source::host) << i;
}

TEST_F(Shares, ACustomerFrameGoesBetweenTwoControlFramesThatAreDue) {
  push(Source::customer, 30);
  push(Source::answer, 1);
  push(Source::host, 1);
  const std::vector<Source> sources = order();
  ASSERT_EQ(sources.size(), 32U);
  EXPECT_EQ(sources[10], Source::answer);
  EXPECT_EQ(sources[11], Source::customer);
  EXPECT_EQ(sources[12], Source::host);
}

}  // namespace
}  // namespace sapulse::model
