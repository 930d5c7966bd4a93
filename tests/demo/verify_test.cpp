// SPDX-License-Identifier: Apache-2.0
// sapulse-verify as a program: exit code and output, on files of a card that does what the reference says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "support/program.h"
#include "traffic/capture.h"
#include "unit/ideal_card.h"

namespace sapulse::traffic {
namespace {

using test::Ended;
using test::run_program;
using testing::HasSubstr;
namespace fs = std::filesystem;

class Verify : public testing::Test {
 protected:
  Verify() {
    fs::create_directories(directory_);
    const fs::path shipped = SAPULSE_DEMO_DIR;
    config_ = load_config(shipped / "sas.yaml");
    ideal_ = ideal_run(config_, read_frames(shipped / "line.pcap"), read_frames(shipped / "core.pcap"));
  }
  ~Verify() override { fs::remove_all(directory_); }

  Ended verify() {
    write_frames(directory_ / "line-out.pcap", ideal_.line_out);
    write_frames(directory_ / "core-out.pcap", ideal_.core_out);
    nlohmann::json report = {{"cycles", 20000}, {"clock_mhz", 322.0}, {"counters", ideal_.counters}};
    std::ofstream(directory_ / "report.json") << report;
    const std::string shipped = SAPULSE_DEMO_DIR;
    return run_program(std::string(SAPULSE_VERIFY) + " --sas " + shipped + "/sas.yaml --line-in " + shipped +
                       "/line.pcap --core-in " + shipped + "/core.pcap --line-out " + file("line-out.pcap") +
                       " --core-out " + file("core-out.pcap") + " --report " + file("report.json"));
  }

  std::string file(const char* name) const { return (directory_ / name).string(); }

  fs::path directory_ = fs::path(testing::TempDir()) / ("sapulse-verify-" + std::to_string(getpid()));
  Config config_;
  traffic::Run ideal_;
};

TEST_F(Verify, AcceptsARightRun) {
  const Ended ended = verify();
  EXPECT_EQ(ended.code, 0) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("every answer is right"));
  EXPECT_THAT(ended.output, HasSubstr("forged: integrity check failed"));
}

TEST_F(Verify, FindsOneWrongByteInAnAnswer) {
  ideal_.line_out.front().back() ^= 1;
  const Ended ended = verify();
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.output, HasSubstr("WRONG: line frame"));
}

TEST_F(Verify, FindsAWrongCounter) {
  ideal_.counters["DROP_REPLAY"] -= 1;
  const Ended ended = verify();
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.output, HasSubstr("WRONG: counter DROP_REPLAY"));
}

TEST_F(Verify, RefusesFilesThatItCannotRead) {
  const Ended ended = run_program(std::string(SAPULSE_VERIFY) +
                                  " --sas /nowhere.yaml --line-in a --line-out b --core-out c --report d");
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.output, HasSubstr("/nowhere.yaml"));
}

}  // namespace
}  // namespace sapulse::traffic
