// SPDX-License-Identifier: Apache-2.0
// A day of a gateway with all the SAs of the largest card, on the fast model.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "folder.h"
#include "gateway_day.h"

namespace sapulse::test {
namespace {

// By then everything that the day has in store has happened once.
constexpr std::size_t kSettledHour = 4;

std::size_t mebibytes(std::size_t bytes) { return bytes >> 20; }

/// What has happened since it was called last.
void show(const DayReport& report) {
  static std::size_t shown = 0;
  fmt::print("hour {}: {} MiB resident\n", report.hours, mebibytes(report.resident.back()));
  std::fflush(stdout);
  for (; shown < report.complaints.size(); ++shown) fmt::print(stderr, "{}\n", report.complaints[shown]);
}

bool judge(const DayReport& report) {
  for (const auto& [name, count] : report.counts) fmt::print("{:>14} {}\n", count, name);
  const bool flat = resident_is_flat(report, kSettledHour);
  if (!flat) fmt::print(stderr, "memory grows\n");
  return flat && report.complaints.empty();
}

int run(int argc, char** argv) {
  CLI::App app("A day of a gateway with all the SAs of the largest card, on the fast model.");
  DayOptions options;
  int hours = 24;
  app.add_option("--hours", hours, "of the card's time")->check(CLI::Range(1, 1000))->capture_default_str();
  app.add_option("--capacity", options.capacity, "of the card, SAs")->capture_default_str();
  app.add_option("--sas", options.sas, "SAs that are installed")
      ->check(CLI::Range(100U, 65'400U))
      ->capture_default_str();
  app.add_option("--flood", options.flood, "frames of each flood")->capture_default_str();
  app.add_option("--seed", options.seed, "of everything that is random")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  options.length = std::chrono::hours(hours);
  options.progress = show;
  const Folder folder;
  options.state = folder.state();
  GatewayDay day(options);
  return judge(day.run()) ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace sapulse::test

int main(int argc, char** argv) {
  try {
    return sapulse::test::run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return EXIT_FAILURE;
  }
}
