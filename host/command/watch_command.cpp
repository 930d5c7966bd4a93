// SPDX-License-Identifier: Apache-2.0
// `sapulse watch`: the SAs of a card and their states, live.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "access.h"
#include "duration_option.h"
#include "keyboard.h"
#include "sapulse/liveness.h"
#include "stop_request.h"
#include "subcommands.h"
#include "watch_screen.h"
#include "watch_table.h"

namespace sapulse::command {
namespace {

using service::Json;

struct WatchOptions {
  AccessOptions access;
  std::string sa;     // name or inbound SPI; empty: all
  std::string until;  // state; empty: none
  std::uint64_t changes = 0;
  WatchOrder order = WatchOrder::state;
  bool once = false;
  bool json = false;
};

Result<void> read_state(const std::string& text, std::string& state) {
  for (std::size_t i = 0; i < kLivenessCount; ++i) {
    if (name(static_cast<Liveness>(i)) == text) state = text;
  }
  return state.empty() ? failure(Errc::invalid_argument, fmt::format("'{}' is no state", text)) : Result<void>();
}

/// https://no-color.org
bool wants_colours() {
  const char* refusal = std::getenv("NO_COLOR");  // NOLINT(concurrency-mt-unsafe): nobody changes it
  return refusal == nullptr || *refusal == '\0';
}

/// Shows the lines of a service: a table on a terminal, in which the user moves, a list elsewhere.
class WatchView {
 public:
  explicit WatchView(const WatchOptions& options)
      : options_(options),
        is_live_(!options.json && !options.once && TerminalSize::of_output()),
        keyboard_(is_live_ ? Keyboard::open() : nullptr),
        screen_(options.order, wants_colours(), keyboard_ != nullptr) {}

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

  /// The user has gone before what he waited for.
  [[nodiscard]] bool is_in_vain() const { return is_awaited() && !table_.all_are(options_.until); }
  /// Whether it has a terminal.
  [[nodiscard]] bool is_live() const { return is_live_; }

  [[nodiscard]] Beside beside() {
    return {.descriptor = keyboard_ ? Keyboard::descriptor() : -1,
            .take = [this] { return take_keys(); },
            .idle = [this] { draw(); }};
  }
  /// Draws what has changed.
  void draw() {
    if (!std::exchange(stale_, false)) return;
    if (const auto terminal = TerminalSize::of_output()) screen_.draw(stdout, table_, *terminal);
  }

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
    stale_ = is_live_;
    if (const auto sas = line.find("sas"); sas != line.end()) {
      table_.add(*sas);
      if (!complete_) return true;
      if (!options_.json && !is_live_) print_table(stdout, table_, options_.order);
      return !options_.once;
    }
    const Json& change = line.at("change");
    table_.apply(change);
    if (!options_.json && !is_live_) print_change(stdout, change);
    return options_.changes == 0 || ++seen_ < options_.changes;
  }

  /// False: the user has had enough.
  bool take_keys() {
    if (keyboard_ == nullptr) return true;
    for (const Key key : keyboard_->take()) {
      if (!screen_.take(key)) return false;
      stale_ = true;
    }
    return true;
  }

  const WatchOptions& options_;
  bool is_live_;
  std::unique_ptr<Keyboard> keyboard_;
  WatchScreen screen_;
  WatchTable table_;
  bool stale_ = false;  // the screen
  std::uint64_t seen_ = 0;
  std::size_t listed_ = 0;  // SAs that are wanted
  bool complete_ = false;   // the list of SAs
};

int run_watch(const WatchOptions& options) {
  WatchView view(options);
  if (view.is_live()) catch_stop_signals();  // the terminal must be as it was before
  const Beside beside = view.beside();
  const auto asked = ask(options.access, {{"command", "watch"}}, std::ref(view), &beside);
  view.draw();
  if (!asked) return fail(asked.error(), options.json);
  if (!view.missing()) return view.is_in_vain() ? exit_device : exit_good;
  const Error unknown{Errc::not_found, fmt::format("no SA is called '{}' or has that inbound SPI", options.sa)};
  return fail(unknown, options.json);
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
  watch.add_choice<WatchOrder>(
      "--sort", options->order,
      {{"state", WatchOrder::state}, {"name", WatchOrder::name}, {"peer", WatchOrder::peer}, {"rtt", WatchOrder::rtt}},
      "what comes first: what is not up, or the longest round trip");
  watch.add_flag("--once", options->once, "show the table and end");
  watch.add_option("--changes", options->changes, "end after so many changes of state", {.type = "N"});
  watch.add_flag("--json", options->json, "one JSON object per line");
  watch.on_run([options] { return run_watch(*options); });
}

}  // namespace sapulse::command
