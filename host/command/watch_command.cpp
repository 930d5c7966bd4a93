// SPDX-License-Identifier: Apache-2.0
// `sapulse watch`: the SAs of a card and their states, live.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <memory>

#include "access.h"
#include "subcommands.h"
#include "watch_table.h"

namespace sapulse::command {
namespace {

using service::Json;

struct WatchOptions {
  AccessOptions access;
  std::uint64_t changes = 0;
  bool once = false;
  bool json = false;
};

/// Shows the lines of a service: a table on a terminal, a list elsewhere.
class WatchView {
 public:
  explicit WatchView(const WatchOptions& options) : options_(options) {}

  bool operator()(const Json& line) {
    if (options_.json) {
      fmt::print("{}\n", line.dump());
      std::fflush(stdout);
    }
    if (const auto sas = line.find("sas"); sas != line.end()) {
      table_.add(*sas);
      if (line.value("more", false)) return true;
      if (!options_.json) table_.draw(stdout, TerminalSize::of_output());
      return !options_.once;
    }
    const Json& change = line.at("change");
    table_.apply(change);
    if (!options_.json && terminal_) table_.draw(stdout, TerminalSize::of_output());
    if (!options_.json && !terminal_) print_change(stdout, change);
    return options_.changes == 0 || ++seen_ < options_.changes;
  }

 private:
  const WatchOptions& options_;
  WatchTable table_;
  std::uint64_t seen_ = 0;
  bool terminal_ = isatty(STDOUT_FILENO) != 0;
};

int run_watch(const WatchOptions& options) {
  WatchView view(options);
  const auto asked = ask(options.access, {{"command", "watch"}}, std::ref(view));
  return asked ? exit_good : fail(asked.error());
}

}  // namespace

void add_watch_command(Command& app) {
  auto options = std::make_shared<WatchOptions>();
  Command watch = app.add_command("watch", "show the state of all SAs, live");
  options->access.add_to(watch);
  watch.add_flag("--once", options->once, "show the table and end");
  watch.add_option("--changes", options->changes, "end after so many changes of state", {.type = "N"});
  watch.add_flag("--json", options->json, "one JSON object per line");
  watch.on_run([options] { return run_watch(*options); });
}

}  // namespace sapulse::command
