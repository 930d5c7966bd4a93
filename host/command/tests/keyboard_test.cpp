// SPDX-License-Identifier: Apache-2.0
#include "keyboard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sapulse::command {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Keys, AreTakenApart) {
  EXPECT_THAT(keys_of("\033[A\033[Bs q"), ElementsAre(Key::up, Key::down, Key::sort, Key::page_down, Key::quit));
  EXPECT_THAT(keys_of("\033[5~\033[6~\033OH\033[F"), ElementsAre(Key::page_up, Key::page_down, Key::home, Key::end));
}

TEST(Keys, OthersAreLeftOut) {
  EXPECT_THAT(keys_of("\033[15~\033[1;5Bx\033"), IsEmpty()) << "F5, Ctrl-Down, a letter, Esc";
  EXPECT_THAT(keys_of("\033[1;5Bq"), ElementsAre(Key::quit));
}

}  // namespace
}  // namespace sapulse::command
