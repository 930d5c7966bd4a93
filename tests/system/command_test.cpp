// SPDX-License-Identifier: Apache-2.0
// The contract of `sapulse sim`: exit codes, one clear line for bad input, fields of the report.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "support/program.h"
#include "traffic/capture.h"
#include "traffic/generator.h"

namespace sapulse::test {
namespace {

using namespace sapulse::traffic;
using testing::HasSubstr;
namespace fs = std::filesystem;

class Command : public testing::Test {
 protected:
  Command() {
    fs::create_directories(directory_);
    write("sas.yaml", to_yaml(config_));
    Generator generator(config_, 1, {.max_data = 60});
    std::vector<Bytes> line;
    for (int i = 0; i < 60; ++i) line.push_back(generator.line().frame);
    write_frames(directory_ / "line.pcap", line);
    write_frames(directory_ / "core.pcap", {generator.core().frame});
  }
  ~Command() override { fs::remove_all(directory_); }

  std::string file(const std::string& name) const { return (directory_ / name).string(); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(file(name)) << text; }

  Ended sim(const std::string& more = "") const {
    return run_program(std::string(SAPULSE_COMMAND) + " sim --sas " + file("sas.yaml") + " --line-in " +
                       file("line.pcap") + " --line-out " + file("line-out.pcap") + " --core-out " +
                       file("core-out.pcap") + " " + more);
  }

  /// Exit 2 and exactly one line, which has these parts.
  void expect_refusal(const Ended& ended, std::initializer_list<std::string> parts) const {
    EXPECT_EQ(ended.code, 2) << ended.output;
    EXPECT_EQ(std::ranges::count(ended.output, '\n'), 1) << ended.output;
    for (const std::string& part : parts) EXPECT_THAT(ended.output, HasSubstr(part));
    for (const Association& sa : config_.sas) {
      EXPECT_THAT(ended.output, testing::Not(HasSubstr(to_hex(sa.in.key).substr(0, 12)))) << "keys in a message";
    }
  }

  const traffic::Config config_ = sample_config(1, 3);
  fs::path directory_ = fs::path(testing::TempDir()) / ("sapulse-command-" + std::to_string(getpid()));
};

// ---- what works

TEST_F(Command, GivesOutputsAndAReport) {
  const Ended ended = sim("--core-in " + file("core.pcap") + " --report " + file("report.json") + " --seed 3 --gap 2");
  ASSERT_EQ(ended.code, 0) << ended.output;
  const auto report = nlohmann::json::parse(std::ifstream(file("report.json")));
  for (const char* path :
       {"/cycles", "/clock_mhz", "/replies", "/simulated_khz", "/latency_cycles/min", "/latency_cycles/median",
        "/latency_cycles/p99", "/latency_cycles/max", "/ports/line_rx/frames", "/ports/line_rx/bytes",
        "/ports/line_tx/frames", "/ports/core_rx/frames", "/ports/core_tx/bytes", "/counters/answered"}) {
    const nlohmann::json::json_pointer at(path);
    ASSERT_TRUE(report.contains(at)) << path;
    EXPECT_TRUE(report.at(at).is_number()) << path;
  }
  ASSERT_TRUE(report.contains("cycles_per_ping"));
  EXPECT_EQ(report["ports"]["line_rx"]["frames"], 60);
  EXPECT_EQ(report["ports"]["line_tx"]["frames"], read_frames(file("line-out.pcap")).size());
  EXPECT_EQ(report["ports"]["core_tx"]["frames"], read_frames(file("core-out.pcap")).size());
  const Ended verified =
      run_program(std::string(SAPULSE_VERIFY) + " --sas " + file("sas.yaml") + " --line-in " + file("line.pcap") +
                  " --core-in " + file("core.pcap") + " --line-out " + file("line-out.pcap") + " --core-out " +
                  file("core-out.pcap") + " --report " + file("report.json"));
  EXPECT_EQ(verified.code, 0) << verified.output;
}

TEST_F(Command, TimestampsCountUp) {
  ASSERT_EQ(sim("--gap line-rate --stall 25").code, 0);
  const auto frames = read_capture(file("line-out.pcap"));
  ASSERT_GT(frames.size(), 5U);
  EXPECT_TRUE(std::ranges::is_sorted(frames, {}, &Captured::time_ns));
  EXPECT_LT(frames.front().time_ns, frames.back().time_ns);
}

TEST_F(Command, SameSeedSameOutput) {
  ASSERT_EQ(sim("--stall 30 --seed 9").code, 0);
  const auto first = read_capture(file("line-out.pcap"));
  ASSERT_EQ(sim("--stall 30 --seed 9").code, 0);
  const auto second = read_capture(file("line-out.pcap"));
  ASSERT_EQ(first.size(), second.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].time_ns, second[i].time_ns);
    EXPECT_EQ(first[i].bytes, second[i].bytes);
  }
}

TEST_F(Command, AnEmptyCaptureIsFine) {
  write_frames(directory_ / "line.pcap", {});
  const Ended ended = sim();
  EXPECT_EQ(ended.code, 0) << ended.output;
  EXPECT_TRUE(read_frames(file("line-out.pcap")).empty());
}

TEST_F(Command, ReadsPcapng) {
  if (run_program("command -v editcap").code != 0)
    FAIL() << "editcap (package wireshark-common, with tshark) is missing";
  ASSERT_EQ(run_program("editcap -F pcapng " + file("line.pcap") + " " + file("line.pcapng")).code, 0);
  ASSERT_EQ(sim().code, 0);
  const auto wanted = read_frames(file("line-out.pcap"));
  fs::rename(file("line.pcapng"), file("line.pcap"));
  ASSERT_EQ(sim().code, 0);
  EXPECT_EQ(read_frames(file("line-out.pcap")), wanted);
}

// ---- captures that are none

TEST_F(Command, ReadsTheWholeRecordsOfATruncatedCapture) {
  fs::resize_file(file("line.pcap"), fs::file_size(file("line.pcap")) - 7);
  const Ended ended = sim("--report " + file("report.json"));
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.output, HasSubstr("line.pcap: cut off in packet 60"));
  EXPECT_EQ(nlohmann::json::parse(std::ifstream(file("report.json")))["ports"]["line_rx"]["frames"], 59);
}

TEST_F(Command, RefusesACutFileHeader) {
  fs::resize_file(file("line.pcap"), 11);
  expect_refusal(sim(), {"line.pcap"});
}

TEST_F(Command, RefusesGarbage) {
  write("line.pcap", "this is no capture at all, but long enough to have been one, had it wanted to");
  expect_refusal(sim(), {"line.pcap"});
}

TEST_F(Command, RefusesGarbageAfterAGoodHeader) {
  std::string text;
  {
    std::ifstream in(file("line.pcap"), std::ios::binary);
    text.assign(std::istreambuf_iterator<char>(in), {});
  }
  std::fill(text.begin() + 24, text.end(), '\xee');
  write("line.pcap", text);
  expect_refusal(sim(), {"line.pcap", "packet 1"});
}

TEST_F(Command, RefusesAMissingCapture) {
  fs::remove(file("line.pcap"));
  expect_refusal(sim(), {"line.pcap", "No such file"});
}

TEST_F(Command, RefusesABadSecondCapture) {
  write("core.pcap", "nothing");
  expect_refusal(sim("--core-in " + file("core.pcap")), {"core.pcap"});
}

TEST_F(Command, RefusesAnOutputThatCannotBeWritten) {
  expect_refusal(sim("--report " + file("nowhere/report.json")), {"nowhere/report.json"});
}

// ---- options

TEST_F(Command, RefusesBadOptions) {
  expect_refusal(sim("--gap often"), {"--gap"});
  expect_refusal(sim("--stall 100"), {"--stall"});
  expect_refusal(sim("--clock-mhz 0"), {"--clock-mhz"});
  expect_refusal(sim("--sa-capacity 1000"), {"--sa-capacity"});
  expect_refusal(sim("--colour red"), {"--colour"});
  expect_refusal(sim("--seed -"), {"--seed"});
}

// ---- configurations

struct Mistake {
  const char* name;
  const char* before;  ///< text of the good file to be replaced, first occurrence
  const char* after;
  const char* message;  ///< part of the complaint
};

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }

class BadConfiguration : public Command, public testing::WithParamInterface<Mistake> {};

TEST_P(BadConfiguration, IsRefusedWithItsLine) {
  const Mistake& mistake = GetParam();
  std::string text = to_yaml(config_);
  const std::size_t at = text.find(mistake.before);
  ASSERT_NE(at, std::string::npos);
  text.replace(at, std::string(mistake.before).size(), mistake.after);
  write("sas.yaml", text);
  const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1;
  expect_refusal(sim(), {"sas.yaml:" + std::to_string(line) + ":", mistake.message});
}

INSTANTIATE_TEST_SUITE_P(
    Sim, BadConfiguration,
    testing::Values(Mistake{"key_not_hex", "key: \"", "key: \"zz", "key"},
                    Mistake{"salt_too_long", "salt: \"", "salt: \"00", "salt"},
                    Mistake{"unknown_direction_field", "next: ", "after: ", "after"},
                    Mistake{"unknown_top_field", "control_spi:", "kontrol_spi:", "kontrol_spi"},
                    Mistake{"unknown_sa_field", "    peer:", "    pear:", "pear"},
                    Mistake{"reserved_control_spi", "control_spi: 253", "control_spi: 7", "control_spi"},
                    Mistake{"control_spi_too_large", "control_spi: 253", "control_spi: 256", "control_spi"},
                    Mistake{"unknown_action", "9: drop", "9: dorp", "action"},
                    Mistake{"bad_address", "local: [\"192.0.2.1\"", "local: [\"192.0.2.256\"", "address"},
                    Mistake{"short_secret", "secret: \"", "secret: \"00", "secret"},
                    Mistake{"bad_mac", "mac: [\"02:", "mac: [\"03:", "mac"},
                    Mistake{"not_a_boolean", "authoritative: false", "authoritative: maybe", "authoritative"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST_F(Command, RefusesAReservedSpi) {
  traffic::Config config = config_;
  config.sas[1].in.spi = 255;
  write("sas.yaml", to_yaml(config));
  expect_refusal(sim(), {"sas.yaml:", "spi", "256"});
}

TEST_F(Command, RefusesADuplicateSpi) {
  traffic::Config config = config_;
  config.sas[2].in.spi = config.sas[0].in.spi;
  write("sas.yaml", to_yaml(config));
  expect_refusal(sim(), {"sas.yaml:", "spi"});
}

TEST_F(Command, RefusesAZeroSequenceNumber) {
  traffic::Config config = config_;
  config.sas[2].out.next = 0;
  write("sas.yaml", to_yaml(config));
  expect_refusal(sim(), {"sas.yaml:", "next"});
}

TEST_F(Command, RefusesMoreSasThanTheCardHolds) {
  traffic::Config config = sample_config(1, 1025);
  write("sas.yaml", to_yaml(config));
  expect_refusal(sim(), {"sas.yaml:", "1024"});
}

TEST_F(Command, RefusesWhatIsNotYaml) {
  write("sas.yaml", "local: [\"192.0.2.1\"\nsas: }\n");
  expect_refusal(sim(), {"sas.yaml:"});
}

TEST_F(Command, RefusesAMissingConfiguration) {
  fs::remove(file("sas.yaml"));
  expect_refusal(sim(), {"sas.yaml"});
}

}  // namespace
}  // namespace sapulse::test
