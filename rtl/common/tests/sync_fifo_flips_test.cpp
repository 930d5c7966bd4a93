// SPDX-License-Identifier: Apache-2.0
#include "fifo_flips.h"

namespace sapulse::test {
namespace {

TEST(SyncFifoFlips, EachBitOfEachWordIsToldOnce) { each_bit_of_each_word_is_told_once(); }
TEST(SyncFifoFlips, NothingIsToldWithoutAFlip) { nothing_is_told_without_a_flip(); }

}  // namespace
}  // namespace sapulse::test
