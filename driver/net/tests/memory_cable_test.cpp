// SPDX-License-Identifier: Apache-2.0
#include "memory_cable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <cstddef>

namespace sapulse::net {
namespace {

model::OutputFrame frame_of(std::size_t bytes) {
  model::OutputFrame frame;
  frame.bytes.resize(bytes);
  return frame;
}

bool is_readable(const FramePort& end) {
  pollfd file{end.descriptor(), POLLIN, 0};
  return ::poll(&file, 1, 0) == 1;
}

TEST(MemoryCable, CarriesFramesInOrderAndTellsOfThem) {
  auto cable = make_memory_cable();
  ASSERT_TRUE(cable);
  auto& [one, other] = *cable;
  EXPECT_FALSE(is_readable(*other));
  one->send(std::vector{frame_of(60), frame_of(70)});
  one->send(std::vector{frame_of(80)});
  EXPECT_TRUE(is_readable(*other));
  EXPECT_FALSE(is_readable(*one)) << "what one end sends arrives at the other";
  std::vector<Received> received;
  EXPECT_FALSE(other->receive(received));
  ASSERT_EQ(received.size(), 3U);
  for (std::size_t i = 0; i < received.size(); ++i) EXPECT_EQ(received[i].frame.size(), 60 + 10 * i);
  EXPECT_FALSE(is_readable(*other));
  EXPECT_EQ(one->statistics().sent, 3U);
  EXPECT_EQ(other->statistics().received, 3U);
}

TEST(MemoryCable, WhatItCannotHoldIsUnsent) {
  constexpr std::size_t kFrames = 100'000;
  auto cable = make_memory_cable();
  ASSERT_TRUE(cable);
  cable->first->send(std::vector<model::OutputFrame>(kFrames, frame_of(60)));
  const NetStatistics full = cable->first->statistics();
  EXPECT_EQ(full.sent + full.unsent, kFrames);
  EXPECT_GT(full.sent, 1000U);
  EXPECT_GT(full.unsent, 0U);
}

TEST(MemoryCable, WhatIsSentToAnEndThatHasGoneIsUnsent) {
  auto cable = make_memory_cable();
  ASSERT_TRUE(cable);
  cable->second.reset();
  cable->first->send(std::vector{frame_of(60)});
  EXPECT_EQ(cable->first->statistics().unsent, 1U);
}

}  // namespace
}  // namespace sapulse::net
