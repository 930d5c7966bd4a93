// SPDX-License-Identifier: Apache-2.0
#include "stop_request.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

namespace sapulse::command {
namespace {

[[noreturn]] void go_on_for_ever() {
  for (;;) ::pause();
}

TEST(StopRequest, WhoGoesOnIsEnded) {
  const auto work = [] {
    catch_stop_signals();
    (void)std::raise(SIGTERM);
    go_on_for_ever();
  };
  EXPECT_EXIT(work(), testing::ExitedWithCode(1), "in the middle of its work");
}

TEST(StopRequest, WhoHasDoneItsWorkHasNotFailed) {
  const auto work = [] {
    catch_stop_signals();
    (void)std::raise(SIGTERM);
    note_work_done();
    go_on_for_ever();
  };
  EXPECT_EXIT(work(), testing::ExitedWithCode(0), "^$");
}

}  // namespace
}  // namespace sapulse::command
