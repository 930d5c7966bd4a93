// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "sim_options.h"

namespace sapulse::command {
namespace {

using testing::HasSubstr;

SimOptions good() {
  SimOptions options;
  options.sas = "a.yaml";
  options.line_in = "in.pcap";
  options.line_out = "out.pcap";
  options.core_out = "out2.pcap";
  return options;
}

TEST(SimOptions, Defaults) {
  const auto card = good().card_options();
  ASSERT_TRUE(card) << card.error().message;
  EXPECT_FALSE(card->pacing.line_rate);
  EXPECT_EQ(card->pacing.gap, 0U);
  EXPECT_EQ(card->sink_stall_percent, 0U);
  EXPECT_EQ(card->clock_mhz, 322);
}

TEST(SimOptions, Gap) {
  SimOptions options = good();
  options.gap = "line-rate";
  EXPECT_TRUE(options.card_options()->pacing.line_rate);
  options.gap = "17";
  EXPECT_EQ(options.card_options()->pacing.gap, 17U);
  for (const char* bad : {"", "-1", "1.5", "line", "17x", "1000001", "99999999999"}) {
    options.gap = bad;
    ASSERT_FALSE(options.card_options()) << bad;
    EXPECT_THAT(options.card_options().error().message, HasSubstr("--gap"));
  }
}

TEST(SimOptions, Ranges) {
  const auto refused = [](auto change, const char* option) {
    SimOptions options = good();
    change(options);
    const auto card = options.card_options();
    ASSERT_FALSE(card) << option;
    EXPECT_THAT(card.error().message, HasSubstr(option));
  };
  refused([](SimOptions& options) { options.stall_percent = 100; }, "--stall");
  refused([](SimOptions& options) { options.clock_mhz = 3.9; }, "--clock-mhz");
  refused([](SimOptions& options) { options.clock_mhz = std::numeric_limits<double>::quiet_NaN(); }, "--clock-mhz");
  refused([](SimOptions& options) { options.sa_capacity = 1000; }, "--sa-capacity");
}

TEST(SimOptions, OutputsMustNotOverwriteAnything) {
  SimOptions twice = good();
  twice.core_out = "./out.pcap";
  SimOptions input = good();
  input.line_out = "in.pcap";
  for (const SimOptions& options : {twice, input}) {
    const auto card = options.card_options();
    ASSERT_FALSE(card);
    EXPECT_THAT(card.error().message, HasSubstr("same file"));
  }
  SimOptions nowhere = good();
  nowhere.line_out = nowhere.core_out = "/dev/null";
  EXPECT_TRUE(nowhere.card_options());
}

}  // namespace
}  // namespace sapulse::command
