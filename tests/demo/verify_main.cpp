// SPDX-License-Identifier: Apache-2.0
// sapulse-verify: checks everything a run of `sapulse sim` sent with OpenSSL and the reference responder.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cstdio>
#include <exception>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "summary.h"
#include "traffic/capture.h"
#include "traffic/check.h"

namespace {

using namespace sapulse::traffic;
using sapulse::demo::Files;

nlohmann::json load_report(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error(file.string() + ": cannot be read");
  try {
    return nlohmann::json::parse(in);
  } catch (const nlohmann::json::exception& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
}

Counters counters_of(const nlohmann::json& report, const std::filesystem::path& file) {
  if (!report.contains("counters") || !report["counters"].is_object()) {
    throw std::runtime_error(file.string() + ": no counters");
  }
  Counters counters;
  for (const auto& [name, value] : report["counters"].items()) {
    std::string upper = name;
    std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return std::toupper(c); });
    counters[upper] = value.get<std::uint64_t>();
  }
  return counters;
}

Run load_run(const Files& files, const nlohmann::json& report) {
  Run run;
  run.line_in = read_frames(files.line_in);
  if (!files.core_in.empty()) run.core_in = read_frames(files.core_in);
  run.line_out = read_frames(files.line_out);
  run.core_out = read_frames(files.core_out);
  run.counters = counters_of(report, files.report);
  return run;
}

int verify(const Files& files) {
  const Config config = load_config(files.sas);
  const nlohmann::json report = load_report(files.report);
  const Run run = load_run(files, report);
  // A control path that is offered more than it can take may lose control frames, and must say so.
  const bool overflow = run.counters.contains("DROP_OVERFLOW") && run.counters.at("DROP_OVERFLOW") > 0;
  const CheckResult result = check_run(config, run, {.allow_overflow = overflow, .errors_may_be_missing = true});
  fmt::print("{}\n", sapulse::demo::summary(config, run, result, report, files));
  for (const std::string& discrepancy : result.discrepancies) fmt::print("WRONG: {}\n", discrepancy);
  if (!result.discrepancies.empty()) return 1;
  fmt::print("Every frame is accounted for and every answer is right.\n");
  return 0;
}

int run(int argc, char** argv) {
  Files files;
  CLI::App app(
      "Verifies a run of `sapulse sim` independently of the card. Exit: 0 all right, 1 discrepancy, 2 bad file");
  app.add_option("--sas", files.sas, "configuration of the run")->required();
  app.add_option("--line-in", files.line_in, "capture sent to the line side")->required();
  app.add_option("--core-in", files.core_in, "capture sent to the core side");
  app.add_option("--line-out", files.line_out, "capture of the line side")->required();
  app.add_option("--core-out", files.core_out, "capture of the core side")->required();
  app.add_option("--report", files.report, "report of the run")->required();
  CLI11_PARSE(app, argc, argv);
  return verify(files);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sapulse-verify: %s\n", error.what());
    return 2;
  }
}
