// SPDX-License-Identifier: Apache-2.0
// The reference on frames from the field (tests/cases/README.md).
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "traffic/capture.h"
#include "traffic/reference.h"

namespace sapulse::traffic {
namespace {

using Json = nlohmann::json;

const std::filesystem::path kCases = std::filesystem::path(SAPULSE_TESTS_DIR) / "cases";

Json load_cases() { return Json::parse(std::ifstream(kCases / "frames.json")); }

Config config_of(const Json& json) {
  const std::filesystem::path file = std::filesystem::path(testing::TempDir()) / "sapulse-cases-test.yaml";
  std::ofstream(file) << json.at("configuration").get<std::string>();
  const Config config = load_config(file);
  std::filesystem::remove(file);
  return config;
}

TEST(Cases, ReferenceDoesWhatIsExpectedOfEachFrame) {
  const Json json = load_cases();
  const Config config = config_of(json);
  ASSERT_EQ(json.at("cases").size(), 14U);
  for (const Json& item : json.at("cases")) {
    SCOPED_TRACE(item.at("name").get<std::string>());
    const Verdict verdict = Reference(config).process(from_hex(item.at("in").get<std::string>()));
    EXPECT_EQ(verdict.outcome == Outcome::passed, item.value("expect", "") == "pass") << verdict.counter;
    ASSERT_EQ(verdict.answer.has_value(), item.contains("answer")) << verdict.counter;
    if (verdict.answer) {
      Bytes wanted = from_hex(item.at("answer").get<std::string>());
      wanted.resize(std::max(wanted.size(), kMinFrame));  // written without padding
      EXPECT_EQ(to_hex(verdict.answer->frame()), to_hex(wanted));
    }
  }
}

TEST(Cases, TheCaptureHasTheSameFrames) {
  const Json json = load_cases();
  const std::vector<Bytes> frames = read_frames(kCases / "frames.pcap");
  ASSERT_EQ(frames.size(), json.at("cases").size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    EXPECT_EQ(to_hex(frames[i]), json.at("cases").at(i).at("in").get<std::string>());
  }
}

}  // namespace
}  // namespace sapulse::traffic
