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

/// What man page and completions are made of.
TEST(CommandDescription, NamesCommandsOptionsAndChoices) {
  const Ended ended = run_program(SAPULSE_COMMAND " --describe");
  ASSERT_EQ(ended.code, 0) << ended.output;
  const auto commands = nlohmann::json::parse(ended.output).at("commands");
  const auto named = [](const char* name) { return [name](const auto& entry) { return entry.at("name") == name; }; };
  const auto sa = std::ranges::find_if(commands, named("sa"));
  ASSERT_NE(sa, commands.end());
  EXPECT_TRUE(std::ranges::any_of(sa->at("commands"), named("import")));
  const auto ping = std::ranges::find_if(commands, named("ping"));
  ASSERT_NE(ping, commands.end());
  const auto count = std::ranges::find_if(
      ping->at("options"), [](const auto& option) { return option.at("names") == nlohmann::json{"-c", "--count"}; });
  ASSERT_NE(count, ping->at("options").end());
  EXPECT_EQ(count->at("value"), "UINT");
  EXPECT_EQ(count->at("default"), "4");
  EXPECT_EQ(count->at("required"), false);
}

}  // namespace
}  // namespace sapulse::test
