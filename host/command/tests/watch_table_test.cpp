// SPDX-License-Identifier: Apache-2.0
#include "watch_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "watched_sas.h"

namespace sapulse::command {
namespace {

using testing::ElementsAre;

std::vector<std::string> names(const WatchTable& table, WatchOrder order) {
  std::vector<std::string> names;
  for (const WatchedSa* sa : table.sorted(order)) names.push_back(sa->name);
  return names;
}

TEST(WatchTable, SasOfSeveralCardsAreToldApart) {
  Json east = watched_sa(1000, "up");
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
               {"probes", 2},
               {"replies", 1}});
  const auto sas = table.sorted(WatchOrder::state);
  ASSERT_THAT(names(table, WatchOrder::state), ElementsAre("west: sa1000", "east: sa1000"));
  EXPECT_EQ(sas[0]->state, "down");
  EXPECT_EQ(sas[1]->state, "up");
  EXPECT_FALSE(table.all_are("up"));
}

TEST(WatchTable, KnowsWhenAllAreInAState) {
  WatchTable table;
  table.add(Json::array({watched_sa(1, "up"), watched_sa(2, "down")}));
  EXPECT_FALSE(table.all_are("up"));
  table.apply({{"spi_in", 2},
               {"sa", "sa2"},
               {"peer", "198.51.100.1"},
               {"to", "up"},
               {"reason", "sign-of-life"},
               {"rtt_ns", 1},
               {"heard_ns", 1},
               {"probes", 2},
               {"replies", 2}});
  EXPECT_TRUE(table.all_are("up"));
  Json unwatched = watched_sa(3, "up");
  unwatched["liveness"] = nullptr;
  table.add(Json::array({watched_sa(1, "up"), unwatched}));
  EXPECT_FALSE(table.all_are("up")) << "nobody knows that";
}

TEST(WatchTable, IsSorted) {
  WatchTable table;
  table.add(Json::array({watched_sa(10, "up"), watched_sa(9, "up"), watched_sa(1, "suspect"), watched_sa(2, "down")}));
  EXPECT_THAT(names(table, WatchOrder::name), ElementsAre("sa1", "sa2", "sa9", "sa10"));
  EXPECT_THAT(names(table, WatchOrder::state), ElementsAre("sa2", "sa1", "sa9", "sa10")) << "what is worst goes first";
  Json slow = watched_sa(9, "up");
  slow["liveness"]["rtt_ns"] = 1e9;
  Json none = watched_sa(1, "down");
  none["liveness"]["rtt_ns"] = nullptr;
  table.add(Json::array({slow, none}));
  EXPECT_THAT(names(table, WatchOrder::rtt), ElementsAre("sa9", "sa2", "sa10", "sa1"));
  Json near = watched_sa(10, "up");
  near["peer"] = "198.51.100.0";
  table.add(Json::array({near}));
  EXPECT_THAT(names(table, WatchOrder::peer), ElementsAre("sa10", "sa1", "sa2", "sa9"));
}

TEST(WatchTable, NamesDoNotControlTheTerminal) {
  Json evil = watched_sa(1, "up");
  evil["name"] = "a\033[2Jb\nc\x7f\xc3\xa9";
  WatchTable table;
  table.add(Json::array({evil}));
  EXPECT_THAT(names(table, WatchOrder::name), ElementsAre("a?[2Jb?c?\xc3\xa9"));
}

}  // namespace
}  // namespace sapulse::command
