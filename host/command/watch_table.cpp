// SPDX-License-Identifier: Apache-2.0
#include "watch_table.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>

#include "card_name.h"
namespace sapulse::command {
namespace {

using service::Json;

std::string milliseconds(const Json& nanoseconds) {
  return nanoseconds.is_null() ? "-" : fmt::format("{:.3f} ms", nanoseconds.get<double>() / 1e6);
}

bool is_up(const Json& sa) {
  const Json& live = sa["liveness"];
  return live.is_null() || live.value("state", "") == "up";
}

std::pair<std::string, std::uint32_t> key_of(const Json& entry) {
  return {entry.value("card", ""), entry["spi_in"].get<std::uint32_t>()};
}

std::string row_of(std::uint32_t spi, const Json& sa) {
  const std::string start =
      fmt::format("{:<20} {:>#10x}  {:<26} ", name_with_card(sa), spi, sa["peer"].get<std::string>());
  const Json& live = sa["liveness"];
  if (live.is_null()) return start + fmt::format("{:<10}", "unwatched");
  return start + fmt::format("{:<10} {:<14} {:>12} {:>9} {:>9} {:>7}", live.value("state", "?"),
                             live.value("reason", "?"), milliseconds(live.value("rtt_ns", Json(nullptr))),
                             live.value("probes", 0U), live.value("replies", 0U), live.value("changes", 0U));
}

/// The characters of UTF-8 text that fit into so many columns.
std::string_view first_columns(std::string_view text, std::size_t columns) {
  std::size_t at = 0;
  for (std::size_t column = 0; at < text.size(); ++at) {
    const bool begins = (static_cast<unsigned char>(text[at]) & 0xc0) != 0x80;
    if (begins && column++ == columns) break;
  }
  return text.substr(0, at);
}

}  // namespace

void WatchTable::add(const Json& sas) {
  for (const Json& sa : sas) sas_[key_of(sa)] = sa;
}

void WatchTable::apply(const Json& change) {
  Json& sa = sas_[key_of(change)];
  if (sa.is_null()) sa = {{"name", change["sa"]}, {"peer", change["peer"]}, {"liveness", Json::object()}};
  if (change.contains("card")) sa["card"] = change["card"];
  Json& liveness = sa["liveness"];
  if (liveness.is_null()) liveness = Json::object();
  liveness["state"] = change["to"];
  for (const char* field : {"reason", "rtt_ns", "heard_ns", "probes", "replies"}) liveness[field] = change[field];
  liveness["changes"] = liveness.value("changes", 0U) + 1;
}

bool WatchTable::all_are(std::string_view state) const {
  return std::ranges::all_of(sas_, [&](const auto& entry) {
    const Json& live = entry.second["liveness"];
    return !live.is_null() && live.value("state", "") == state;
  });
}

std::optional<TerminalSize> TerminalSize::of_output() {
  if (isatty(STDOUT_FILENO) == 0) return std::nullopt;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) return TerminalSize{};
  return TerminalSize{.lines = size.ws_row, .columns = size.ws_col};
}

std::vector<std::string> WatchTable::lines(std::size_t most) const {
  std::vector<std::string> result{fmt::format("{:<20} {:>10}  {:<26} {:<10} {:<14} {:>12} {:>9} {:>9} {:>7}", "name",
                                              "in", "peer", "state", "because", "rtt", "probes", "replies", "changes")};
  std::vector<std::string> rest;  // of those that are up
  std::size_t not_up = 0;
  for (const auto& [key, sa] : sas_) {
    const bool up = is_up(sa);
    not_up += up ? 0 : 1;
    (up ? rest : result).push_back(row_of(key.second, sa));
  }
  result.insert(result.end(), rest.begin(), rest.end());
  if (result.size() <= most) return result;
  const std::size_t shown = std::max<std::size_t>(most, 2) - 1;  // a line says what is missing
  result.resize(shown);
  const std::size_t hidden = sas_.size() - (shown - 1);
  const std::size_t hidden_not_up = not_up - std::min(not_up, shown - 1);
  result.push_back(hidden_not_up == 0 ? fmt::format("... {} more, all up", hidden)
                                      : fmt::format("... {} more, {} of them not up", hidden, hidden_not_up));
  return result;
}

void WatchTable::draw(std::FILE* out, const std::optional<TerminalSize>& terminal) {
  // The cursor stands below the table.
  const auto table = lines(terminal ? terminal->lines - 1 : std::numeric_limits<std::size_t>::max());
  if (terminal && drawn_ != 0) fmt::print(out, "\033[{}A", drawn_);
  for (const std::string& line : table) {
    if (terminal) {
      fmt::print(out, "{}\033[K\n", first_columns(line, terminal->columns));
    } else {
      fmt::print(out, "{}\n", line);
    }
  }
  if (terminal) fmt::print(out, "\033[J");
  drawn_ = table.size();
  std::fflush(out);
}

void print_change(std::FILE* out, const Json& change) {
  fmt::print(out, "{:>16.6f} s  {:<20} {:>#10x}  {} -> {} ({})\n", change["time_ns"].get<double>() / 1e9,
             name_with_card(change, "sa"), change["spi_in"].get<std::uint32_t>(), change["from"].get<std::string>(),
             change["to"].get<std::string>(), change["reason"].get<std::string>());
  std::fflush(out);
}

}  // namespace sapulse::command
