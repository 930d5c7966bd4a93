// SPDX-License-Identifier: Apache-2.0
// What the next life of a gateway keeps: sequence numbers, windows, nonces, settings.
#include <gmock/gmock.h>

#include "store_fixture.h"

namespace sapulse::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Restart, SequenceNumbersContinueAboveAllThatWereUsed) {
  const Folder folder;
  std::uint64_t last = 0;
  for (unsigned life = 0; life < 3; ++life) {
    const auto store = must_open(folder.state());
    FakeDevice device(64, 0, FakeDevice::kAll);
    auto card = Card::open(device);
    SaManager sas(**card, {}, store.get());
    if (life == 0) {
      ASSERT_TRUE(sas.add(make_peer(256)));
    } else {
      ASSERT_TRUE(sas.restore());
    }
    const auto statistics = sas.statistics(256);
    ASSERT_TRUE(statistics);
    EXPECT_GT(statistics->next, last);
    last = statistics->next + 1'000'000;  // as if so many had been sent
  }
}

/// What was recorded before the restart must not be taken for news: the windows come back.
TEST(Restart, AttackByReplayAcrossARestartMeetsTheOldWindows) {
  const Folder folder;
  const auto window_top = [](FakeDevice& device, std::uint32_t spi) {
    const auto& half = device.in_half(*device.lookup(spi));
    return regs::ConstSaWriteIn{std::span<const std::byte, regs::kCommandBytes>(half.data(), regs::kCommandBytes)}
        .window_top();
  };
  Config config;
  config.card.local = {IpAddress::v4(0xc0000201)};
  config.sas = {make_peer(256), make_peer(300)};
  {
    FakeDevice device(64, 0, FakeDevice::kAll);
    const auto endpoint = Endpoint::open(device, config, {.state = folder.state()});
    ASSERT_TRUE(endpoint) << endpoint.error().message;
    EXPECT_EQ(window_top(device, 256), 0U);
    device.requester.window_tops = {{(*endpoint)->sas().find(256)->number, 5000}};
    ASSERT_TRUE((*endpoint)->checkpoint());
    ASSERT_TRUE((*endpoint)->sas().replace(300, make_peer(300, 1)));
    // No clean end: what has been checkpointed is what there is.
  }
  FakeDevice device(64, 0, FakeDevice::kAll);
  const auto endpoint = Endpoint::open(device, config, {.state = folder.state()});
  ASSERT_TRUE(endpoint) << endpoint.error().message;
  EXPECT_EQ(window_top(device, 256), 5000U);
  EXPECT_EQ(window_top(device, 300), 0U) << "another SA, with keys of its own";
}

/// After a restart the peer still knows the token: it is made from what is on disk.
TEST(Restart, TokenNoncesSurvive) {
  const Folder folder;
  const auto nonce = [](FakeDevice& device) {
    const auto& half = device.in_half(*device.lookup(256));
    return to_hex(
        regs::ConstSaWriteIn{std::span<const std::byte, regs::kCommandBytes>(half.data(), regs::kCommandBytes)}
            .token_nonce());
  };
  std::string first;
  for (unsigned life = 0; life < 2; ++life) {
    const auto store = must_open(folder.state());
    FakeDevice device(64, 0, FakeDevice::kAll);
    auto card = Card::open(device);
    SaManager sas(**card, *store->secret(), store.get());
    ASSERT_TRUE(life == 0 ? sas.add(std::vector{make_peer(256)}) : sas.restore());
    if (life == 0) first = nonce(device);
    EXPECT_NE(nonce(device), std::string(16, '0'));
    EXPECT_EQ(nonce(device), first);
  }
}

TEST(Restart, ARemovedSaThatComesBackDoesNotRepeatNumbers) {
  const Folder folder;
  const auto store = must_open(folder.state());
  FakeDevice device(64, 0, FakeDevice::kAll);
  auto card = Card::open(device);
  SaManager sas(**card, {}, store.get());
  ASSERT_TRUE(sas.add(make_peer(256)));
  const std::uint64_t first = sas.statistics(256)->next;
  ASSERT_TRUE(sas.remove(256));
  ASSERT_TRUE(sas.add(make_peer(256)));
  EXPECT_GT(sas.statistics(256)->next, first);
}

/// NAT rebinding, or another name from the IKE daemon: the SA stays, with its window and its numbers.
TEST(Restart, WhereAPeerHasMovedAndItsNameSurvive) {
  const Folder folder;
  const IpAddress moved = IpAddress::v4(0xc6336402);
  Path path = make_path();
  path.encapsulation = Encapsulation::udp;
  path.peer_port = 31999;
  for (unsigned life = 0; life < 2; ++life) {
    const auto store = must_open(folder.state());
    FakeDevice device(64, 0, FakeDevice::kAll);
    auto card = Card::open(device);
    SaManager sas(**card, {}, store.get());
    ASSERT_TRUE(life == 0 ? sas.add(std::vector{make_peer(256)}) : sas.restore());
    if (life == 0) {
      std::vector<IpAddress> told;
      sas.set_observer([&](SaManager::Change, const SaInfo& changed) { told.push_back(changed.peer); });
      ASSERT_TRUE(sas.set_place(256, {.peer = moved, .path = make_path()}));
      EXPECT_EQ(told, std::vector{moved});
      ASSERT_TRUE(sas.set_place(256, {.peer = moved, .path = path}));
      EXPECT_EQ(told.size(), 1U) << "only where it is another address";
      sas.set_observer({});
      ASSERT_TRUE(sas.rename(256, "gw-gw/net"));
      EXPECT_EQ(sas.set_place(256, {.peer = *IpAddress::parse("2001:db8::1"), .path = path}).error().code,
                Errc::invalid_argument);
      EXPECT_EQ(sas.set_place(256, {.peer = *IpAddress::parse("224.0.0.1"), .path = path}).error().code,
                Errc::invalid_argument);
      EXPECT_EQ(sas.set_place(300, {.peer = moved, .path = path}).error().code, Errc::not_found);
      EXPECT_EQ(sas.rename(300, "x").error().code, Errc::not_found);
    }
    const SaInfo& sa = *sas.find(256);
    EXPECT_EQ(sa.peer, moved);
    EXPECT_EQ(sa.path, path);
    EXPECT_EQ(sa.name, "gw-gw/net");
    const auto& written = device.requester.paths.at(sa.number);
    const regs::ConstPathWrite sent{
        std::span<const std::byte, regs::kCommandBytes>(written.data(), regs::kCommandBytes)};
    EXPECT_EQ(to_hex(sent.destination()), "00000000000000000000ffffc6336402");
    EXPECT_EQ(sent.destination_port(), 31999);
  }
}

TEST(Restart, ARefusedChangeIsUndoneOnDisk) {
  const Folder folder;
  const auto store = must_open(folder.state());
  FakeDevice device;
  auto card = Card::open(device);
  SaManager sas(**card, {}, store.get());
  ASSERT_TRUE(sas.add(make_sa(256)));
  const Contents before = contents(*store);
  device.refuse = [](const regs::ConstCommand& command) -> std::optional<Status> {
    return command.opcode() == Opcode::index_write ? std::optional(Status::bad_argument) : std::nullopt;
  };
  EXPECT_FALSE(sas.add(make_sa(300)));
  EXPECT_EQ(contents(*store), before);
  EXPECT_FALSE(sas.replace(256, make_sa(256, 1)));
  EXPECT_EQ(contents(*store), before);
  EXPECT_FALSE(sas.replace(256, make_sa(301, 1)));
  EXPECT_EQ(contents(*store), before);
  EXPECT_FALSE(sas.remove(256));
  EXPECT_EQ(contents(*store), before);
}

TEST(Restart, SettingsStayWithTheSa) {
  const Folder folder;
  const LivenessSettings settings{.interval = std::chrono::milliseconds(10), .multiplier = 5};
  {
    const auto store = must_open(folder.state());
    FakeDevice device(64, 0, FakeDevice::kAll);
    auto card = Card::open(device);
    SaManager sas(**card, {}, store.get());
    SaParameters sa = make_peer(256);
    sa.liveness = settings;
    ASSERT_TRUE(sas.add(sa));
    ASSERT_TRUE(sas.set_admin_down(256, true));
    ASSERT_TRUE(sas.replace(256, make_sa(300, 1))) << "that says nothing of path and liveness";
    EXPECT_EQ(sas.find(300)->path, make_path());
    EXPECT_EQ(sas.find(300)->liveness, settings);
    EXPECT_TRUE(device.requester.down.contains(sas.find(300)->number));
  }
  const auto store = must_open(folder.state());
  FakeDevice device(64, 0, FakeDevice::kAll);
  auto card = Card::open(device);
  SaManager sas(**card, {}, store.get());
  ASSERT_TRUE(sas.restore());
  EXPECT_EQ(sas.find(300)->path, make_path());
  EXPECT_EQ(sas.find(300)->liveness, settings);
  EXPECT_TRUE(sas.find(300)->admin_down);
  EXPECT_TRUE(device.requester.paths.contains(sas.find(300)->number));
}

TEST(Restart, EndpointTakesTheDirectoryForTheTruth) {
  const Folder folder;
  Config config;
  config.card.local = {IpAddress::v4(0xc0000201)};
  config.sas = {make_peer(256), make_peer(257)};
  const EndpointOptions options{.state = folder.state()};
  std::string token;
  {
    FakeDevice device(64, 0, FakeDevice::kAll);
    auto endpoint = Endpoint::open(device, config, options);
    ASSERT_TRUE(endpoint) << endpoint.error().message;
    EXPECT_EQ((*endpoint)->sas().size(), 2U);
    const auto number = (*endpoint)->sas().find(256)->number;
    token = to_hex(std::span(device.in_half(number)).subspan(128, 16));
    EXPECT_NE(token, std::string(32, '0')) << "the directory has brought a secret";
    device.requester.window_tops[number] = 0x900000001;
    ASSERT_TRUE((*endpoint)->sas().remove(257));
    ASSERT_TRUE((*endpoint)->close());
  }
  FakeDevice device(64, 0, FakeDevice::kAll);
  auto endpoint = Endpoint::open(device, config, options);
  ASSERT_TRUE(endpoint) << endpoint.error().message;
  EXPECT_EQ((*endpoint)->sas().size(), 1U) << "what has been removed stays away";
  EXPECT_EQ((*endpoint)->store()->floor(256), 0x900000001U);
  EXPECT_EQ(to_hex(std::span(device.in_half((*endpoint)->sas().find(256)->number)).subspan(128, 16)), token);
}

/// A secret that is forgotten with the process would make tokens that prove nothing when they are asked for.
TEST(Restart, WithoutADirectoryThereAreNoTokens) {
  Config config;
  config.card.local = {IpAddress::v4(0xc0000201)};
  config.sas = {make_peer(256)};
  config.sas_from_kernel = true;
  for (unsigned life = 0; life < 2; ++life) {
    FakeDevice device(64, 0, FakeDevice::kAll);
    const auto endpoint = Endpoint::open(device, config);
    ASSERT_TRUE(endpoint) << endpoint.error().message;
    EXPECT_TRUE((*endpoint)->sas().secret().empty()) << "so errors about unknown SPIs carry none either";
    const auto& half = device.in_half(*device.lookup(256));
    const std::span<const std::byte, regs::kCommandBytes> command(half.data(), regs::kCommandBytes);
    EXPECT_EQ(regs::ConstSaWriteIn{command}.token_valid(), 0);
  }
}

/// Refuses the keys of one SA.
std::optional<Status> refuse_300(const regs::ConstCommand& command) {
  if (command.opcode() != Opcode::sa_write_in) return std::nullopt;
  return regs::ConstSaWriteIn{command.bytes()}.spi() == 300 ? std::optional(Status::bad_argument) : std::nullopt;
}

class StoredSaIsRefused : public testing::Test {
 protected:
  void SetUp() override {
    config_.card.local = {IpAddress::v4(0xc0000201)};
    for (const std::uint32_t spi : {256U, 300U, 400U, 500U, 600U}) config_.sas.push_back(make_peer(spi));
    FakeDevice device(64, 0, FakeDevice::kAll);
    const auto endpoint = open(device);
    device.requester.window_tops = {{endpoint->sas().find(300)->number, 5000}};
    ASSERT_TRUE(endpoint->close());
  }
  std::unique_ptr<Endpoint> open(FakeDevice& device) {
    EndpointOptions options{.state = folder_.state()};
    options.report = [this](const std::string& line) { reported_.push_back(line); };
    auto opened = Endpoint::open(device, config_, options);
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(*opened);
  }

  const Folder folder_;
  Config config_;
  std::vector<std::string> reported_;
};

TEST_F(StoredSaIsRefused, NothingElseIsLost) {
  {
    FakeDevice device(64, 0, FakeDevice::kAll);
    device.refuse = refuse_300;
    const auto endpoint = open(device);
    EXPECT_EQ(endpoint->sas().size(), 4U);
    ASSERT_THAT(endpoint->sas().refused(), SizeIs(1));
    EXPECT_EQ(endpoint->sas().refused()[0].sa.name, "sa300");
    EXPECT_THAT(reported_, ElementsAre(AllOf(HasSubstr("'sa300'"), HasSubstr("bad_argument"))));
    ASSERT_TRUE(endpoint->close());
    EXPECT_THAT(device.violations, IsEmpty());
  }
  FakeDevice device(64, 0, FakeDevice::kAll);
  const auto endpoint = open(device);
  EXPECT_EQ(endpoint->sas().size(), 5U);
  EXPECT_EQ(endpoint->store()->floor(300), 5000U) << "also not where its window begins";
}

TEST_F(StoredSaIsRefused, ItCanBeReplacedOrRemoved) {
  FakeDevice device(64, 0, FakeDevice::kAll);
  device.refuse = refuse_300;
  const auto endpoint = open(device);
  EXPECT_EQ(endpoint->sas().add(make_peer(300, 1)).error().code, Errc::device_error);
  EXPECT_THAT(endpoint->sas().refused(), SizeIs(1)) << "as before";
  EXPECT_THAT(endpoint->store()->sas(), SizeIs(5));
  device.refuse = {};
  ASSERT_TRUE(endpoint->sas().add(make_peer(300, 1)));
  EXPECT_THAT(endpoint->sas().refused(), IsEmpty());
  EXPECT_THAT(endpoint->store()->sas(), SizeIs(5));
}

TEST_F(StoredSaIsRefused, ItGoesFromTheStoreToo) {
  FakeDevice device(64, 0, FakeDevice::kAll);
  device.refuse = refuse_300;
  const auto endpoint = open(device);
  ASSERT_TRUE(endpoint->sas().remove(std::vector<std::uint32_t>{300, 400}));
  EXPECT_THAT(endpoint->sas().refused(), IsEmpty());
  EXPECT_THAT(endpoint->store()->sas(), SizeIs(3));
  EXPECT_EQ(endpoint->sas().remove(300).error().code, Errc::not_found);
}

TEST_F(StoredSaIsRefused, ASmallerCardTakesWhatItHasRoomFor) {
  FakeDevice device(2, 2, FakeDevice::kAll);
  const auto endpoint = open(device);
  EXPECT_EQ(endpoint->sas().size(), 2U);
  EXPECT_THAT(endpoint->sas().refused(), SizeIs(3));
}

TEST_F(StoredSaIsRefused, ACardThatFailsIsAnError) {
  FakeDevice device(64, 0, FakeDevice::kAll);
  device.refuse = [](const regs::ConstCommand& command) {
    const bool is_erase = command.opcode() == Opcode::sa_erase;
    return is_erase ? std::optional(Status::bad_sa) : refuse_300(command);
  };
  const auto opened = Endpoint::open(device, config_, {.state = folder_.state()});
  ASSERT_FALSE(opened) << "keys that cannot be overwritten";
  EXPECT_EQ(opened.error().code, Errc::device_error);
}

}  // namespace
}  // namespace sapulse::test
