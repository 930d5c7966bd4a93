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
    bench.pins().tvalid = 1;
    bench.pins().tkeep = keep;
    bench.pins().tlast = last;
    bench.pins().tready = ready;
    bench.tick();
  }
  void idle() {
    bench.pins().tvalid = 0;
    bench.tick();
  }
  CheckerBench<checked_axis> bench;
  static constexpr std::uint64_t full = ~std::uint64_t{0};
};

TEST_F(AxisChecker, AcceptsFramesWithAndWithoutBackPressure) {
  beat(full, false, false);
  beat(full, false, true);
  beat(0x7, true, false);
  beat(0x7, true, true);
  idle();
  beat(full, true, true);
  idle();
  EXPECT_THAT(bench.take(), IsEmpty());
}

TEST_F(AxisChecker, ReportsWithdrawnBeat) {
  beat(full, false, false);
  idle();
  EXPECT_THAT(bench.take(), ElementsAre(HasSubstr("withdrawn")));
}

TEST_F(AxisChecker, ReportsChangeOfAnySignalBeforeReady) {
  beat(full, false, false);
  bench.pins().tdata[15] = 1;
  beat(full, false, true);
  EXPECT_THAT(bench.take(), ElementsAre(HasSubstr("changed")));
  beat(0xff, true, false);
  beat(0x7f, true, true);
  EXPECT_THAT(bench.take(), ElementsAre(HasSubstr("changed")));
  beat(full, false, false);
  beat(full, true, true);
  EXPECT_THAT(bench.take(), ElementsAre(HasSubstr("changed")));
  beat(full, true, false);
  bench.pins().tuser = 1;
  beat(full, true, true);
  EXPECT_THAT(bench.take(), ElementsAre(HasSubstr("changed")));
}

TEST_F(AxisChecker, ReportsKeepWithHole) {
  beat(0b1011, true, true);
  EXPECT_THAT(bench.take(), ElementsAre(HasSubstr("contiguous")));
}

TEST_F(AxisChecker, ReportsKeepThatDoesNotBeginAtByte0) {
  beat(0b1110, true, true);
  EXPECT_THAT(bench.take(), testing::Contains(HasSubstr("begin at byte 0")));
  beat(0, true, true);
  EXPECT_THAT(bench.take(), testing::Contains(HasSubstr("begin at byte 0")));
}

TEST_F(AxisChecker, ReportsPartialBeatBeforeLast) {
  beat(full >> 1, false, true);
  EXPECT_THAT(bench.take(), ElementsAre(HasSubstr("not full")));
}

TEST_F(AxisChecker, ReportsValidInReset) {
  bench.pins().tvalid = 1;
  bench.pins().tkeep = full;
  bench.pins().rst = 1;
  for (int i = 0; i < 3; ++i) bench.tick();
  EXPECT_THAT(bench.take(), IsEmpty());
  bench.tick();
  EXPECT_THAT(bench.take(), ElementsAre(HasSubstr("reset")));
}

}  // namespace
}  // namespace sapulse::sim
