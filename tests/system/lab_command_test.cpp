// SPDX-License-Identifier: Apache-2.0
// `sapulse lab` as a program that others read: one JSON object a line, the report last.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "support/program.h"

namespace sapulse::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class LabCommand : public testing::Test {
 protected:
  LabCommand() {
    std::ofstream(scenario_) << "seed: 1\nns_per_cycle: 1000\nduration: 120ms\nnodes: [west, east]\nlinks:\n"
                                "  - {between: [west, east], delay: 100us, sas: 2, interval: 10ms, multiplier: 3}\n"
                                "events:\n  - {at: 60ms, crash: east}\n";
  }
  ~LabCommand() override { std::filesystem::remove(scenario_); }

  [[nodiscard]] Ended lab(const std::string& options) const {
    return run_program(SAPULSE_COMMAND " lab --model fast " + scenario_.string() + " " + options);
  }

 private:
  const std::filesystem::path scenario_ =
      std::filesystem::path(testing::TempDir()) / ("sapulse-lab-" + std::to_string(::getpid()) + ".yaml");
};

TEST_F(LabCommand, TheReportIsTheLastLineOfTheJson) {
  const Ended ended = lab("--json");
  ASSERT_EQ(ended.code, 0) << ended.output;
  std::vector<json> lines;
  std::istringstream text(ended.output);
  for (std::string line; std::getline(text, line);) lines.push_back(json::parse(line));
  ASSERT_GT(lines.size(), 1U) << ended.output;
  ASSERT_TRUE(lines.back().contains("report")) << ended.output;
  const json& report = lines.back()["report"];
  EXPECT_GE(report["cycles"], 120'000) << report;
  ASSERT_EQ(report["nodes"].size(), 2U);
  const json& west = report["nodes"][0];
  EXPECT_EQ(west["name"], "west");
  EXPECT_EQ(west["states"], json({{"lost", 2}}));
  EXPECT_GT(west["counters"]["answered"], 0);
  EXPECT_GT(west["exceptions"]["not_applicable"], 0);
  for (const char* name : {"sent", "no_path", "unwanted", "cut"})
    EXPECT_TRUE(west["exceptions"].contains(name)) << name;
  EXPECT_FALSE(west["exceptions"].contains(""));
  ASSERT_EQ(report["wires"].size(), 2U);
  const json& wire = report["wires"][0];
  EXPECT_EQ(wire["from"], "west");
  EXPECT_EQ(wire["to"], "east");
  EXPECT_EQ(wire["offered"], wire["delivered"]);
}

TEST_F(LabCommand, EachSaIsShownWithItsTime) {
  const std::string second = "west-east/1 ";  // SAs that change alone are named all the same
  EXPECT_THAT(lab("").output, testing::Not(HasSubstr(second)));
  const Ended ended = lab("--each-sa");
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.output, HasSubstr(second));
}

}  // namespace
}  // namespace sapulse::test
