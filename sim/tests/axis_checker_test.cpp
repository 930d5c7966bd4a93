// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "checked_axis.h"
#include "checker_bench.h"

namespace sapulse::sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class AxisChecker : public testing::Test {
 protected:
  void beat(std::uint64_t keep, bool last, bool ready) {
    bench_.pins().tvalid = 1;
    bench_.pins().tkeep = keep;
    bench_.pins().tlast = last;
    bench_.pins().tready = ready;
    bench_.tick();
  }
  void idle() {
    bench_.pins().tvalid = 0;
    bench_.tick();
  }
  CheckerBench<checked_axis> bench_;
  static constexpr std::uint64_t kFull = ~std::uint64_t{0};
};

TEST_F(AxisChecker, AcceptsFramesWithAndWithoutBackPressure) {
  beat(kFull, false, false);
  beat(kFull, false, true);
  beat(0x7, true, false);
  beat(0x7, true, true);
  idle();
  beat(kFull, true, true);
  idle();
  EXPECT_THAT(bench_.take(), IsEmpty());
}

TEST_F(AxisChecker, ReportsWithdrawnBeat) {
  beat(kFull, false, false);
  idle();
  EXPECT_THAT(bench_.take(), ElementsAre(HasSubstr("withdrawn")));
}

TEST_F(AxisChecker, ReportsChangeOfAnySignalBeforeReady) {
  beat(kFull, false, false);
  bench_.pins().tdata[15] = 1;
  beat(kFull, false, true);
  EXPECT_THAT(bench_.take(), ElementsAre(HasSubstr("changed")));
  beat(0xff, true, false);
  beat(0x7f, true, true);
  EXPECT_THAT(bench_.take(), ElementsAre(HasSubstr("changed")));
  beat(kFull, false, false);
  beat(kFull, true, true);
  EXPECT_THAT(bench_.take(), ElementsAre(HasSubstr("changed")));
  beat(kFull, true, false);
  bench_.pins().tuser = 1;
  beat(kFull, true, true);
  EXPECT_THAT(bench_.take(), ElementsAre(HasSubstr("changed")));
}

TEST_F(AxisChecker, ReportsKeepWithHole) {
  beat(0b1011, true, true);
  EXPECT_THAT(bench_.take(), ElementsAre(HasSubstr("contiguous")));
}

TEST_F(AxisChecker, ReportsKeepThatDoesNotBeginAtByte0) {
  beat(0b1110, true, true);
  EXPECT_THAT(bench_.take(), testing::Contains(HasSubstr("begin at byte 0")));
  beat(0, true, true);
  EXPECT_THAT(bench_.take(), testing::Contains(HasSubstr("begin at byte 0")));
}

TEST_F(AxisChecker, ReportsPartialBeatBeforeLast) {
  beat(kFull >> 1, false, true);
  EXPECT_THAT(bench_.take(), ElementsAre(HasSubstr("not full")));
}

TEST_F(AxisChecker, ReportsValidInReset) {
  bench_.pins().tvalid = 1;
  bench_.pins().tkeep = kFull;
  bench_.pins().rst = 1;
  for (int i = 0; i < 3; ++i) bench_.tick();
  EXPECT_THAT(bench_.take(), IsEmpty());
  bench_.tick();
  EXPECT_THAT(bench_.take(), ElementsAre(HasSubstr("reset")));
}

}  // namespace
}  // namespace sapulse::sim
