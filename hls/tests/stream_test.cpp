// SPDX-License-Identifier: Apache-2.0
// Streams of C simulation: order, growth, and nothing that stays behind.
#include <gtest/gtest.h>

#include <memory>

#include "hls_stream.h"

namespace {

TEST(Stream, KeepsItsOrderWhileItGrowsAndTurnsAround) {
  hls::stream<int> stream("numbers");
  int written = 0, read = 0;
  for (int round = 1; round < 40; ++round) {
    for (int i = 0; i < round; ++i) stream.write(written++);
    EXPECT_EQ(stream.size(), static_cast<std::size_t>(written - read));
    for (int i = 0; i < round - 1; ++i) ASSERT_EQ(stream.read(), read++);  // one more stays each time
  }
  while (!stream.empty()) ASSERT_EQ(stream.read(), read++);
  EXPECT_EQ(read, written);
}

TEST(Stream, OfFlags) {
  hls::stream<bool> stream("flags");
  for (int i = 0; i < 20; ++i) stream.write(i % 3 == 0);
  for (int i = 0; i < 20; ++i) ASSERT_EQ(stream.read(), i % 3 == 0);
}

TEST(Stream, RefusesMoreThanItsCapacity) {
  hls::stream<int, 3> stream("short");
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(stream.write_nb(i));
  EXPECT_TRUE(stream.full());
  EXPECT_FALSE(stream.write_nb(3));
  EXPECT_THROW(stream.write(3), std::logic_error);
  EXPECT_EQ(stream.read(), 0);
  EXPECT_TRUE(stream.write_nb(3));
  for (int i = 1; i <= 3; ++i) EXPECT_EQ(stream.read(), i);
  int nothing = 0;
  EXPECT_FALSE(stream.read_nb(nothing));
  EXPECT_THROW((void)stream.read(), std::logic_error);
}

/// Keys go through streams.
TEST(Stream, KeepsNothingOfWhatHasLeft) {
  hls::stream<std::shared_ptr<int>> stream("keys");
  std::weak_ptr<int> first;
  for (int i = 0; i < 10; ++i) {  // it grows meanwhile
    const auto key = std::make_shared<int>(i);
    if (i == 0) first = key;
    stream.write(key);
  }
  EXPECT_FALSE(first.expired());
  EXPECT_EQ(*stream.read(), 0);
  EXPECT_TRUE(first.expired());
  while (!stream.empty()) (void)stream.read();
}

}  // namespace
