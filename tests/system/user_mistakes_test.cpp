// SPDX-License-Identifier: Apache-2.0
// What people do who are new, in a hurry, or out of disk: each ends with one line that says what is wrong.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>

#include "support/program.h"

namespace sapulse::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
namespace fs = std::filesystem;

const std::string kSas = SAPULSE_DEMO "/sas.yaml";
const std::string kLab = SAPULSE_DEMO "/lab.yaml";

class UserMistakes : public testing::Test {
 protected:
  UserMistakes() { fs::create_directories(folder_); }
  ~UserMistakes() override { fs::remove_all(folder_); }

  [[nodiscard]] static Ended sapulse(const std::string& arguments) {
    return run_program(std::string(SAPULSE_COMMAND) + " " + arguments);
  }
  /// Its errors are seen.
  [[nodiscard]] static Ended on_full_disk(const std::string& arguments) {
    return run_program("bash -c '" SAPULSE_COMMAND " " + arguments + " > /dev/full'");
  }
  [[nodiscard]] static Ended sim(const std::string& arguments) {
    return sapulse("sim --model fast --sas " + kSas + " --line-in " SAPULSE_DEMO "/line.pcap " + arguments);
  }
  [[nodiscard]] std::string file(const std::string& name) const { return folder_ / name; }
  [[nodiscard]] std::string outputs() const { return "--line-out " + file("line") + " --core-out " + file("core"); }

  /// SAs of so many peers, which take turns.
  void write_sas(unsigned count, unsigned peers) const {
    std::ofstream sas(file("sas.yaml"));
    sas << "local: [\"192.0.2.1\"]\nsas:\n";
    for (unsigned i = 0; i < count; ++i) {
      const std::string key = R"(key: "000102030405060708090a0b0c0d0e0f", salt: "a0a1a2a3")";
      sas << fmt::format(
          "- {{name: p{0}, local: 192.0.2.1, peer: 198.51.100.{1}, in: {{spi: {2}, {4}}}, out: {{spi: {3}, {4}}}}}\n",
          i, i % peers + 1, 1000 + i, 9000 + i, key);
    }
  }

  /// This exit status, and exactly one line that has this text, beside the one that says that the card is a model.
  static void expect_line(const Ended& ended, int code, const std::string& text) {
    const std::string said = std::regex_replace(ended.output, std::regex("sapulse: model: the peers .*\n"), "");
    EXPECT_EQ(ended.code, code) << ended.output;
    EXPECT_EQ(std::ranges::count(said, '\n'), 1) << ended.output;
    EXPECT_THAT(said, HasSubstr(text));
  }

  const fs::path folder_ = fs::path(testing::TempDir()) / ("sapulse-mistakes-" + std::to_string(::getpid()));
};

TEST_F(UserMistakes, WhatWasMeantIsNamed) {
  expect_line(sapulse("pign"), 2, "did you mean 'ping'?");
  expect_line(sapulse("sa lsit"), 2, "'sapulse sa' has no command 'lsit'; did you mean 'list'?");
  expect_line(sapulse("ping peer0 --cuont 3"), 2, "'sapulse ping' has no option --cuont; did you mean '--count'?");
  expect_line(sapulse("lab x --model foo"), 2, "'foo' is none of rtl|fast");
  expect_line(sapulse("ping peer0 peer1"), 2, "'sapulse ping' does not take 'peer1'");
}

TEST_F(UserMistakes, WithoutACommandTheyAreListed) {
  expect_line(sapulse(""), 2, "needs a command: bind, ");
  expect_line(sapulse("sa"), 2, "'sapulse sa' needs a command: list, ");
}

TEST_F(UserMistakes, HelpIsACommand) {
  const Ended ended = sapulse("help ping");
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.output, sapulse("ping --help").output);
  EXPECT_EQ(sapulse("help lab").output, sapulse("lab --help").output);
}

TEST_F(UserMistakes, AFullDiskIsAnErrorOfEveryCommand) {
  for (const std::string command : {"info", "ping peer0 -c 1 --sas ", "--help", "help ping", "--version"}) {
    const std::string sas = command.ends_with(' ') ? kSas : "";
    expect_line(on_full_disk(command + sas), 1, "sapulse: ");
  }
}

/// It ends in the middle of everything, with frames in flight.
TEST_F(UserMistakes, AFullDiskEndsALabInOrder) {
  expect_line(on_full_disk("lab " + kLab + " --model fast --json"), 1, "No space left on device");
}

TEST_F(UserMistakes, AFolderIsNoFile) {
  expect_line(sapulse("lab " + folder_.string()), 2, ": is a directory");
  expect_line(sapulse("sa add " + folder_.string()), 2, ": is a directory");
  expect_line(sapulse("check-config " + folder_.string()), 2, ": is a directory");
}

TEST_F(UserMistakes, ACapacityThatNoCardHasIsRefusedWithItsLine) {
  std::ofstream(file("lab.yaml")) << "sa_capacity: 2000\n" << std::ifstream(kLab).rdbuf();
  expect_line(sapulse("lab " + file("lab.yaml")), 2, "lab.yaml:1: sa_capacity: 2000 is not one of ");
}

/// Where it would be replaced, a device node of root's would be gone.
TEST_F(UserMistakes, ATraceReplacesNothingThatIsNoRegularFile) {
  ASSERT_EQ(::mkfifo(file("pipe").c_str(), S_IRUSR | S_IWUSR), 0);
  expect_line(
      sapulse("sim --sas " + kSas + " --line-in " SAPULSE_DEMO "/line.pcap " + outputs() + " --trace " + file("pipe")),
      2, "is not a regular file");
  EXPECT_TRUE(fs::is_fifo(file("pipe")));
}

TEST_F(UserMistakes, AHyphenIsNoFileAnywhere) {
  expect_line(sim(outputs() + " --report -"), 2, "--report: - is no file");
  expect_line(sim("--core-out " + file("core") + " --line-out -"), 2, "--line-out: - is no file");
  expect_line(sapulse("lab -"), 2, "-: no such file");
  expect_line(sapulse("sa add -"), 2, "-: no such file");
  expect_line(sapulse("check-config -"), 2, "-: no such file");
}

TEST_F(UserMistakes, ALongGapIsNoHang) {
  const Ended ended = sim(outputs() + " --gap 100000");
  EXPECT_EQ(ended.code, 0) << ended.output;
}

TEST_F(UserMistakes, TheSimulatedPeerAnswersForAllOrIsRefused) {
  write_sas(17, 17);
  expect_line(sapulse("sa list --sas " + file("sas.yaml")), 2, "17 peer addresses");
}

TEST_F(UserMistakes, MoreSasThanTheCardHoldsNameTheOption) {
  write_sas(1025, 1);
  expect_line(sapulse("sim --sas " + file("sas.yaml") + " --line-in " SAPULSE_DEMO "/line.pcap " + outputs()), 2,
              "sas.yaml: 1025 SAs, more than a card of --sa-capacity 1024 holds");
}

TEST_F(UserMistakes, ErrorsAreJsonWhereThatIsWanted) {
  for (const std::string command : {"ping nobody", "sa down nobody", "stats nobody", "watch nobody"}) {
    expect_line(sapulse(fmt::format("{} --json --sas {}", command, kSas)), 2,
                "{\"error\":{\"code\":\"not_found\",\"message\":\"");
  }
  for (const std::string command : {"sa add", "lab"}) {
    expect_line(sapulse(command + " nonexistent --json"), 2, "{\"error\":{\"code\":\"not_found\",\"message\":\"");
  }
}

TEST_F(UserMistakes, AServiceIsNotNamedBesideACardOfItsOwn) {
  expect_line(sapulse("ping peer0 -c 1 --socket /nowhere --sas " + kSas), 2, "--socket: with --sas");
}

/// Also where the file does not say where the numbers begin.
TEST_F(UserMistakes, TheSameRunHasTheSameOutputAndReport) {
  std::ifstream demo(kSas);
  const std::string text{std::istreambuf_iterator<char>(demo), {}};
  std::ofstream(file("sas.yaml")) << std::regex_replace(text, std::regex(", next: [0-9]+"), "");
  const auto run = [&](const std::string& name) {
    const Ended ended =
        sapulse("sim --model fast --sas " + file("sas.yaml") + " --line-in " SAPULSE_DEMO "/line.pcap " +
                "--line-out " + file(name) + " --core-out " + file("core") + " --report " + file("report"));
    EXPECT_EQ(ended.code, 0) << ended.output;
    std::ifstream out(file(name), std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(out), {}};
  };
  EXPECT_EQ(run("first"), run("second"));
  std::ifstream report(file("report"));
  EXPECT_THAT((std::string{std::istreambuf_iterator<char>(report), {}}), HasSubstr("\"gap\": 0,"));
}

TEST_F(UserMistakes, APingThatIsBrokenOffHasASummary) {
  const Ended ended = run_program(fmt::format(
      "bash -c 'mkfifo {0}; {1} ping peer0 --sas {2} -c 1000000 -i 10ms > {0} & exec 3< {0}; read -r line <&3; "
      "kill -INT $!; cat <&3; wait $!; echo code $?'",
      file("pipe"), SAPULSE_COMMAND, kSas));
  EXPECT_THAT(ended.output, AllOf(HasSubstr(" 0% lost; rtt min / median / max / jitter "), HasSubstr("code 0\n")));
}

TEST_F(UserMistakes, AQuietPingHasASummaryAlone) {
  const Ended ended = sapulse("ping peer0 --sas " + kSas + " -q -c 2");
  EXPECT_EQ(ended.code, 0);
  expect_line(ended, 0, "2 sent, 2 answered, 0% lost");
}

TEST_F(UserMistakes, APingWithoutTimesPrintsNone) {
  const Ended ended = sapulse("ping peer0 --sas " + kSas + " -s 20 -c 1");
  EXPECT_THAT(ended.output, AllOf(HasSubstr("rtt "), testing::Not(HasSubstr("?"))));
}

}  // namespace
}  // namespace sapulse::test
