// SPDX-License-Identifier: Apache-2.0
// `sapulse watch`: the SAs of a card and their states, live.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "access.h"
#include "duration_option.h"
#include "sapulse/liveness.h"
#include "subcommands.h"
#include "watch_table.h"

namespace sapulse::command {
namespace {

using service::Json;

struct WatchOptions {
  AccessOptions access;
  std::string sa;     // name or inbound SPI; empty: all
  std::string until;  // state; empty: none
  std::uint64_t changes = 0;
  bool once = false;
  bool json = false;
};

Result<void> read_state(const std::string& text, std::string& state) {
  for (std::size_t i = 0; i < kLivenessCount; ++i) {
    if (name(static_cast<Liveness>(i)) == text) state = text;
  }
  return state.empty() ? failure(Errc::invalid_argument, fmt::format("'{}' is no state", text)) : Result<void>();
}

/// Shows the lines of a service: a table on a terminal, a list elsewhere.
class WatchView {
 public:
  explicit WatchView(const WatchOptions& options) : options_(options) {}

  bool operator()(Json line) {
    if (const auto sas = line.find("sas"); sas != line.end()) {
      keep_wanted(*sas);
      listed_ += sas->size();
      complete_ = !line.value("more", false);
      if (missing()) return false;
    } else if (!is_wanted(line.at("change"))) {
      return true;
    }
    return show(line) && !(is_awaited() && complete_ && table_.all_are(options_.until));
  }
  /// No SA is the one that is asked for.
  [[nodiscard]] bool missing() const { return complete_ && listed_ == 0 && !options_.sa.empty(); }

 private:
  [[nodiscard]] bool is_awaited() const { return !options_.until.empty(); }

  [[nodiscard]] bool is_wanted(const Json& entry) const {
    if (options_.sa.empty()) return true;
    const char* name = entry.contains("sa") ? "sa" : "name";  // changes and SAs
    const auto spi = entry.at("spi_in").get<std::uint32_t>();
    return entry.at(name) == options_.sa || options_.sa == std::to_string(spi) ||
           options_.sa == fmt::format("{:#x}", spi);
  }

  void keep_wanted(Json& sas) const {
    Json wanted = Json::array();
    for (const Json& sa : sas) {
      if (is_wanted(sa)) wanted.push_back(sa);
    }
    sas = std::move(wanted);
  }

  /// False: that was the last one.
  bool show(const Json& line) {
    if (options_.json) {
      fmt::print("{}\n", line.dump());
      std::fflush(stdout);
    }
    if (const auto sas = line.find("sas"); sas != line.end()) {
      table_.add(*sas);
      if (!complete_) return true;
      if (!options_.json) table_.draw(stdout, TerminalSize::of_output());
      return !options_.once;
    }
    const Json& change = line.at("change");
    table_.apply(change);
    if (!options_.json && terminal_) table_.draw(stdout, TerminalSize::of_output());
    if (!options_.json && !terminal_) print_change(stdout, change);
    return options_.changes == 0 || ++seen_ < options_.changes;
  }

  const WatchOptions& options_;
  WatchTable table_;
  std::uint64_t seen_ = 0;
  std::size_t listed_ = 0;  // SAs that are wanted
  bool complete_ = false;   // the list of SAs
  bool terminal_ = isatty(STDOUT_FILENO) != 0;
};

int run_watch(const WatchOptions& options) {
  WatchView view(options);
  const auto asked = ask(options.access, {{"command", "watch"}}, std::ref(view));
  if (!asked) return fail(asked.error());
  if (!view.missing()) return exit_good;
  return fail({Errc::not_found, fmt::format("no SA is called '{}' or has that inbound SPI", options.sa)});
}

}  // namespace

void add_watch_command(Command& app) {
  auto options = std::make_shared<WatchOptions>();
  Command watch = app.add_command("watch", "show the state of all SAs, live");
  watch.add_option("sa", options->sa, "only the SA of this name or inbound SPI");
  options->access.add_to(watch);
  watch.add_parsed("--until", [options](const std::string& text) { return read_state(text, options->until); },
                   "end when all SAs that are shown are in this state", {.type = "STATE"});
  add_duration_option(watch, "--timeout", options->access.patience, "fail after this time");
  watch.add_flag("--once", options->once, "show the table and end");
  watch.add_option("--changes", options->changes, "end after so many changes of state", {.type = "N"});
  watch.add_flag("--json", options->json, "one JSON object per line");
  watch.on_run([options] { return run_watch(*options); });
}

}  // namespace sapulse::command
