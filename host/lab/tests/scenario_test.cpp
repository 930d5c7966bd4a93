// SPDX-License-Identifier: Apache-2.0
#include "scenario.h"

#include <gmock/gmock.h>

#include <fstream>
#include <random>
#include <sstream>

#include "lab.h"

namespace sapulse::lab {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view kHead = R"(
duration: 100ms
nodes: [a, b, c]
links:
  - {between: [a, b], sas: 8, delay: 20us, loss: 0.25, interval: 3.3ms, multiplier: 5, encapsulation: udp, ipv6: true, mode: host}
  - {between: [c, b]}
events:
)";

Result<Scenario> parse(const std::string& events) { return parse_scenario(std::string(kHead) + events, "s.yaml"); }

template <class Event>
Event only(const std::string& event) {
  const auto scenario = parse("  - {at: 5ms, " + event + "}\n");
  EXPECT_TRUE(scenario) << scenario.error().message;
  EXPECT_EQ(scenario->events.at(0).at, 5ms);
  return std::get<Event>(scenario->events.at(0).action);
}

TEST(Scenario, ReadsNodesAndLinks) {
  const auto scenario = parse("  []\n");
  ASSERT_TRUE(scenario) << scenario.error().message;
  EXPECT_EQ(scenario->duration, 100ms);
  EXPECT_EQ(scenario->ns_per_cycle, 1000U);
  ASSERT_EQ(scenario->nodes.size(), 3U);
  ASSERT_EQ(scenario->links.size(), 2U);
  const LinkSpec& link = scenario->links[0];
  EXPECT_EQ(link.first, 0U);
  EXPECT_EQ(link.second, 1U);
  EXPECT_EQ(link.sas, 8U);
  EXPECT_EQ(link.conditions.delay, 20us);
  EXPECT_EQ(link.conditions.loss, 0.25);
  EXPECT_EQ(link.liveness.interval, 3300us);
  EXPECT_EQ(link.liveness.multiplier, 5U);
  EXPECT_EQ(link.liveness.mode, ProbeMode::host);
  EXPECT_EQ(link.encapsulation, Encapsulation::udp);
  EXPECT_TRUE(link.ipv6);
  EXPECT_EQ(scenario->links[1].sas, 1U);
}

TEST(Scenario, ReadsEveryEvent) {
  EXPECT_TRUE(only<Crash>("crash: b").keeps_secret);
  EXPECT_FALSE(only<Crash>("crash: b, secret: lost").keeps_secret);
  EXPECT_EQ(only<Rekey>("rekey: c").node, 2U);
  const auto hole = only<BlackHole>("black_hole: [b, a], sa: 7, present: false");
  EXPECT_EQ(hole.link, 0U);
  EXPECT_EQ(hole.sa, 7U);
  EXPECT_FALSE(hole.present);
  EXPECT_FALSE(only<BlackHole>("black_hole: [b, c]").sa);
  const auto set = only<SetLink>("set_link: [a, b], cut: true, delay: 1ms");
  EXPECT_TRUE(set.conditions.cut);
  EXPECT_EQ(set.conditions.delay, 1ms);
  EXPECT_EQ(set.conditions.loss, 0.25) << "what is not named stays";
  const auto forge = only<Forge>("forge: [a, b], victim: b, kind: tampered, count: 12, every: 3us");
  EXPECT_EQ(forge.victim, 1U);
  EXPECT_EQ(forge.kind, Forge::Kind::tampered);
  EXPECT_EQ(forge.count, 12U);
  EXPECT_EQ(forge.every, 3us);
  const auto admin = only<Admin>("admin: a, link: [a, b], sa: 3, down: true");
  EXPECT_EQ(admin.sa, 3U);
  EXPECT_TRUE(admin.down);
  EXPECT_EQ(only<SetMode>("set_mode: [a, b], mode: card").mode, ProbeMode::card);
  const auto expect = only<Expect>("expect: c, state: admin-down, sas: 1");
  EXPECT_EQ(expect.node, 2U);
  EXPECT_EQ(expect.state, Liveness::admin_down);
}

struct Mistake {
  std::string events;
  std::string line;
  std::string what;
};

TEST(Scenario, NamesLineAndMistakeOfBadEvents) {
  const std::vector<Mistake> mistakes{
      {"  - {at: 5ms}\n", "8", "expected one of crash"},
      {"  - 5\n", "8", "expected a map"},
      {"  - {crash: a}\n", "8", "at"},
      {"  - {at: 5, crash: a}\n", "8", "unit"},
      {"  - {at: 5ms, crash: d}\n", "8", "no node is called 'd'"},
      {"  - {at: 5ms, crash: a, sa: 1}\n", "8", "unknown field 'sa'"},
      {"  - {at: 5ms, crash: a, secret: gone}\n", "8", "kept, lost"},
      {"  - {at: 6ms, crash: a}\n  - {at: 5ms, crash: a}\n", "9", "before the one above"},
      {"  - {at: 101ms, crash: a}\n", "8", "after the end"},
      {"  - {at: 5ms, black_hole: [a, c]}\n", "8", "no link"},
      {"  - {at: 5ms, black_hole: [a, a]}\n", "8", "different"},
      {"  - {at: 5ms, black_hole: [a, b], sa: 8}\n", "8", "sa"},
      {"  - {at: 5ms, set_link: [a, b], loss: 1.5}\n", "8", "loss"},
      {"  - {at: 5ms, forge: [a, b], victim: c, kind: errors, count: 1}\n", "8", "not at this link"},
      {"  - {at: 5ms, forge: [a, b], victim: a, kind: magic, count: 1}\n", "8", "errors, replays, tampered"},
      {"  - {at: 5ms, forge: [a, b], victim: a, kind: errors, count: 0}\n", "8", "count"},
      {"  - {at: 5ms, expect: a, state: alive, sas: 1}\n", "8", "init, up"},
      {"  - {at: 5ms, crash: a\n", "9", "not YAML"}};
  for (const Mistake& mistake : mistakes) {
    const auto scenario = parse(mistake.events);
    ASSERT_FALSE(scenario) << mistake.events;
    EXPECT_EQ(scenario.error().code, Errc::parse_error);
    EXPECT_THAT(scenario.error().message, StartsWith("s.yaml:" + mistake.line + ": ")) << mistake.events;
    EXPECT_THAT(scenario.error().message, HasSubstr(mistake.what)) << mistake.events;
  }
}

TEST(Scenario, RefusesBadNodesAndLinks) {
  const auto refused = [](const std::string& text, const std::string& what) {
    const auto scenario = parse_scenario(text, "s");
    ASSERT_FALSE(scenario) << text;
    EXPECT_THAT(scenario.error().message, HasSubstr(what)) << text;
  };
  const std::string links = "links: [{between: [a, b]}]\n";
  refused("nodes: [a, b]\n" + links, "duration");
  refused("duration: 1ms\nnodes: [a]\n" + links, "2 to 16");
  refused("duration: 1ms\nnodes: [a, a]\n" + links, "'a' twice");
  refused("duration: 1ms\nnodes: [a, b]\nlinks: []\n", "links: expected a list");
  refused("duration: 1ms\nnodes: [a, b]\nlinks: [{between: [a, b]}, {between: [b, a]}]\n", "link already");
  refused("duration: 1ms\nnodes: [a, b, c]\nlinks: [{between: [a, b], sas: 1000}, {between: [b, c], sas: 25}]\n",
          "more than 1024");
  refused("duration: 1ms\nnodes: [a, b]\nlinks: [{between: [a, b], sas: 1024}]\nevents: [{at: 0s, rekey: a}]\n",
          "free SA number");
  refused("duration: 1ms\nnodes: [a, b]\nlinks: [{between: [a, b], interval: 0ns}]\n", "link: ");
  refused("duration: 1ms\nnodes: [a, b]\nlinks: [{between: [a, b], mode: both}]\n", "card, host");
  refused("duration: 1ms\nnodes: [a, b]\nns_per_cycle: 0\n" + links, "ns_per_cycle");
  refused("duration: 1ms\nnodes: [a, b]\nsa_capacity: 65537\n" + links, "sa_capacity");
}

TEST(Scenario, LargerCardsHoldMoreSas) {
  const std::string text = "duration: 1ms\nnodes: [a, b]\nlinks: [{between: [a, b], sas: 16384}]\n";
  EXPECT_FALSE(parse_scenario(text, "s"));
  const auto scenario = parse_scenario("sa_capacity: 16384\n" + text, "s");
  ASSERT_TRUE(scenario) << scenario.error().message;
  EXPECT_EQ(scenario->sa_capacity, 16384U);
}

TEST(Scenario, ThereMustBeACardOfThatSize) {
  const auto scenario =
      parse_scenario("sa_capacity: 2000\nduration: 1ms\nnodes: [a, b]\nlinks: [{between: [a, b]}]\n", "s");
  ASSERT_FALSE(scenario);
  EXPECT_EQ(scenario.error().code, Errc::parse_error);
  EXPECT_THAT(scenario.error().message, StartsWith("s:1: sa_capacity: 2000 is not one of "));
}

TEST(Scenario, MissingFilesAreNamed) {
  const auto scenario = load_scenario("/nowhere/s.yaml");
  ASSERT_FALSE(scenario);
  EXPECT_EQ(scenario.error().code, Errc::not_found);
  EXPECT_THAT(scenario.error().message, StartsWith("/nowhere/s.yaml: "));
}

TEST(Scenario, TheShippedOneIsGood) {
  const auto scenario = load_scenario(SAPULSE_DEMO_LAB);
  EXPECT_TRUE(scenario) << scenario.error().message;
}

TEST(Scenario, GarbageIsRefusedOrRead) {
  std::ifstream stream(SAPULSE_DEMO_LAB);
  std::stringstream text;
  text << stream.rdbuf();
  const std::string good = text.str();
  const unsigned seed = 20011;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int i = 0; i < 2000; ++i) {
    std::string bad = good;
    for (int change = 0; change < 3; ++change) bad[random() % bad.size()] = static_cast<char>(random());
    const auto scenario = parse_scenario(bad, "s");
    if (!scenario) EXPECT_THAT(scenario.error().message, StartsWith("s:"));
  }
}

}  // namespace
}  // namespace sapulse::lab
