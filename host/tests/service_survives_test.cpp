// SPDX-License-Identifier: Apache-2.0
// What happens to services: refusals, long work, the end in the middle of it.
#include <set>

#include "held_changes.h"
#include "moved_peer.h"
#include "sapulse_wire.h"
#include "service_fixture.h"

namespace sapulse::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* kKey = "000102030405060708090a0b0c0d0e0f";

std::string yaml_sa(const std::string& name, unsigned spi, const std::string& more = "") {
  return "  - {name: \"" + name + "\", local: \"192.0.2.1\", peer: \"198.51.100.1\", in: {spi: " + std::to_string(spi) +
         ", key: " + kKey + ", salt: \"a0a1a2a3\"}, out: {spi: " + std::to_string(spi + 1) + ", key: " + kKey +
         ", salt: \"b0b1b2b3\"}" + more + "}\n";
}
Json add_request(const std::string& sas, bool replace = false) {
  return {{"command", "sa-add"},
          {"file", "new.yaml"},
          {"config", "local: [\"192.0.2.1\"]\nsas:\n" + sas},
          {"replace", replace}};
}

class ServiceSurvives : public ServiceOnFakeCard {};

TEST_F(ServiceSurvives, ASearchForThePathMtuHoldsNobodyUp) {
  std::vector<Json> found;
  service_->handle(1, {{"command", "mtu"}, {"sa", "sa256"}, {"most", 1500}}, [&](const Json& line, bool last) {
    EXPECT_TRUE(last);
    found.push_back(line);
  });
  EXPECT_THAT(found, SizeIs(0));
  EXPECT_TRUE(ask({{"command", "info"}})[0].contains("info"));
  EXPECT_THAT(found, SizeIs(0)) << "still under way";
  ASSERT_TRUE(turn_until([&] { return !found.empty(); }));
  EXPECT_EQ(found[0]["mtu"]["passed_bytes"], 1500) << found[0];
}

TEST_F(ServiceSurvives, OneSaIsToldWithAllThatIsKnown) {
  const Json watched = ask({{"command", "sa-status"}, {"sa", "sa300"}})[0].at("status");
  EXPECT_EQ(watched.at("liveness").at("state"), "init");
  EXPECT_EQ(watched.at("probe").at("rtt_ns"), 4321);
  EXPECT_EQ(watched.at("statistics").at("accepted"), 11);
  const Json unwatched = ask({{"command", "sa-status"}, {"sa", "256"}})[0].at("status");
  EXPECT_TRUE(unwatched.at("probe").is_null());
  EXPECT_EQ(unwatched.at("name"), "sa256");
  EXPECT_EQ(ask({{"command", "sa-status"}, {"sa", "nobody"}})[0].at("error").at("code"), "not_found");
}

TEST_F(ServiceSurvives, ChangesAreObserved) {
  std::vector<Liveness> seen;
  service_->set_observer([&](const LivenessChange& change) { seen.push_back(change.to); });
  const std::uint32_t number = endpoint_->sas().find(300)->number;
  ASSERT_TRUE(device_.deliver_event(probe_event(number, ProbeState::up, ProbeState::init, device_.now())));
  EXPECT_TRUE(turn_until([&] { return !seen.empty(); }));
  EXPECT_THAT(seen, testing::ElementsAre(Liveness::up));
}

TEST_F(ServiceSurvives, WhoHasGoneIsToldNothing) {
  unsigned told = 0;
  const service::Reply reply = [&](const Json&, bool) { ++told; };
  service_->handle(1, {{"command", "mtu"}, {"sa", "sa256"}}, reply);
  service_->handle(1, {{"command", "ping"}, {"sa", "sa256"}, {"count", 3}, {"interval_ns", 1000}}, reply);
  turn();
  service_->forget(1);
  const unsigned before = told;
  while (endpoint_->pinger().outstanding() > 0) turn();
  EXPECT_EQ(told, before);
}

/// The handlers of pings are called when the endpoint goes, and that of changes as long as it is there.
TEST_F(ServiceSurvives, TheServiceMayGoBeforeTheEndpoint) {
  unsigned told = 0;
  const auto reply = [&](const Json&, bool) { ++told; };
  device_.requester.answer = {};
  service_->set_log([&](service::LogLevel, const std::string&) { ++told; });
  service_->handle(1, {{"command", "watch"}}, reply);
  service_->handle(1, {{"command", "ping"}, {"sa", "sa256"}}, reply);
  service_->handle(1, {{"command", "mtu"}, {"sa", "sa256"}}, reply);
  for (unsigned i = 0; i < 10; ++i) turn();
  EXPECT_EQ(endpoint_->pinger().outstanding(), 2U);
  service_.reset();
  const unsigned before = told;
  const SaInfo sa = *endpoint_->sas().find(300);
  ASSERT_TRUE(device_.deliver_event(probe_event(sa.number, ProbeState::up, ProbeState::init, device_.now())));
  ASSERT_TRUE(endpoint_->poll());
  EXPECT_EQ(endpoint_->monitor().find(300)->state, Liveness::up);
  Place elsewhere{.peer = sa.peer, .path = *sa.path};
  elsewhere.path.encapsulation = Encapsulation::udp;
  elsewhere.path.peer_port = 1025;
  elsewhere.path.tags = {{.tpid = 0x8100, .tci = 7}};
  const auto moved = moved_peer(sa, elsewhere, wire::type_echo_reply, device_.now());
  ASSERT_TRUE(endpoint_->follower().handle(moved));
  EXPECT_EQ(endpoint_->follower().counts().moves, 1U);
  endpoint_.reset();
  EXPECT_EQ(told, before);
}

TEST_F(ServiceSurvives, AnImportIsAllOrNone) {
  const std::string text = yaml_sa("first", 256) + yaml_sa("second", 1000) + yaml_sa("third", 2000);
  unsigned index_writes = 0;
  device_.refuse = [&](const regs::ConstCommand& command) -> std::optional<Status> {
    const bool is_third = command.opcode() == Opcode::index_write && ++index_writes == 3;
    return is_third ? std::optional(Status::bad_argument) : std::nullopt;
  };
  const Json refused = ask(add_request(text, true))[0];
  ASSERT_TRUE(refused.contains("error")) << refused;
  EXPECT_THAT(refused["error"]["message"].get<std::string>(),
              AllOf(HasSubstr("SA 3 of 3 ('third')"), HasSubstr("nothing has been changed")));
  EXPECT_EQ(endpoint_->sas().find(256)->name, "sa256");
  EXPECT_EQ(endpoint_->sas().size(), 2U);
  EXPECT_EQ(ask(add_request(text, true))[0]["added"], 3);
  EXPECT_EQ(endpoint_->sas().find(256)->name, "first");
}

TEST_F(ServiceSurvives, ANameIsOfOneSa) {
  const std::pair<std::string, std::string> cases[]{{yaml_sa("sa300", 1000), "exists"},
                                                    {yaml_sa("one", 1000) + yaml_sa("one", 2000), "parse_error"}};
  for (const auto& [text, code] : cases) {
    const Json refused = ask(add_request(text, false))[0];
    ASSERT_TRUE(refused.contains("error")) << refused;
    EXPECT_EQ(refused["error"]["code"], code);
    EXPECT_THAT(refused["error"]["message"].get<std::string>(), HasSubstr("is called so, too"));
  }
  EXPECT_EQ(endpoint_->sas().size(), 2U);
}

TEST_F(ServiceSurvives, LivenessOffInAFileThatIsImportedCounts) {
  ASSERT_EQ(endpoint_->monitor().size(), 1U);
  EXPECT_EQ(ask(add_request(yaml_sa("quiet", 300, ", liveness: off"), true))[0]["added"], 1);
  EXPECT_EQ(endpoint_->monitor().size(), 0U);
  turn();
}

TEST_F(ServiceSurvives, AnSaThatTheCardRefusesIsAnAnswer) {
  device_.refuse = [](const regs::ConstCommand& command) -> std::optional<Status> {
    return command.opcode() == Opcode::sa_write_in ? std::optional(Status::bad_argument) : std::nullopt;
  };
  EXPECT_EQ(ask(add_request(yaml_sa("new", 1000)))[0]["error"]["code"], "device_error");
  EXPECT_EQ(ask({{"command", "sa-list"}})[0]["sas"].size(), 2U);
  device_.refuse = {};
  EXPECT_EQ(ask(add_request(yaml_sa("new", 1000)))[0]["added"], 1);
}

TEST_F(ServiceSurvives, NamesThatAreNoUtf8AreRefusedWithTheLine) {
  const Json refused = ask(add_request(yaml_sa("good", 1000) + yaml_sa("b\xff"
                                                                       "d",
                                                                       2000)))[0];
  EXPECT_EQ(refused["error"]["code"], "parse_error");
  EXPECT_THAT(refused["error"]["message"].get<std::string>(), HasSubstr("new.yaml:4: "));
  SaParameters bad = make_peer(1000);
  bad.name =
      "b\xff"
      "d";
  EXPECT_EQ(endpoint_->sas().add(bad).error().code, Errc::invalid_argument);
}

/// A nonce must not repeat because somebody sends a file twice.
TEST_F(ServiceSurvives, ANextNeedsSomebodyWhoRemembersIt) {
  std::string text = yaml_sa("new", 1000);
  text.replace(text.find("b0b1b2b3\""), 9, "b0b1b2b3\", next: 7");
  EXPECT_THAT(ask(add_request(text))[0]["error"]["message"].get<std::string>(), HasSubstr("new.yaml:3: out: next: "));
  device_.simulated = true;
  EXPECT_EQ(ask(add_request(text))[0]["added"], 1);
}

/// A long list comes in parts, between which the service goes on.
TEST_F(ServiceSurvives, AListIsAnsweredInParts) {
  constexpr std::uint32_t kMany = 600;
  std::vector<SaParameters> many;
  for (std::uint32_t spi = 1000; spi < 1000 + kMany; ++spi) many.push_back(make_peer(spi));
  ASSERT_TRUE(endpoint_->sas().add(many));
  for (const char* command : {"sa-list", "watch"}) {
    SCOPED_TRACE(command);
    std::vector<Json> parts;
    std::vector<bool> last;
    service_->handle(1, {{"command", command}}, [&](const Json& line, bool is_last) {
      parts.push_back(line);
      last.push_back(is_last);
    });
    EXPECT_THAT(parts, SizeIs(1)) << "one in each turn";
    EXPECT_EQ(service_->longest_sleep(), 0ns);
    EXPECT_TRUE(ask({{"command", "info"}})[0].contains("info"));
    ASSERT_TRUE(turn_until([&] { return !parts.back().value("more", false); }));
    EXPECT_GT(service_->longest_sleep(), 0ns);
    std::set<std::uint32_t> spis;
    for (const Json& part : parts) {
      EXPECT_LE(part["sas"].size(), 256U);
      for (const Json& sa : part["sas"]) spis.insert(sa["spi_in"].get<std::uint32_t>());
    }
    EXPECT_THAT(spis, SizeIs(kMany + 2));
    EXPECT_THAT(parts, SizeIs(3));
    EXPECT_THAT(last, ElementsAre(false, false, std::string(command) == "sa-list"));
    service_->forget(1);
  }
}

TEST_F(ServiceSurvives, AListOfAClientThatHasGoneEnds) {
  std::vector<SaParameters> many;
  for (std::uint32_t spi = 1000; spi < 1600; ++spi) many.push_back(make_peer(spi));
  ASSERT_TRUE(endpoint_->sas().add(many));
  unsigned told = 0;
  service_->handle(1, {{"command", "sa-list"}}, [&](const Json&, bool) { ++told; });
  service_->forget(1);
  turn();
  EXPECT_EQ(told, 1U);
}

/// A file of very many SAs takes long to read.
TEST_F(ServiceSurvives, ReadingAFileHoldsNoProbeUp) {
  ASSERT_TRUE(endpoint_->monitor().watch(256, {.mode = ProbeMode::host, .interval = 10us, .multiplier = 3}));
  std::string text;
  for (unsigned spi = 1000; spi < 3000; spi += 2) text += yaml_sa("sa" + std::to_string(spi), spi);
  text += "  - {name: bad}\n";
  const std::size_t before = device_.requester.pings.size();
  EXPECT_TRUE(ask(add_request(text))[0].contains("error"));
  EXPECT_GT(device_.requester.pings.size(), before);
}

TEST_F(ServiceSurvives, AStoredSaThatTheCardRefusesIsUnwatched) {
  std::filesystem::create_directory(folder_.path() / "kept");
  std::filesystem::permissions(folder_.path() / "kept", std::filesystem::perms::owner_all);
  Config config;
  config.card.local = {IpAddress::v4(0xc0000201)};
  config.sas = {make_peer(256), make_peer(300)};
  const auto reopen = [&] {
    service_.reset();
    endpoint_.reset();
    open(config, {.state = folder_.path() / "kept"});
    service_ = std::make_unique<Service>(*endpoint_);
  };
  reopen();
  EXPECT_THAT(ask({{"command", "sa-unwatched"}})[0]["unwatched"], SizeIs(0));
  device_.refuse = [](const regs::ConstCommand& command) -> std::optional<Status> {
    const bool is_refused =
        command.opcode() == Opcode::sa_write_in && regs::ConstSaWriteIn{command.bytes()}.spi() == 300;
    return is_refused ? std::optional(Status::bad_argument) : std::nullopt;
  };
  reopen();
  const Json unwatched = ask({{"command", "sa-unwatched"}})[0]["unwatched"];
  ASSERT_THAT(unwatched, SizeIs(1));
  EXPECT_EQ(unwatched[0]["name"], "sa300");
  EXPECT_EQ(unwatched[0]["spi"], 300);
  EXPECT_THAT(unwatched[0]["reason"].get<std::string>(), HasSubstr("bad_argument"));
  EXPECT_EQ(ask({{"command", "sa-del"}, {"sa", "sa300"}})[0]["deleted"], 1);
  EXPECT_THAT(ask({{"command", "sa-unwatched"}})[0]["unwatched"], SizeIs(0));
  EXPECT_THAT(endpoint_->store()->sas(), SizeIs(1));
}

LivenessChange change_to(Liveness state, std::uint32_t spi) {
  LivenessChange change;
  change.spi_in = spi;
  change.to = state;
  return change;
}

/// With rekeying, a peer that has deleted the older SA answers as one that has lost it.
TEST_F(ServiceSurvives, ChangesAreToldOnceTheKernelHasBeenHeard) {
  service::HeldChanges held;
  held.hold(change_to(Liveness::lost, 300));
  held.hold(change_to(Liveness::lost, 256));  // watched by nobody: as if the kernel had deleted it since
  held.hold(change_to(Liveness::up, 300));
  held.mark();
  EXPECT_THAT(held.release(endpoint_->monitor(), true), SizeIs(0)) << "there is something to be looked at first";
  const auto told = held.release(endpoint_->monitor(), false);
  ASSERT_THAT(told, SizeIs(2));
  EXPECT_EQ(told[0].to, Liveness::lost);
  EXPECT_EQ(told[1].to, Liveness::up);
  EXPECT_THAT(held.release(endpoint_->monitor(), false), SizeIs(0)) << "once";
  held.hold(change_to(Liveness::lost, 300));
  ASSERT_TRUE(endpoint_->sas().remove(300));
  held.mark();
  EXPECT_THAT(held.release(endpoint_->monitor(), false), SizeIs(0));
}

TEST_F(ServiceSurvives, NothingIsToldBeforeTheKernelIsHeardForTheFirstTime) {
  service::HeldChanges held;
  held.hold(change_to(Liveness::lost, 300));
  EXPECT_TRUE(held.has_unmarked());
  EXPECT_THAT(held.release(endpoint_->monitor(), false), SizeIs(0));
}

/// Probing goes on while the kernel is heard, which takes its time where it has very many SAs.
TEST_F(ServiceSurvives, ChangesThatComeWhileTheKernelIsHeardWaitForTheNextTime) {
  service::HeldChanges held;
  held.hold(change_to(Liveness::up, 300));
  held.mark();
  EXPECT_FALSE(held.has_unmarked());
  held.hold(change_to(Liveness::lost, 300));
  EXPECT_THAT(held.release(endpoint_->monitor(), false),
              ElementsAre(testing::Field(&LivenessChange::to, Liveness::up)));
  EXPECT_TRUE(held.has_unmarked()) << "the kernel is to be heard at once";
  held.mark();
  EXPECT_THAT(held.release(endpoint_->monitor(), false),
              ElementsAre(testing::Field(&LivenessChange::to, Liveness::lost)));
}

}  // namespace
}  // namespace sapulse::test
