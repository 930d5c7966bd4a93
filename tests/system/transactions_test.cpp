// SPDX-License-Identifier: Apache-2.0
// `sapulse sim --log-transactions` and `--latency-plot`: every frame has its line, and the log agrees with captures and
// report.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "support/program.h"
#include "traffic/capture.h"
#include "traffic/generator.h"

namespace sapulse::test {
namespace {

using namespace sapulse::traffic;
using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::array kStages{"received", "decided", "dispatched", "opened", "sealing", "assembling", "sent"};
constexpr double kClockMhz = 250;
constexpr std::size_t kFrames = 400;

class Transactions : public testing::TestWithParam<const char*> {
 protected:
  Transactions() {
    fs::create_directories(directory_);
    const traffic::Config config = sample_config(3, 6);
    std::ofstream(file("sas.yaml")) << to_yaml(config);
    Generator generator(config, 4, {.max_data = 300, .replays = false, .for_the_host = false});
    std::vector<Bytes> line;
    for (std::size_t i = 0; i < kFrames; ++i) line.push_back(generator.line().frame);
    write_frames(file("line.pcap"), line);
    std::vector<Bytes> core;
    for (std::size_t i = 0; i < kFrames / 4; ++i) core.push_back(generator.core().frame);
    write_frames(file("core.pcap"), core);
  }
  ~Transactions() override { fs::remove_all(directory_); }

  std::string file(const std::string& name) const { return (directory_ / name).string(); }

  void run(const std::string& options) const {
    const Ended ended = run_program(
        std::string(SAPULSE_COMMAND) + " sim --sas " + file("sas.yaml") + " --line-in " + file("line.pcap") +
        " --line-out " + file("line-out.pcap") + " --core-out " + file("core-out.pcap") + " --report " +
        file("report.json") + " --log-transactions " + file("log.jsonl") + " --latency-plot " + file("plot.svg") +
        " --clock-mhz " + std::to_string(kClockMhz) + " --model " + GetParam() + " " + options);
    ASSERT_EQ(ended.code, 0) << ended.output;
  }

  std::vector<json> log() const {
    std::vector<json> lines;
    std::ifstream stream(file("log.jsonl"));
    for (std::string line; std::getline(stream, line);) lines.push_back(json::parse(line));
    return lines;
  }
  json report() const { return json::parse(std::ifstream(file("report.json"))); }

  fs::path directory_ = fs::path(testing::TempDir()) / ("sapulse-transactions-" + std::to_string(getpid()));
};

std::uint64_t nanoseconds(const json& cycle) {
  return static_cast<std::uint64_t>(cycle.get<double>() * 1000.0 / kClockMhz);
}

std::vector<std::uint64_t> times(const std::vector<Captured>& frames) {
  std::vector<std::uint64_t> times;
  for (const Captured& frame : frames) times.push_back(frame.time_ns);
  std::ranges::sort(times);
  return times;
}

/// A frame that was answered; else, if it was sent, it was passed.
bool answered(const json& line) { return line.contains("assembling"); }

TEST_P(Transactions, EveryFrameHasALineWhoseTimesGoUp) {
  run("--stall 20");
  const std::vector<json> lines = log();
  ASSERT_EQ(lines.size(), kFrames);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    EXPECT_EQ(lines[i]["frame"], i);
    ASSERT_TRUE(lines[i].contains("received") && lines[i].contains("decided")) << lines[i];
    std::uint64_t before = 0;
    for (const char* stage : kStages) {
      if (!lines[i].contains(stage)) continue;
      EXPECT_GT(lines[i][stage], before) << stage << " in " << lines[i];
      before = lines[i][stage];
    }
    if (i > 0) EXPECT_GT(lines[i]["received"], lines[i - 1]["received"]);
  }
}

TEST_P(Transactions, FramesAreSentWhenTheCapturesSaySo) {
  run("--gap 3 --stall 20");
  std::vector<std::uint64_t> passed;
  std::vector<std::uint64_t> replies;
  for (const json& line : log()) {
    if (line.contains("sent")) (answered(line) ? replies : passed).push_back(nanoseconds(line["sent"]));
  }
  std::ranges::sort(replies);
  EXPECT_EQ(passed, times(read_capture(file("core-out.pcap"))));
  // Customer frames and errors of the host leave on the line side, too.
  const auto sent = times(read_capture(file("line-out.pcap")));
  EXPECT_TRUE(std::ranges::includes(sent, replies));
  EXPECT_EQ(replies.size(), report()["replies"]);
  EXPECT_GT(replies.size(), kFrames / 8);
  EXPECT_GT(passed.size(), kFrames / 8);
}

TEST_P(Transactions, LatenciesAreThoseOfTheReport) {
  run("--gap 10");
  std::vector<std::uint64_t> latencies;
  for (const json& line : log()) {
    if (answered(line)) latencies.push_back(line["sent"].get<std::uint64_t>() - line["received"].get<std::uint64_t>());
  }
  std::ranges::sort(latencies);
  const json told = report()["latency_cycles"];
  ASSERT_EQ(latencies.size(), told["samples"]) << "the report can tell every reply's request in this traffic";
  EXPECT_EQ(latencies.front(), told["min"]);
  EXPECT_EQ(latencies[(latencies.size() + 1) / 2 - 1], told["median"]);
  EXPECT_EQ(latencies.back(), told["max"]);
}

TEST_P(Transactions, EachBlockIsReachedByWhatTheCountersSay) {
  run("--gap 10");
  std::size_t dispatched = 0;
  std::size_t opened = 0;
  std::size_t sealing = 0;
  for (const json& line : log()) {
    dispatched += line.contains("dispatched") ? 1 : 0;
    opened += line.contains("opened") ? 1 : 0;
    sealing += line.contains("sealing") ? 1 : 0;
  }
  const json counters = report()["counters"];
  const auto sum = [&](std::initializer_list<const char*> names) {
    std::size_t all = 0;
    for (const char* name : names) all += counters.at(name).get<std::size_t>();
    return all;
  };
  EXPECT_EQ(sealing, sum({"answered"}));
  EXPECT_GE(opened, sum({"answered", "keepalive", "drop_icv", "drop_padding", "drop_body", "drop_replay"}));
  EXPECT_GE(dispatched, opened + sum({"echo_answered"}));
}

TEST_P(Transactions, ThePictureShowsTheFirstFramesThatWereSent) {
  run("");
  std::ifstream stream(file("plot.svg"));
  const std::string svg(std::istreambuf_iterator<char>(stream), {});
  EXPECT_TRUE(svg.starts_with("<svg")) << svg.substr(0, 80);
  EXPECT_TRUE(svg.ends_with("</svg>\n"));
  std::size_t shown = 0;
  std::vector<std::uint64_t> opening;  // cycles of answered pings between dispatch and verdict
  for (const json& line : log()) {
    if (!line.contains("sent") || shown == 64) continue;
    ++shown;
    if (line.contains("sealing")) {
      opening.push_back(line["opened"].get<std::uint64_t>() - line["dispatched"].get<std::uint64_t>());
    }
    EXPECT_THAT(svg, testing::HasSubstr(">" + line["frame"].dump() + "</text>"));
    const auto latency = line["sent"].get<std::uint64_t>() - line["received"].get<std::uint64_t>();
    EXPECT_THAT(svg, testing::HasSubstr(">" + std::to_string(latency) + "</text>"));
  }
  EXPECT_EQ(shown, 64U);
  std::ranges::sort(opening);
  EXPECT_THAT(svg, testing::HasSubstr(">until opened: " + std::to_string(opening.at(opening.size() / 2)) + "</text>"));
}

INSTANTIATE_TEST_SUITE_P(System, Transactions, testing::Values("rtl", "fast", "lockstep"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace sapulse::test
