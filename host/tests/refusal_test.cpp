// SPDX-License-Identifier: Apache-2.0
// What the card, the disk or the configuration refuses is taken back, and touches no other SA.
#include <gmock/gmock.h>

#include <map>
#include <string>

#include "store_fixture.h"

namespace sapulse::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

/// Refuses commands of one kind while it is switched on.
auto refusing(const Opcode& opcode, const bool& on) {
  return [&opcode, &on](const regs::ConstCommand& command) -> std::optional<Status> {
    return on && command.opcode() == opcode ? std::optional(Status::bad_argument) : std::nullopt;
  };
}

/// SAs on a card and on disk.
class RefusalTest : public testing::Test {
 protected:
  void SetUp() override {
    store_ = must_open(folder_.state());
    card_ = std::move(*Card::open(device_));
    sas_ = std::make_unique<SaManager>(*card_, DeviceSecret{}, store_.get());
    device_.refuse = refusing(opcode_, on_);
  }
  void TearDown() override { EXPECT_THAT(device_.violations, IsEmpty()); }
  void refuse(Opcode opcode) { opcode_ = opcode, on_ = true; }

  const Folder folder_;
  FakeDevice device_{64, 0, FakeDevice::kAll};
  Opcode opcode_{};
  bool on_ = false;
  std::unique_ptr<SaStore> store_;
  std::unique_ptr<Card> card_;
  std::unique_ptr<SaManager> sas_;
};

TEST_F(RefusalTest, APathIsTakenBack) {
  ASSERT_TRUE(sas_->add(make_peer(256)));
  Path other = make_path();
  other.dscp = 46;
  refuse(Opcode::path_write);
  EXPECT_EQ(sas_->set_path(256, other).error().code, Errc::device_error);
  EXPECT_EQ(sas_->find(256)->path, make_path());
  EXPECT_EQ(store_->sas().at(256).path, make_path());
  on_ = false;
  EXPECT_TRUE(sas_->set_path(256, other));
  EXPECT_EQ(store_->sas().at(256).path, other);
}

TEST_F(RefusalTest, AnAdministrativeStateIsTakenBack) {
  ASSERT_TRUE(sas_->add(make_peer(256)));
  refuse(Opcode::sa_admin);
  EXPECT_FALSE(sas_->set_admin_down(256, true));
  EXPECT_FALSE(sas_->find(256)->admin_down);
  EXPECT_FALSE(store_->sas().at(256).admin_down);
  on_ = false;
  EXPECT_TRUE(sas_->set_admin_down(256, true));
  EXPECT_TRUE(store_->sas().at(256).admin_down);
}

TEST_F(RefusalTest, AnSaIsInstalledInItsAdministrativeState) {
  SaParameters down = make_peer(300);
  down.admin_down = true;
  ASSERT_TRUE(sas_->add(make_peer(256)));
  ASSERT_TRUE(sas_->add(down));
  EXPECT_THAT(device_.requester.down, ElementsAre(sas_->find(300)->number));
  SaParameters other = make_peer(400);
  other.admin_down = true;
  refuse(Opcode::sa_admin);
  EXPECT_EQ(sas_->add(other).error().code, Errc::device_error);
}

// ---- several SAs at once

std::vector<SaParameters> import_of_three() { return {make_peer(256, 1), make_peer(300, 1), make_peer(400, 1)}; }

TEST_F(RefusalTest, TheSaThatTheCardRefusesIsNamed) {
  device_.refuse = [](const regs::ConstCommand& command) -> std::optional<Status> {
    const bool third = command.opcode() == Opcode::path_write && command.sa() == 2;
    return third ? std::optional(Status::bad_argument) : std::nullopt;
  };
  const auto put = sas_->put(import_of_three());
  ASSERT_FALSE(put);
  EXPECT_THAT(put.error().message, HasSubstr("SA 3 of 3 ('sa400')"));
}

TEST_F(RefusalTest, PutReplacesSomeAndAddsOthers) {
  SaParameters watched = make_peer(256);
  watched.liveness = LivenessSettings{.interval = 10ms};
  ASSERT_TRUE(sas_->add(watched));
  const std::uint32_t before = sas_->find(256)->number;
  const auto done = sas_->put(import_of_three());
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(sas_->size(), 3U);
  EXPECT_NE(sas_->find(256)->number, before);
  EXPECT_EQ(sas_->find(256)->liveness, watched.liveness) << "that the new one says nothing of";
  EXPECT_EQ(sas_->find(300)->liveness, std::nullopt);
  EXPECT_TRUE(device_.in_half(before).empty()) << "the old keys are gone";
  for (const std::uint32_t spi : {256U, 300U, 400U}) {
    EXPECT_EQ(device_.lookup(spi), sas_->find(spi)->number);
    EXPECT_TRUE(store_->sas().contains(spi));
  }
}

/// Whichever command the card refuses, of those before the old keys go: nothing has changed, and it can go on.
TEST_F(RefusalTest, PutIsAllOrNone) {
  ASSERT_TRUE(sas_->add(std::vector{make_peer(256), make_peer(300)}));
  const Contents stored = contents(*store_);
  const auto number = [&](std::uint32_t spi) { return sas_->find(spi)->number; };
  const std::vector<std::uint32_t> numbers{number(256), number(300)};
  const auto keys = [&] { return std::pair(device_.in_half(numbers[0]), device_.in_half(numbers[1])); };
  const auto before = keys();
  unsigned refused = 0;
  for (unsigned at = 0;; ++at) {
    unsigned seen = 0;
    device_.refuse = [&](const regs::ConstCommand& command) -> std::optional<Status> {
      if (command.opcode() == Opcode::fence || command.opcode() == Opcode::sa_erase) return std::nullopt;
      return seen++ == at ? std::optional(Status::bad_argument) : std::nullopt;
    };
    const auto done = sas_->put(import_of_three());
    if (done) break;
    ++refused;
    EXPECT_THAT(done.error().message, AllOf(HasSubstr(" of 3 ('sa"), HasSubstr("nothing has been changed"))) << at;
    ASSERT_EQ(sas_->size(), 2U) << at;
    EXPECT_EQ(device_.lookup(256), numbers[0]) << at;
    EXPECT_EQ(device_.lookup(300), numbers[1]) << at;
    EXPECT_EQ(device_.lookup(400), std::nullopt) << at;
    EXPECT_EQ(keys(), before) << at;
    EXPECT_EQ(contents(*store_), stored) << at;
    EXPECT_EQ(device_.slots_in_use(), 2U) << at;
  }
  EXPECT_GE(refused, 12U) << "three commands for each SA, and one for the index";
  EXPECT_EQ(sas_->size(), 3U);
}

TEST_F(RefusalTest, PutSaysHowFarItWouldHaveCome) {
  ASSERT_TRUE(sas_->add(make_peer(256)));
  std::vector<SaParameters> wanted = import_of_three();
  wanted[1].in.key = make_key(3, 0);
  EXPECT_THAT(sas_->put(wanted).error().message,
              AllOf(HasSubstr("SA 2 of 3 ('sa300')"), HasSubstr("nothing has been changed")));
  wanted = import_of_three();
  wanted[2] = wanted[0];
  EXPECT_THAT(sas_->put(wanted).error().message, HasSubstr("SA 3 of 3 ('sa256')"));
  std::vector<SaParameters> many;
  for (std::uint32_t i = 0; i < 64; ++i) many.push_back(make_peer(1000 + i));
  const auto full = sas_->put(many);
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, Errc::no_space);
  EXPECT_THAT(full.error().message, AllOf(HasSubstr("SA 64 of 64"), HasSubstr("1 of 64 are in use")));
  EXPECT_EQ(sas_->size(), 1U);
}

TEST_F(RefusalTest, AnImportCanEndWatching) {
  SaParameters sa = make_peer(256);
  sa.liveness = LivenessSettings{.interval = 10ms};
  ASSERT_TRUE(sas_->add(sa));
  sa = make_peer(256, 1);
  sa.unwatched = true;
  ASSERT_TRUE(sas_->put(std::span(&sa, 1)));
  EXPECT_EQ(sas_->find(256)->liveness, std::nullopt);
  EXPECT_EQ(store_->sas().at(256).liveness, std::nullopt);
}

// ---- an endpoint with two SAs that are watched

class EndpointRefusalTest : public testing::Test {
 protected:
  explicit EndpointRefusalTest(std::uint32_t capabilities = FakeDevice::kAll) : device_(64, 0, capabilities) {
    config_.card.local = {IpAddress::v4(0xc0000201)};
    config_.sas = {watched(256), watched(300)};
    options_.state = folder_.state();
    options_.report = [this](const std::string& line) { reports_.push_back(line); };
    device_.requester.answer = [](const FakePing& ping) { return FakeReply{.n = 100 + ping.n, .telemetry = {}}; };
  }
  static SaParameters watched(std::uint32_t spi) {
    SaParameters sa = make_peer(spi);
    sa.liveness = LivenessSettings{.interval = 10us, .multiplier = 3, .jitter_percent = 0};
    return sa;
  }
  void open() {
    auto opened = Endpoint::open(device_, config_, options_);
    ASSERT_TRUE(opened) << opened.error().message;
    endpoint_ = std::move(*opened);
  }
  void run(std::chrono::nanoseconds time) {
    const std::uint64_t end = device_.now() + static_cast<std::uint64_t>(time.count());
    while (device_.now() < end) {
      const auto done = endpoint_->wait(1us).and_then([&](bool) { return endpoint_->poll(); });
      ASSERT_TRUE(done) << done.error().message;
    }
  }
  std::uint32_t number(std::uint32_t spi) { return endpoint_->sas().find(spi)->number; }

  const Folder folder_;
  FakeDevice device_;
  Config config_;
  EndpointOptions options_;
  std::vector<std::string> reports_;
  std::unique_ptr<Endpoint> endpoint_;
};

TEST_F(EndpointRefusalTest, AFlippedBitIsReportedOnceForEachSa) {
  open();
  const auto tell = [&](SaTable table, std::uint32_t entry) {
    ASSERT_TRUE(device_.deliver_event(fault_event(table, entry, device_.now())));
    ASSERT_TRUE(endpoint_->poll());
  };
  tell(SaTable::sequence, number(300));
  tell(SaTable::sequence, number(300));
  EXPECT_THAT(reports_, ElementsAre(AllOf(HasSubstr("'sa300', inbound SPI 0x0000012c"), HasSubstr("nothing is sent"),
                                          HasSubstr("table sequence"))));
  reports_.clear();
  tell(SaTable::window, number(300));
  tell(SaTable::window, number(256));
  tell(SaTable::index, 77);
  EXPECT_THAT(reports_, ElementsAre(HasSubstr("'sa300'"), HasSubstr("'sa256'"), HasSubstr("table index, entry 77")));
}

TEST_F(EndpointRefusalTest, AFlippedBitInATableOfNoSaNamesNone) {
  open();
  ASSERT_TRUE(device_.deliver_event(fault_event(SaTable::pings, number(300), device_.now())));
  ASSERT_TRUE(endpoint_->poll());
  EXPECT_THAT(reports_, ElementsAre(AllOf(HasSubstr("until the card is reset"), Not(HasSubstr("'sa300'")))));
}

TEST_F(EndpointRefusalTest, AFlippedBitIsToldWithWhatItStopsAndUntilWhen) {
  const std::map<SaTable, std::string> consequences{
      {SaTable::index, "an SA: it is not found until"},
      {SaTable::in_key, "its packets are not authentic until it is replaced"},
      {SaTable::token, "nothing is sent on it until it is replaced"},
      {SaTable::out_key, "nothing is sent on it until it is replaced"},
      {SaTable::sequence, "nothing is sent on it until it is replaced"},
      {SaTable::window, "its packets are refused until it is replaced"},
      {SaTable::admin, "its packets are refused until it is replaced"},
      {SaTable::path, "the card asks nothing on it until it is replaced"},
      {SaTable::peer, "a move of its peer is not noticed until it is replaced"},
      {SaTable::customer, "not told to the peer, the next one is"},
      {SaTable::customer_time, "no signs of life, the next one is"},
      {SaTable::prober, "does not probe it until it is told to again"},
      {SaTable::pings, "an outstanding ping: the end of a ping may not be told"}};
  open();
  EXPECT_THAT(consequences, SizeIs(regs::kSaTableCount));
  for (const auto& [table, consequence] : consequences) {
    reports_.clear();
    ASSERT_TRUE(device_.deliver_event(fault_event(table, number(300), device_.now())));
    ASSERT_TRUE(endpoint_->poll());
    EXPECT_THAT(reports_, ElementsAre(HasSubstr(consequence)));
  }
}

TEST_F(EndpointRefusalTest, ACardThatTellsOfFlippedBitsWithoutEndIsNotListenedToForEver) {
  open();
  constexpr std::uint32_t kEvents = 400;
  for (std::uint32_t entry = 0; entry < kEvents; ++entry) {
    ASSERT_TRUE(device_.deliver_event(fault_event(SaTable::index, entry, device_.now())));
    ASSERT_TRUE(endpoint_->poll());
  }
  ASSERT_LT(reports_.size(), kEvents);
  EXPECT_THAT(reports_.back(), HasSubstr("further ones are only counted"));
}

TEST_F(EndpointRefusalTest, AnSaThatCannotBeProbedLeavesTheOthers) {
  bool on = true;
  device_.refuse = [&](const regs::ConstCommand& command) -> std::optional<Status> {
    const bool is_first = endpoint_ == nullptr ? command.sa() == 0 : command.sa() == number(256);
    return on && is_first && command.opcode() == Opcode::probe_write ? std::optional(Status::unusable) : std::nullopt;
  };
  open();
  run(100us);
  EXPECT_TRUE(device_.requester.probes.contains(number(300)));
  EXPECT_FALSE(device_.requester.probes.contains(number(256)));
  EXPECT_THAT(reports_, ElementsAre(AllOf(HasSubstr("sa256"), HasSubstr("probe_write"))));
  EXPECT_THAT(endpoint_->monitor().find(256)->fault, HasSubstr("probe_write"));
  EXPECT_EQ(endpoint_->monitor().find(300)->fault, "");
  on = false;
  device_.advance(2'000'000'000);
  run(10us);
  EXPECT_TRUE(device_.requester.probes.contains(number(256))) << "tried again";
  EXPECT_EQ(endpoint_->monitor().find(256)->fault, "");
}

TEST_F(EndpointRefusalTest, WatchingThatTheCardRefusesIsTakenBack) {
  config_.sas = {make_peer(256)};
  open();
  const bool on = true;
  const Opcode opcode = Opcode::probe_write;
  device_.refuse = refusing(opcode, on);
  EXPECT_EQ(endpoint_->monitor().watch(256, {.interval = 10us}).error().code, Errc::device_error);
  EXPECT_EQ(endpoint_->sas().find(256)->liveness, std::nullopt);
  EXPECT_EQ(endpoint_->store()->sas().at(256).liveness, std::nullopt);
  EXPECT_EQ(endpoint_->monitor().size(), 0U);
  device_.refuse = {};
  EXPECT_TRUE(endpoint_->monitor().watch(256, {.interval = 10us}));
}

TEST_F(EndpointRefusalTest, AProberThatDoesNotStopKeepsTheSaUp) {
  open();
  run(10us);
  const bool on = true;
  const Opcode opcode = Opcode::probe_write;
  device_.refuse = refusing(opcode, on);
  EXPECT_FALSE(endpoint_->monitor().set_admin_down(256, true));
  EXPECT_FALSE(endpoint_->sas().find(256)->admin_down);
  EXPECT_FALSE(endpoint_->store()->sas().at(256).admin_down);
  EXPECT_NE(endpoint_->monitor().find(256)->state, Liveness::admin_down);
  device_.refuse = {};
  EXPECT_TRUE(endpoint_->monitor().set_admin_down(256, true));
}

TEST_F(EndpointRefusalTest, AFullDiskDoesNotEndTheService) {
  options_.checkpoint = 20us;
  open();
  device_.requester.window_tops = {{number(256), 5000}};
  // What stands in the way of the new file: as good as a disk that is full.
  std::filesystem::create_directory(folder_.file("floors.new"));
  run(200us);
  EXPECT_THAT(reports_, SizeIs(1)) << "told once";
  EXPECT_THAT(reports_, ElementsAre(HasSubstr("floors.new")));
  std::filesystem::remove(folder_.file("floors.new"));
  run(100us);
  EXPECT_EQ(endpoint_->store()->floor(256), 5000U);
  EXPECT_THAT(reports_, SizeIs(2)) << "and that it works again";
}

TEST_F(EndpointRefusalTest, WhatWasRepairedIsTold) {
  open();
  EXPECT_TRUE(endpoint_->close());
  endpoint_.reset();
  std::filesystem::resize_file(folder_.file("sas"), std::filesystem::file_size(folder_.file("sas")) - 1);
  open();
  EXPECT_THAT(reports_, ElementsAre(HasSubstr("cut off at byte")));
}

// ---- a card without prober

class NoProberTest : public EndpointRefusalTest {
 protected:
  NoProberTest() : EndpointRefusalTest(FakeDevice::kRequesterOnly) {}
};

TEST_F(NoProberTest, RefusesWhatOnlyAProberCanDo) {
  const auto refused = Endpoint::open(device_, config_, options_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::unsupported);
  EXPECT_THAT(refused.error().message, AllOf(HasSubstr("sa256"), HasSubstr("mode: host")));
  config_.sas = {make_peer(256)};
  open();
  EXPECT_EQ(endpoint_->sas().add(watched(300)).error().code, Errc::unsupported);
  EXPECT_EQ(endpoint_->sas().replace(256, watched(256)).error().code, Errc::unsupported);
  run(50us);
  EXPECT_EQ(endpoint_->sas().size(), 1U);
}

TEST_F(NoProberTest, GoesOnWithTheSasOfACardThatHadOne) {
  {
    FakeDevice other(64, 0, FakeDevice::kAll);
    ASSERT_TRUE(Endpoint::open(other, config_, options_));
  }
  open();
  run(50us);
  EXPECT_EQ(endpoint_->sas().size(), 2U);
  EXPECT_THAT(endpoint_->monitor().find(256)->fault, HasSubstr("no prober"));
  EXPECT_THAT(reports_, SizeIs(2)) << "one for each SA";
}

}  // namespace
}  // namespace sapulse::test
