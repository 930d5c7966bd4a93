// SPDX-License-Identifier: Apache-2.0
#include "watch_screen.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "watched_sas.h"

namespace sapulse::command {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr TerminalSize kUsual{.lines = 24, .columns = 80};

template <class Draw>
std::string text_of(Draw draw) {
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* out = open_memstream(&text, &size);
  draw(out);
  std::fclose(out);
  const std::string all(text, size);
  std::free(text);
  return all;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(std::regex_replace(text, std::regex("\033\\[[0-9]*[a-zA-Z]"), ""));
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// 64 SAs, the last of which is down.
class WatchScreenTest : public testing::Test {
 protected:
  WatchScreenTest() {
    Json sas = Json::array();
    for (unsigned i = 0; i < 64; ++i) sas.push_back(watched_sa(1000 + i, i == 63 ? "down" : "up"));
    table_.add(sas);
  }
  std::string draw(const TerminalSize& terminal = kUsual) {
    return text_of([&](std::FILE* out) { screen_.draw(out, table_, terminal); });
  }
  /// The names that are shown after a key.
  std::vector<std::string> names_after(Key key) {
    EXPECT_TRUE(screen_.take(key));
    std::vector<std::string> names;
    const auto lines = lines_of(draw());
    for (std::size_t i = 1; i + 1 < lines.size(); ++i) names.push_back(lines[i].substr(0, lines[i].find(' ')));
    return names;
  }

  WatchTable table_;
  WatchScreen screen_{WatchOrder::state, true, true};
};

TEST_F(WatchScreenTest, FitsTheTerminal) {
  for (const TerminalSize size : {kUsual, TerminalSize{50, 200}, TerminalSize{5, 40}, TerminalSize{10, 12}}) {
    const auto lines = lines_of(draw(size));
    EXPECT_LT(lines.size(), size.lines) << "the cursor has a line of its own";
    for (const std::string& line : lines) EXPECT_LE(line.size(), size.columns) << line;
    EXPECT_THAT(lines[0], HasSubstr("name"));
    EXPECT_THAT(lines[1], HasSubstr("sa1063")) << "what is not up goes first";
  }
}

TEST_F(WatchScreenTest, EightyColumnsHaveWhatMattersMost) {
  const auto lines = lines_of(draw());
  for (const char* title : {"name", "peer", "state", "because", "rtt"}) EXPECT_THAT(lines[0], HasSubstr(title));
  EXPECT_THAT(lines[1], AllOf(HasSubstr("down"), HasSubstr("0.005 ms"), HasSubstr("198.51.100.1")));
  EXPECT_THAT(lines.back(), AllOf(HasSubstr("1-21 of 64: 1 down, 63 up; by state"), HasSubstr("q: quit")));
}

TEST_F(WatchScreenTest, ScrollsAsFarAsThereIsAnything) {
  EXPECT_EQ(names_after(Key::up).front(), "sa1063");
  EXPECT_EQ(names_after(Key::down).front(), "sa1000");
  EXPECT_EQ(names_after(Key::page_down).front(), "sa1021");
  const auto end = names_after(Key::end);
  EXPECT_THAT(end, SizeIs(21));
  EXPECT_EQ(end.back(), "sa1062");
  EXPECT_EQ(names_after(Key::page_down), end);
  EXPECT_EQ(names_after(Key::up).back(), "sa1061");
  EXPECT_EQ(names_after(Key::home).front(), "sa1063");
}

TEST_F(WatchScreenTest, SortsAndQuits) {
  (void)names_after(Key::end);
  EXPECT_EQ(names_after(Key::sort).front(), "sa1000") << "by name, from the beginning";
  EXPECT_FALSE(screen_.take(Key::quit));
}

TEST_F(WatchScreenTest, IsDrawnOverItself) {
  const auto first = lines_of(draw());
  EXPECT_TRUE(draw().starts_with("\033[" + std::to_string(first.size()) + "A"));
  EXPECT_THAT(draw({.lines = 10, .columns = 80}), HasSubstr("\033[J")) << "nothing of the longer table stays";
}

TEST_F(WatchScreenTest, StatesHaveColoursUnlessNobodyWantsThem) {
  EXPECT_THAT(draw(), AllOf(HasSubstr("\033[31mdown\033[0m"), HasSubstr("\033[32mup\033[0m")));
  WatchScreen plain(WatchOrder::state, false, false);
  const std::string text = text_of([&](std::FILE* out) { plain.draw(out, table_, kUsual); });
  EXPECT_THAT(text, AllOf(Not(testing::ContainsRegex("\033\\[[0-9]+m")), Not(HasSubstr("quit"))));
}

TEST_F(WatchScreenTest, ElsewhereTheTableIsWhole) {
  const std::string text = text_of([&](std::FILE* out) { print_table(out, table_, WatchOrder::name); });
  const auto lines = lines_of(text);
  EXPECT_THAT(lines, SizeIs(65));
  EXPECT_THAT(lines[0], AllOf(HasSubstr("in"), HasSubstr("changes")));
  EXPECT_THAT(lines[64], AllOf(HasSubstr("sa1063"), HasSubstr("0x427")));
  EXPECT_THAT(text, Not(HasSubstr("\033")));
}

TEST_F(WatchScreenTest, NamesAreCutBetweenCharacters) {
  Json sas = Json::array({watched_sa(1000, "up")});
  sas[0]["name"] = std::string(30, 'x') + "\xc3\xa9";
  table_ = {};
  table_.add(sas);
  for (unsigned columns = 1; columns < 40; ++columns) {
    const std::string raw = draw({.lines = 24, .columns = columns});
    const auto at = raw.find('\xc3');
    EXPECT_TRUE(at == std::string::npos || raw[at + 1] == '\xa9') << columns;
  }
}

}  // namespace
}  // namespace sapulse::command
