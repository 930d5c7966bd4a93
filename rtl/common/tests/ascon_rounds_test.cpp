// SPDX-License-Identifier: Apache-2.0
#include <Vascon_rounds.h>
#include <gtest/gtest.h>

#include "ascon_reference.h"
#include "random_source.h"

namespace sapulse::test {
namespace {

AsconState permute(const AsconState& state) {
  Vascon_rounds module;
  for (unsigned i = 0; i < state.size(); ++i) {
    module.in[2 * i] = static_cast<std::uint32_t>(state[i]);
    module.in[2 * i + 1] = static_cast<std::uint32_t>(state[i] >> 32);
  }
  module.eval();
  AsconState result;
  for (unsigned i = 0; i < state.size(); ++i) {
    result[i] = std::uint64_t{module.out[2 * i + 1]} << 32 | module.out[2 * i];
  }
  return result;
}

TEST(AsconRounds, MakeTheStartOfAsconHash256) {
  EXPECT_EQ(ascon_rounds(kAsconHashVector, 0, 12), kAsconHashStart) << "the reference itself";
  EXPECT_EQ(permute(kAsconHashVector), kAsconHashStart);
}

TEST(AsconRounds, DoWhatTheTableOfTheSBoxSays) {
  RandomSource random;
  for (int i = 0; i < 1000; ++i) {
    AsconState state;
    for (std::uint64_t& word : state) word = random.word();
    ASSERT_EQ(permute(state), ascon_rounds(state, 0, 12));
  }
}

}  // namespace
}  // namespace sapulse::test
