// SPDX-License-Identifier: Apache-2.0
#include "lockstep.h"

#include <gmock/gmock.h>

namespace sapulse::command {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr auto kLine = static_cast<std::size_t>(sim::Port::line);
constexpr auto kCore = static_cast<std::size_t>(sim::Port::core);

TEST(FirstDifference, NamesTheBeat) {
  const Frame rtl(150, std::byte{1});
  Frame fast = rtl;
  EXPECT_EQ(first_difference(rtl, fast, rtl, fast), "");
  fast[64] = std::byte{2};
  EXPECT_THAT(first_difference(rtl, fast, rtl, fast),
              AllOf(HasSubstr("beat 1"), HasSubstr("rtl 0101"), HasSubstr("fast 0201")));
}

TEST(FirstDifference, SeesAMissingEnd) {
  const Frame rtl(130, std::byte{1});
  const Frame fast(128, std::byte{1});
  EXPECT_THAT(first_difference(rtl, fast, rtl, fast),
              AllOf(HasSubstr("130 and 128 bytes"), HasSubstr("beat 2"), HasSubstr("fast nothing")));
}

class LockstepTest : public testing::Test {
 protected:
  std::vector<std::string> compare() const { return lockstep_.compare(rtl_, fast_, gateway_); }

  const Frame a_ = Frame(60, std::byte{1});
  const Frame b_ = Frame(60, std::byte{2});
  std::vector<Frame> gateway_;
  Recording rtl_;
  Recording fast_;
  Lockstep lockstep_{Config{}};
};

TEST_F(LockstepTest, EqualRunsDoNotDiffer) {
  rtl_.frames[kCore] = fast_.frames[kCore] = {a_, b_};
  EXPECT_THAT(compare(), IsEmpty());
}

TEST_F(LockstepTest, OrderOfAPortCounts) {
  rtl_.frames[kCore] = {a_, b_};
  fast_.frames[kCore] = {b_, a_};
  EXPECT_THAT(compare(), ElementsAre(HasSubstr("core, frame 0"), HasSubstr("core, frame 1")));
}

TEST_F(LockstepTest, KindsMayInterleaveAsTheyLike) {
  gateway_ = {a_};
  rtl_.frames[kLine] = {a_, b_};
  fast_.frames[kLine] = {b_, a_};
  EXPECT_THAT(compare(), IsEmpty());
}

TEST_F(LockstepTest, MissingFramesAndCounters) {
  rtl_.frames[kCore] = {a_};
  rtl_.figures.exceptions.resize(1);
  EXPECT_THAT(compare(), ElementsAre("core: rtl 1 frames, fast 0", HasSubstr("exceptions unknown_spi: rtl 1, fast 0")));
}

TEST_F(LockstepTest, TimeOfAnExceptionDoesNotCount) {
  rtl_.figures.exceptions.resize(1);
  fast_.figures.exceptions.resize(1);
  fast_.figures.exceptions[0].time = 5;
  EXPECT_THAT(compare(), IsEmpty());
  fast_.figures.exceptions[0].spi = 5;
  EXPECT_THAT(compare(), ElementsAre(HasSubstr("exceptions unknown_spi")));
}

}  // namespace
}  // namespace sapulse::command
