// SPDX-License-Identifier: Apache-2.0
// The commit of the build reaches the register of every simulated card; the Verilated one has it at a pin.
#include "git_hash.h"

#include <gtest/gtest.h>

#include "sapulse/registers.h"
#include "sapulse/sim/card.h"

namespace sapulse::sim {
namespace {

class GitHash : public testing::TestWithParam<ModelKind> {};

TEST_P(GitHash, IsWhatTheRegisterShows) {
  CardOptions options;
  options.model = GetParam();
  const auto card = Card::create(options);
  ASSERT_TRUE(card.has_value()) << card.error().message;
  const auto shown = (*card)->read32(regs::offset::kGitHash);
  ASSERT_TRUE(shown.has_value()) << shown.error().message;
  EXPECT_EQ(*shown, git_hash());
}

INSTANTIATE_TEST_SUITE_P(Models, GitHash, testing::Values(ModelKind::rtl, ModelKind::fast),
                         [](const auto& model) { return model.param == ModelKind::rtl ? "Rtl" : "Fast"; });

}  // namespace
}  // namespace sapulse::sim
