// SPDX-License-Identifier: Apache-2.0
#include "watch_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

namespace sapulse::command {
namespace {

using service::Json;
using testing::Each;
using testing::HasSubstr;
using testing::SizeIs;

Json sa(unsigned spi, const std::string& state) {
  return {
      {"name", "sa" + std::to_string(spi)},
      {"spi_in", spi},
      {"peer", "198.51.100.1"},
      {"liveness", {{"state", state}, {"reason", "sign-of-life"}, {"rtt_ns", 5000}, {"probes", 1}, {"replies", 1}}}};
}

/// What a drawing looks like: lines without control sequences.
std::vector<std::string> draw(WatchTable& table, std::optional<TerminalSize> terminal, std::string* raw = nullptr) {
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* out = open_memstream(&text, &size);
  table.draw(out, terminal);
  std::fclose(out);
  std::string all(text, size);
  std::free(text);
  if (raw != nullptr) *raw = all;
  for (std::size_t at = 0; (at = all.find('\033', at)) != std::string::npos;) {
    all.erase(at, all.find_first_of("AKJ", at) - at + 1);
  }
  std::vector<std::string> lines;
  std::istringstream stream(all);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

Json many(unsigned count) {
  Json sas = Json::array();
  for (unsigned i = 0; i < count; ++i) sas.push_back(sa(1000 + i, i == count - 1 ? "down" : "up"));
  return sas;
}

TEST(WatchTable, SasOfSeveralCardsAreToldApart) {
  Json east = sa(1000, "up");
  Json west = east;
  east["card"] = "east";
  west["card"] = "west";
  WatchTable table;
  table.add({east, west});
  table.apply({{"card", "west"},
               {"sa", "sa1000"},
               {"spi_in", 1000},
               {"peer", "198.51.100.1"},
               {"to", "down"},
               {"reason", "silence"},
               {"rtt_ns", nullptr},
               {"heard_ns", nullptr},
               {"probes", 2},
               {"replies", 1}});
  const auto lines = draw(table, std::nullopt);
  ASSERT_THAT(lines, SizeIs(3));
  EXPECT_THAT(lines[1], testing::AllOf(HasSubstr("west: sa1000"), HasSubstr("down")));
  EXPECT_THAT(lines[2], testing::AllOf(HasSubstr("east: sa1000"), HasSubstr(" up ")));
  EXPECT_FALSE(table.all_are("up"));
}

TEST(WatchTable, FitsTheTerminal) {
  WatchTable table;
  table.add(many(64));
  const auto lines = draw(table, TerminalSize{.lines = 24, .columns = 80});
  EXPECT_LE(lines.size(), 23U) << "the cursor has a line of its own";
  for (const std::string& line : lines) EXPECT_LE(line.size(), 80U) << line;
  EXPECT_THAT(lines[0], HasSubstr("name"));
  EXPECT_THAT(lines[1], HasSubstr("sa1063")) << "what is not up goes first";
  EXPECT_THAT(lines.back(), HasSubstr("43 more, all up"));
}

TEST(WatchTable, IsDrawnOverItself) {
  WatchTable table;
  table.add(many(64));
  std::string raw;
  const auto first = draw(table, TerminalSize{.lines = 24, .columns = 80});
  (void)draw(table, TerminalSize{.lines = 24, .columns = 80}, &raw);
  EXPECT_TRUE(raw.starts_with("\033[" + std::to_string(first.size()) + "A")) << raw.substr(0, 10);
  (void)draw(table, TerminalSize{.lines = 10, .columns = 80}, &raw);
  EXPECT_THAT(raw, HasSubstr("\033[J")) << "nothing of the longer table stays";
}

TEST(WatchTable, ElsewhereItIsWhole) {
  WatchTable table;
  table.add(many(64));
  EXPECT_THAT(draw(table, std::nullopt), SizeIs(65));
}

TEST(WatchTable, KnowsWhenAllAreInAState) {
  WatchTable table;
  table.add({sa(1, "up"), sa(2, "down")});
  EXPECT_FALSE(table.all_are("up"));
  table.apply({{"spi_in", 2},
               {"to", "up"},
               {"reason", "sign-of-life"},
               {"rtt_ns", 1},
               {"heard_ns", 1},
               {"probes", 2},
               {"replies", 2}});
  EXPECT_TRUE(table.all_are("up"));
  Json unwatched = sa(3, "up");
  unwatched["liveness"] = nullptr;
  table.add({sa(1, "up"), unwatched});
  EXPECT_FALSE(table.all_are("up")) << "nobody knows that";
}

TEST(WatchTable, NamesAreCutBetweenCharacters) {
  WatchTable table;
  Json sas = Json::array({sa(1000, "up")});
  sas[0]["name"] = std::string(30, 'x') + "\xc3\xa9";
  table.add(sas);
  for (unsigned columns = 1; columns < 40; ++columns) {
    std::string raw;
    (void)draw(table, TerminalSize{.lines = 24, .columns = columns}, &raw);
    const auto at = raw.find('\xc3');
    EXPECT_TRUE(at == std::string::npos || raw[at + 1] == '\xa9') << columns;
  }
}

}  // namespace
}  // namespace sapulse::command
