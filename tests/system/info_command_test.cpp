// SPDX-License-Identifier: Apache-2.0
// The contract of `sapulse info`: what it prints, exit codes, one clear line for a card that it cannot reach.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "support/program.h"

namespace sapulse::test {
namespace {

using testing::HasSubstr;

Ended info(const std::string& arguments) { return run_program(std::string(SAPULSE_COMMAND) + " info " + arguments); }

TEST(InfoCommand, TellsWhatTheSimulatedCardIs) {
  const Ended ended = info("--device sim --json");
  ASSERT_EQ(ended.code, 0) << ended.output;
  const auto card = nlohmann::json::parse(ended.output);
  EXPECT_EQ(card.at("device"), "sim");
  EXPECT_EQ(card.at("sa_capacity"), 1024);
  EXPECT_EQ(card.at("interface_version"), card.at("library_interface_version"));
  EXPECT_EQ(card.at("commit").get<std::string>().size(), 8U);
  const Ended text = info("--device sim");
  EXPECT_EQ(text.code, 0);
  EXPECT_THAT(text.output, HasSubstr(card.at("commit").get<std::string>()));
}

TEST(InfoCommand, WithoutADeviceItIsTheModel) {
  const Ended ended = info("--json");
  ASSERT_EQ(ended.code, 0) << ended.output;
  EXPECT_EQ(nlohmann::json::parse(ended.output).at("device"), "model");
}

TEST(InfoCommand, NamesTheDeviceThatCannotBe) {
  for (const char* device : {"pci:41:00.0", "vfio:41", "xrt:"}) {
    const Ended ended = info(std::string("--device ") + device);
    EXPECT_EQ(ended.code, 2) << ended.output;
    EXPECT_EQ(std::ranges::count(ended.output, '\n'), 1) << ended.output;
    EXPECT_THAT(ended.output, HasSubstr("device '" + std::string(device) + "'"));
  }
}

TEST(InfoCommand, NamesTheDeviceThatIsNotThere) {
  const Ended ended = info("--device xrt:/nowhere/card.xclbin");
  EXPECT_EQ(ended.code, 1);
  EXPECT_EQ(std::ranges::count(ended.output, '\n'), 1) << ended.output;
}

}  // namespace
}  // namespace sapulse::test
