// SPDX-License-Identifier: Apache-2.0
// `sapulse stats`: counters of a card, or of one SA.
#include <fmt/format.h>

#include <memory>
#include <string>

#include "access.h"
#include "subcommands.h"

namespace sapulse::command {
namespace {

using service::Json;

struct StatsOptions {
  AccessOptions access;
  std::string sa;
  bool json = false;
};

int run_stats(const StatsOptions& options) {
  Json request{{"command", "stats"}};
  if (!options.sa.empty()) request["sa"] = options.sa;
  const auto asked = ask(options.access, request, [&](const Json& line) {
    if (options.json) {
      fmt::print("{}\n", line.dump());
      return true;
    }
    if (line.contains("card")) fmt::print("{}:\n", line["card"].get<std::string>());
    for (const auto& [name, value] : line.at(options.sa.empty() ? "counters" : "statistics").items()) {
      fmt::print("{:<20} {:>20}\n", name, value.is_null() ? "-" : value.dump());
    }
    return true;
  });
  return asked ? exit_good : fail(asked.error(), options.json);
}

}  // namespace

void add_stats_command(Command& app) {
  auto options = std::make_shared<StatsOptions>();
  Command stats = app.add_command("stats", "counters of the card, or of one SA");
  stats.add_option("sa", options->sa, "its name or its inbound SPI");
  options->access.add_to(stats);
  stats.add_flag("--json", options->json, "as JSON");
  stats.on_run([options] { return run_stats(*options); });
}

}  // namespace sapulse::command
