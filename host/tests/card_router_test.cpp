// SPDX-License-Identifier: Apache-2.0
// Which card of a service a request goes to, and what comes back.
#include "card_router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "asking_card.h"

namespace sapulse::test {
namespace {

using service::CardRouter;
using service::Json;
using service::Service;
using testing::HasSubstr;
using testing::SizeIs;
using testing::UnorderedElementsAre;

/// A card with some SAs.
class Card {
 public:
  explicit Card(std::vector<SaParameters> sas) {
    device_.requester.answer = [](const FakePing& ping) { return FakeReply{.n = 100 + ping.n, .telemetry = {}}; };
    Config config;
    config.card.local = {IpAddress::v4(0xc0000201)};
    config.sas = std::move(sas);
    endpoint_ = std::move(*Endpoint::open(device_, config));
    service_ = std::make_unique<Service>(*endpoint_);
  }
  [[nodiscard]] Service& service() { return *service_; }
  [[nodiscard]] Endpoint& endpoint() { return *endpoint_; }
  void tell_up(std::uint32_t spi) {
    const std::uint32_t number = endpoint_->sas().find(spi)->number;
    EXPECT_TRUE(device_.deliver_event(probe_event(number, ProbeState::up, ProbeState::init, device_.now())));
  }
  void turn() {
    EXPECT_TRUE(service_->poll());
    EXPECT_TRUE(endpoint_->wait(std::chrono::microseconds(1)));
  }

 private:
  FakeDevice device_{2048, 0, FakeDevice::kAll};
  std::unique_ptr<Endpoint> endpoint_;
  std::unique_ptr<Service> service_;
};

SaParameters watched(std::uint32_t spi, const std::string& name) {
  SaParameters sa = make_peer(spi);
  sa.name = name;
  sa.liveness = LivenessSettings{.interval = std::chrono::seconds(1)};
  return sa;
}

class CardRouterTest : public testing::Test {
 protected:
  CardRouterTest() {
    router_.add("east", east_.service());
    router_.add("west", west_.service());
  }
  /// Lines of the answer, until the last one has come.
  std::vector<Json> ask(const Json& request) {
    std::vector<Json> lines;
    bool done = false;
    router_.handle(1, request, [&](const Json& line, bool last) {
      EXPECT_FALSE(done) << "nothing follows the last line";
      lines.push_back(line);
      done = last;
    });
    for (unsigned i = 0; i < 2000 && !done; ++i) turn();
    EXPECT_TRUE(done) << request;
    router_.forget(1);
    return lines;
  }
  std::string mistake(const Json& request) {
    const auto lines = ask(request);
    return lines.size() == 1 && lines[0].contains("error") ? lines[0]["error"]["message"].get<std::string>() : "none";
  }
  void turn() {
    east_.turn();
    west_.turn();
  }

  Card east_{{watched(256, "both"), watched(300, "first")}};
  Card west_{{watched(400, "both"), watched(500, "second")}};
  CardRouter router_;
};

TEST_F(CardRouterTest, ARequestAboutAnSaGoesToTheCardThatHasIt) {
  EXPECT_EQ(ask({{"command", "sa-status"}, {"sa", "second"}})[0]["status"]["card"], "west");
  EXPECT_EQ(ask({{"command", "sa-status"}, {"sa", "0x12c"}})[0]["status"]["card"], "east");
  const auto ping = ask({{"command", "ping"}, {"sa", "first"}, {"count", 2}, {"interval_ns", 1000}});
  ASSERT_THAT(ping, SizeIs(3));
  EXPECT_EQ(ping.back()["summary"]["answered"], 2);
  EXPECT_EQ(ping.back()["card"], "east");
  EXPECT_THAT(mistake({{"command", "sa-del"}, {"sa", "third"}}), HasSubstr("no SA of east, west is called 'third'"));
  EXPECT_THAT(mistake({{"command", "sa-del"}, {"sa", "both"}}), HasSubstr("several cards have 'both': east, west"));
  EXPECT_EQ(ask({{"command", "sa-del"}, {"sa", "both"}, {"card", "west"}})[0]["deleted"], 1);
  EXPECT_EQ(west_.endpoint().sas().size(), 1U);
  EXPECT_EQ(east_.endpoint().sas().size(), 2U);
}

TEST_F(CardRouterTest, WhatIsForAllIsOneAnswer) {
  const auto lists = ask({{"command", "sa-list"}});
  ASSERT_THAT(lists, SizeIs(2));
  EXPECT_TRUE(lists[0].value("more", false)) << "the list is not complete";
  EXPECT_FALSE(lists[1].contains("more"));
  std::vector<std::string> names;
  for (const Json& list : lists) {
    for (const Json& sa : list["sas"])
      names.push_back(sa["card"].get<std::string>() + ":" + sa["name"].get<std::string>());
  }
  EXPECT_THAT(names, UnorderedElementsAre("east:both", "east:first", "west:both", "west:second"));
  for (const char* command : {"info", "stats", "sa-unwatched"}) {
    const auto lines = ask({{"command", command}});
    ASSERT_THAT(lines, SizeIs(2)) << command;
    EXPECT_EQ(lines[0]["card"], "east");
    EXPECT_EQ(lines[1]["card"], "west");
  }
  EXPECT_EQ(ask({{"command", "stats"}, {"card", "west"}})[0]["card"], "west");
}

TEST_F(CardRouterTest, ChangesOfAllCardsAreWatched) {
  std::vector<Json> changes;
  router_.handle(2, {{"command", "watch"}}, [&](const Json& line, bool last) {
    EXPECT_FALSE(last);
    if (line.contains("change")) changes.push_back(line["change"]);
  });
  east_.tell_up(300);
  west_.tell_up(500);
  for (unsigned i = 0; i < 2000 && changes.size() < 2; ++i) turn();
  ASSERT_THAT(changes, SizeIs(2));
  EXPECT_EQ(changes[0]["card"], "east");
  EXPECT_EQ(changes[1]["card"], "west");
  EXPECT_EQ(changes[1]["sa"], "second");
  router_.forget(2);
  west_.tell_up(400);
  for (unsigned i = 0; i < 10; ++i) turn();
  EXPECT_THAT(changes, SizeIs(2)) << "whoever has gone is told nothing";
}

TEST_F(CardRouterTest, MistakesAreTold) {
  EXPECT_THAT(mistake({{"command", "info"}, {"card", "north"}}), HasSubstr("there is no 'north', but east, west"));
  EXPECT_THAT(mistake({{"command", "sa-add"}, {"config", ""}, {"file", "f"}}),
              HasSubstr("which one is it for: east, west?"));
  EXPECT_THAT(mistake({{"command", "nonsense"}}), HasSubstr("'nonsense' is not known"));
  EXPECT_THAT(mistake(5), HasSubstr("a request is a JSON object"));
}

TEST_F(CardRouterTest, ACardThatFailsIsToldToThoseWhoWaitForItAndTheOthersGoOn) {
  std::vector<std::pair<Json, bool>> pings;
  std::vector<Json> seen;
  router_.handle(2, {{"command", "ping"}, {"sa", "second"}, {"count", 1000}},
                 [&](const Json& line, bool last) { pings.emplace_back(line, last); });
  router_.handle(3, {{"command", "watch"}}, [&](const Json& line, bool) { seen.push_back(line); });
  router_.drop("west", "the card is gone");
  ASSERT_FALSE(pings.empty());
  EXPECT_EQ(pings.back().first["failed"], "the card is gone");
  EXPECT_TRUE(pings.back().second) << "nothing more will come";
  ASSERT_FALSE(seen.empty());
  EXPECT_EQ(seen.back()["card"], "west");
  EXPECT_EQ(seen.back()["failed"], "the card is gone");
  east_.tell_up(300);
  for (unsigned i = 0; i < 2000 && !seen.back().contains("change"); ++i) east_.turn();
  EXPECT_EQ(seen.back()["change"]["sa"], "first");
  const auto lists = ask({{"command", "sa-list"}});
  ASSERT_THAT(lists, SizeIs(2));
  EXPECT_EQ(lists[0]["failed"], "the card is gone");
  EXPECT_TRUE(lists[0].value("more", false));
  EXPECT_THAT(lists[1]["sas"], SizeIs(2));
  EXPECT_FALSE(lists[1].contains("more"));
  EXPECT_THAT(mistake({{"command", "sa-del"}, {"sa", "second"}}), HasSubstr("no SA of east, west"));
  EXPECT_EQ(ask({{"command", "sa-del"}, {"sa", "both"}})[0]["deleted"], 1) << "there is one only that can be meant";
}

TEST_F(CardRouterTest, NothingIsKeptOfARequestThatOnlyFailedCardsHaveAnswered) {
  router_.drop("west", "the card is gone");
  auto asker = std::make_shared<bool>(false);
  const std::weak_ptr<bool> kept = asker;
  router_.handle(1, {{"command", "stats"}, {"card", "west"}},
                 [asker = std::move(asker)](const Json&, bool last) { *asker = last; });
  EXPECT_TRUE(kept.expired()) << "the client may ask again and again";
}

TEST(CardRouter, WithOneCardNothingIsDifferent) {
  Card card({watched(256, "one")});
  CardRouter router;
  router.add("", card.service());
  std::vector<Json> lines;
  router.handle(1, {{"command", "sa-list"}}, [&](const Json& line, bool last) {
    EXPECT_TRUE(last);
    lines.push_back(line);
  });
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_FALSE(lines[0].contains("card"));
  EXPECT_FALSE(lines[0]["sas"][0].contains("card"));
}

}  // namespace
}  // namespace sapulse::test
