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

/// Standard output takes an interrupted write for an error.
TEST(StopRequest, WhatIsBeingWrittenIsWritten) {
  catch_stop_signals();
  for (const int signal : {SIGINT, SIGTERM}) {
    struct sigaction action{};
    ASSERT_EQ(::sigaction(signal, nullptr, &action), 0);
    EXPECT_NE(action.sa_flags & SA_RESTART, 0) << signal;
    (void)std::signal(signal, SIG_DFL);
  }
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
