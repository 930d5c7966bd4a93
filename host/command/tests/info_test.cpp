// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "info_command.h"
#include "sapulse/registers.h"

namespace sapulse::command {
namespace {

using testing::HasSubstr;

CardInfo some_card() {
  return {.version_major = 1,
          .version_minor = 2,
          .version_patch = 3,
          .git_hash = 0x00abcdef,
          .capabilities = 5,
          .sa_capacity = 65536,
          .index_buckets = 32768,
          .lanes = 4,
          .clock_khz = 322266,
          .counters = 36};
}

TEST(Info, TellsProgramsEverything) {
  const nlohmann::json info = info_json("XRT device 3", some_card());
  EXPECT_EQ(info.at("device"), "XRT device 3");
  EXPECT_EQ(info.at("interface_version"), "1.2.3");
  EXPECT_EQ(info.at("commit"), "00abcdef");
  EXPECT_EQ(info.at("capabilities"), 5);
  EXPECT_EQ(info.at("sa_capacity"), 65536);
  EXPECT_EQ(info.at("index_buckets"), 32768);
  EXPECT_EQ(info.at("lanes"), 4);
  EXPECT_EQ(info.at("clock_khz"), 322266);
  EXPECT_EQ(info.at("counters"), 36);
  EXPECT_EQ(info.at("library_interface_version"), std::to_string(regs::kVersionMajor) + "." +
                                                      std::to_string(regs::kVersionMinor) + "." +
                                                      std::to_string(regs::kVersionPatch));
}

TEST(Info, TellsPeopleTheSame) {
  const std::string text = info_text("0000:41:00.0", some_card());
  for (const char* part : {"0000:41:00.0", "1.2.3", "00abcdef", "65536", "32768", "322.266 MHz", "36", "requester"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

}  // namespace
}  // namespace sapulse::command
