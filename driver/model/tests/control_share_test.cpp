// SPDX-License-Identifier: Apache-2.0
#include "control_share.h"

#include <gtest/gtest.h>

namespace sapulse::model {
namespace {

constexpr std::size_t kLimit = 640;  // beats: all of reply_fifo, and a quarter of control_fifo
constexpr Holder kSource{.source = 3, .sa = std::nullopt};

TEST(ControlShare, ASourceIsOverItsShareUntilItGivesBack) {
  ControlShare share;
  share.take(kSource, kLimit - 9);
  EXPECT_FALSE(share.over(kSource));
  share.take(kSource, 9);
  EXPECT_TRUE(share.over(kSource));
  EXPECT_FALSE(share.over({.source = 4, .sa = std::nullopt}));
  share.give(kSource, 9);
  EXPECT_FALSE(share.over(kSource));
}

TEST(ControlShare, AnSaIsOverItsShareWhateverTheSources) {
  ControlShare share;
  share.take({.source = 1, .sa = 7}, kLimit / 2);
  share.take({.source = 2, .sa = 7}, kLimit / 2);
  EXPECT_TRUE(share.over({.source = 3, .sa = 7}));
  EXPECT_FALSE(share.over({.source = 3, .sa = 8}));
  EXPECT_FALSE(share.over({.source = 1, .sa = std::nullopt}));
  share.give({.source = 2, .sa = 7}, kLimit / 2);
  EXPECT_FALSE(share.over({.source = 3, .sa = 7}));
}

TEST(ControlShare, AShortFrameHoldsThePlaceOfOne) {
  ControlShare share;
  for (unsigned frame = 0; frame < kLimit / 8; ++frame) {
    EXPECT_FALSE(share.over(kSource));
    share.take(kSource, 1);
  }
  EXPECT_TRUE(share.over(kSource));
  share.clear();
  EXPECT_FALSE(share.over(kSource));
}

}  // namespace
}  // namespace sapulse::model
