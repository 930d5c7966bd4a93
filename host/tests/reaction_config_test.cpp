// SPDX-License-Identifier: Apache-2.0
// What configuration files say about reactions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <variant>

#include "sapulse/config.h"

namespace sapulse::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Result<Config> read(const std::string& reactions) {
  return parse_config("local: [\"192.0.2.1\"]\nsas: []\n" + reactions, "sapulse.yaml", 1024);
}

std::string mistake(const std::string& reaction) {
  const auto config = read("reactions:\n  - " + reaction + "\n");
  return config ? "accepted" : config.error().message;
}

TEST(ReactionConfig, ThereAreNoneByDefault) { EXPECT_THAT(read("")->reactions, IsEmpty()); }

TEST(ReactionConfig, ReadsEveryField) {
  const auto config = read(R"(reactions:
  - sas: "gw-*"
    states: [down, lost]
    program: [/usr/local/bin/page, --urgent]
    timeout: 3s
    limit: { interval: 100ms, burst: 7 }
    sa_limit: { interval: 1min, burst: 2 }
  - { states: up, url: "https://hooks.example.org/x" }
  - { states: admin-down, program: /bin/true }
  - { vici: /run/charon.vici }
  - { vici: /run/charon.vici, states: lost, limit: { interval: 1s, burst: 5 } }
)");
  ASSERT_TRUE(config) << config.error().message;
  ASSERT_EQ(config->reactions.size(), 5U);
  const ReactionSettings& first = config->reactions[0];
  EXPECT_EQ(first.trigger.sas, "gw-*");
  EXPECT_THAT(first.trigger.states, ElementsAre(Liveness::down, Liveness::lost));
  EXPECT_THAT(std::get<ProgramAction>(first.action).command, ElementsAre("/usr/local/bin/page", "--urgent"));
  EXPECT_EQ(first.timeout, std::chrono::seconds(3));
  EXPECT_EQ(first.limit, (RateLimit{std::chrono::milliseconds(100), 7}));
  EXPECT_EQ(first.sa_limit, (RateLimit{std::chrono::minutes(1), 2}));
  EXPECT_EQ(std::get<UrlAction>(config->reactions[1].action).url, "https://hooks.example.org/x");
  EXPECT_FALSE(config->reactions[1].trigger.sas);
  EXPECT_THAT(std::get<ProgramAction>(config->reactions[2].action).command, ElementsAre("/bin/true"));
  const ReactionSettings& vici = config->reactions[3];
  EXPECT_EQ(std::get<ViciAction>(vici.action).socket, "/run/charon.vici");
  EXPECT_THAT(vici.trigger.states, ElementsAre(Liveness::down, Liveness::lost));
  EXPECT_GT(vici.limit.burst, 10'000U) << "all that a peer has may die at once";
  EXPECT_THAT(config->reactions[4].trigger.states, ElementsAre(Liveness::lost));
  EXPECT_EQ(config->reactions[4].limit.burst, 5U);
}

TEST(ReactionConfig, MistakesAreNamedWithTheirPlace) {
  EXPECT_THAT(mistake("{ program: /bin/true }"), HasSubstr("sapulse.yaml:4: reaction: missing field 'states'"));
  EXPECT_THAT(mistake("{ states: dead, program: /bin/true }"), HasSubstr("states: must be of init, up, suspect"));
  EXPECT_THAT(mistake("{ states: [up, up], program: /bin/true }"), HasSubstr("states: named twice"));
  EXPECT_THAT(mistake("{ states: [], program: /bin/true }"), HasSubstr("states: expected a state or a list"));
  EXPECT_THAT(mistake("{ states: up }"), HasSubstr("expected one of program, url and vici"));
  EXPECT_THAT(mistake("{ states: up, program: /bin/true, url: \"http://x\" }"),
              HasSubstr("one of program, url and vici"));
  EXPECT_THAT(mistake("{ vici: /run/charon.vici, url: \"http://x\" }"), HasSubstr("one of program, url and vici"));
  EXPECT_THAT(mistake("{ vici: default }"), HasSubstr("vici: the path of charon's socket must begin with /"));
  EXPECT_THAT(mistake("{ vici: /x, states: [down, up] }"), HasSubstr("states: vici is for down and lost"));
  EXPECT_THAT(mistake("{ states: up, program: true }"), HasSubstr("program: its path must begin with /"));
  EXPECT_THAT(mistake("{ states: up, program: [] }"), HasSubstr("program: expected a path"));
  EXPECT_THAT(mistake("{ states: up, url: \"file:///x\" }"), HasSubstr("url: must begin with http"));
  EXPECT_THAT(mistake("{ states: up, program: /x, timeout: 0s }"), HasSubstr("timeout: must be from 10ms to 5min"));
  EXPECT_THAT(mistake("{ states: up, program: /x, limit: { burst: 65536 } }"),
              HasSubstr("limit: burst: must be at most"));
}

}  // namespace
}  // namespace sapulse::test
