// SPDX-License-Identifier: Apache-2.0
#include "watch_screen.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sapulse::command {
namespace {

constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max();
constexpr std::size_t kEnd = kUnlimited / 2;  // beyond any row
constexpr std::string_view kBold = "\033[1m";
constexpr std::string_view kPlain = "\033[0m";

struct Column {
  std::string_view title;
  bool is_right;
  std::size_t width;  ///< at least
  int importance;     ///< the least important go where there is no room
  std::string (*text)(const WatchedSa& sa);
};

template <auto Member>
std::string number(const WatchedSa& sa) {
  return fmt::format("{}", sa.*Member);
}

template <auto Member>
std::string text(const WatchedSa& sa) {
  return sa.*Member;
}

std::string spi(const WatchedSa& sa) { return fmt::format("{:#x}", sa.spi_in); }
std::string rtt(const WatchedSa& sa) { return sa.rtt_ns ? fmt::format("{:.3f} ms", *sa.rtt_ns / 1e6) : "-"; }

constexpr std::array kColumns{Column{"name", false, 16, 9, text<&WatchedSa::name>},
                              Column{"in", true, 10, 4, spi},
                              Column{"peer", false, 15, 6, text<&WatchedSa::peer>},
                              Column{"state", false, 10, 8, text<&WatchedSa::state>},
                              Column{"because", false, 12, 5, text<&WatchedSa::reason>},
                              Column{"rtt", true, 11, 7, rtt},
                              Column{"probes", true, 9, 3, number<&WatchedSa::probes>},
                              Column{"replies", true, 9, 2, number<&WatchedSa::replies>},
                              Column{"changes", true, 7, 1, number<&WatchedSa::changes>}};

/// Of UTF-8 text.
bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }

/// Characters of UTF-8 text, as if each took a column.
std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, begins_character));
}

/// The characters of UTF-8 text that fit into so many columns.
std::string_view first_columns(std::string_view text, std::size_t columns) {
  std::size_t at = 0;
  for (std::size_t column = 0; at < text.size(); ++at) {
    if (begins_character(text[at]) && column++ == columns) break;
  }
  return text.substr(0, at);
}

std::string_view colour_of(const WatchedSa& sa) {
  if (sa.state == "up") return "\033[32m";
  if (sa.state == "suspect" || sa.state == "init") return "\033[33m";
  if (sa.state == "down" || sa.state == "lost") return "\033[31m";
  return "\033[2m";
}

/// The columns that there is room for, as wide as these rows need them.
class Layout {
 public:
  Layout(std::span<const WatchedSa* const> rows, std::size_t room) : room_(room) {
    for (const Column& column : kColumns) {
      std::size_t width = column.width;
      for (const WatchedSa* sa : rows) width = std::max(width, columns_of(column.text(*sa)));
      columns_.push_back({&column, width});
    }
    while (width() > room && columns_.size() > 1) {
      columns_.erase(std::ranges::min_element(columns_, {}, [](const Fitted& one) { return one.column->importance; }));
    }
  }

  [[nodiscard]] std::string header() const {
    std::string line;
    for (const Fitted& one : columns_) append(line, one, one.column->title, "");
    return cut(line);
  }
  [[nodiscard]] std::string row(const WatchedSa& sa, bool has_colours) const {
    std::string line;
    for (const Fitted& one : columns_) {
      const bool is_state = one.column->title == "state";
      append(line, one, one.column->text(sa), has_colours && is_state ? colour_of(sa) : "");
    }
    // A line with colours is only cut where there is no room for two columns.
    return columns_.size() > 1 ? line : cut(line);
  }

 private:
  struct Fitted {
    const Column* column;
    std::size_t width;
  };

  [[nodiscard]] std::size_t width() const {
    std::size_t sum = columns_.size() - 1;
    for (const Fitted& one : columns_) sum += one.width;
    return sum;
  }
  [[nodiscard]] std::string cut(const std::string& line) const { return std::string(first_columns(line, room_)); }
  void append(std::string& line, const Fitted& one, std::string_view cell, std::string_view colour) const {
    const std::string padding(one.width - columns_of(cell), ' ');
    if (&one != columns_.data()) line += ' ';
    if (one.column->is_right) line += padding;
    line += fmt::format("{}{}{}", colour, cell, colour.empty() ? "" : kPlain);
    if (!one.column->is_right && &one != &columns_.back()) line += padding;
  }

  std::size_t room_;
  std::vector<Fitted> columns_;
};

}  // namespace

std::optional<TerminalSize> TerminalSize::of_output() {
  if (isatty(STDOUT_FILENO) == 0) return std::nullopt;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) return TerminalSize{};
  return TerminalSize{.lines = size.ws_row, .columns = size.ws_col};
}

void WatchScreen::draw(std::FILE* out, const WatchTable& table, const TerminalSize& terminal) {
  const auto all = table.sorted(order_);
  // Header, status, and the line below in which the cursor stands.
  page_ = std::max<std::size_t>(terminal.lines, 4) - 3;
  first_ = std::min(first_, all.size() - std::min(page_, all.size()));
  const auto rows = std::span(all).subspan(first_).first(std::min(page_, all.size() - first_));
  const Layout layout(rows, terminal.columns);
  std::string text = drawn_ == 0 ? "" : fmt::format("\033[{}A", drawn_);
  const auto line = [&](std::string_view content) { text += fmt::format("{}\033[K\n", content); };
  line(has_colours_ ? fmt::format("{}{}{}", kBold, layout.header(), kPlain) : layout.header());
  for (const WatchedSa* sa : rows) line(layout.row(*sa, has_colours_));
  line(first_columns(status(table, all.size(), rows.size()), terminal.columns));
  fmt::print(out, "{}\033[J", text);
  drawn_ = rows.size() + 2;
  std::fflush(out);
}

std::string WatchScreen::status(const WatchTable& table, std::size_t all, std::size_t shown) const {
  std::vector<std::string> counts;
  for (const auto& [state, count] : table.counts()) counts.push_back(fmt::format("{} {}", count, state));
  const std::string place = all == 0 ? "no SA" : fmt::format("{}-{} of {}", first_ + 1, first_ + shown, all);
  return fmt::format("{}: {}; by {}{}", place, fmt::join(counts, ", "), name_of(order_),
                     has_keys_ ? " | s: sort, arrows: scroll, q: quit" : "");
}

bool WatchScreen::take(Key key) {
  switch (key) {
    case Key::up:
      first_ -= std::min<std::size_t>(first_, 1);
      break;
    case Key::down:
      ++first_;
      break;
    case Key::page_up:
      first_ -= std::min(first_, page_);
      break;
    case Key::page_down:
      first_ += page_;
      break;
    case Key::home:
      first_ = 0;
      break;
    case Key::end:
      first_ = kEnd;
      break;
    case Key::sort:
      order_ = static_cast<WatchOrder>((static_cast<std::size_t>(order_) + 1) % kWatchOrders);
      first_ = 0;
      break;
    case Key::quit:
      return false;
  }
  return true;
}

void print_table(std::FILE* out, const WatchTable& table, WatchOrder order) {
  const auto all = table.sorted(order);
  const Layout layout(all, kUnlimited);
  fmt::print(out, "{}\n", layout.header());
  for (const WatchedSa* sa : all) fmt::print(out, "{}\n", layout.row(*sa, false));
  std::fflush(out);
}

}  // namespace sapulse::command
