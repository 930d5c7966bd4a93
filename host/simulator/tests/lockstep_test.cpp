// SPDX-License-Identifier: Apache-2.0
#include "lockstep.h"

#include <gmock/gmock.h>

namespace sapulse::command {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr auto line = static_cast<std::size_t>(sim::Port::line);
constexpr auto core = static_cast<std::size_t>(sim::Port::core);

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
  std::vector<std::string> compare() const { return lockstep.compare(rtl, fast, gateway); }

  const Frame a = Frame(60, std::byte{1});
  const Frame b = Frame(60, std::byte{2});
  std::vector<Frame> gateway;
  Recording rtl;
  Recording fast;
  Lockstep lockstep{Config{}};
};

TEST_F(LockstepTest, EqualRunsDoNotDiffer) {
  rtl.frames[core] = fast.frames[core] = {a, b};
  EXPECT_THAT(compare(), IsEmpty());
}

TEST_F(LockstepTest, OrderOfAPortCounts) {
  rtl.frames[core] = {a, b};
  fast.frames[core] = {b, a};
  EXPECT_THAT(compare(), ElementsAre(HasSubstr("core, frame 0"), HasSubstr("core, frame 1")));
}

TEST_F(LockstepTest, KindsMayInterleaveAsTheyLike) {
  gateway = {a};
  rtl.frames[line] = {a, b};
  fast.frames[line] = {b, a};
  EXPECT_THAT(compare(), IsEmpty());
}

TEST_F(LockstepTest, MissingFramesAndCounters) {
  rtl.frames[core] = {a};
  rtl.figures.exceptions.resize(1);
  EXPECT_THAT(compare(), ElementsAre("core: rtl 1 frames, fast 0", HasSubstr("exceptions unknown_spi: rtl 1, fast 0")));
}

TEST_F(LockstepTest, TimeOfAnExceptionDoesNotCount) {
  rtl.figures.exceptions.resize(1);
  fast.figures.exceptions.resize(1);
  fast.figures.exceptions[0].time = 5;
  EXPECT_THAT(compare(), IsEmpty());
  fast.figures.exceptions[0].spi = 5;
  EXPECT_THAT(compare(), ElementsAre(HasSubstr("exceptions unknown_spi")));
}

}  // namespace
}  // namespace sapulse::command
