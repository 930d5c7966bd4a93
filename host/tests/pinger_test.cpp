// SPDX-License-Identifier: Apache-2.0
// Pings: results, timeouts, limits, the search for the path MTU; paths as the card gets them.
#include "sapulse/pinger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "asking_card.h"

namespace sapulse::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::uint32_t kSpi = 0x1234;

class PingerTest : public testing::Test {
 protected:
  explicit PingerTest(std::uint32_t capabilities = FakeDevice::kAll) : device_(64, 0, capabilities) {}
  void SetUp() override {
    card_ = std::move(*Card::open(device_));
    sas_ = std::make_unique<SaManager>(*card_);
    pinger_ =
        std::make_unique<Pinger>(*card_, *sas_, [this](std::chrono::nanoseconds timeout) { return pump(timeout); });
  }
  void TearDown() override {
    pinger_.reset();
    EXPECT_TRUE(card_->close());
    EXPECT_THAT(device_.violations, IsEmpty());
  }
  Result<void> pump(std::chrono::nanoseconds timeout) {
    return card_->wait(timeout)
        .and_then([&](bool) { return card_->poll({}, [&](const Event& event) { pinger_->handle(event); }); })
        .map([](std::size_t) {});
  }
  void answer_with(const FakeReply& reply) {
    device_.requester.answer = [reply](const FakePing&) { return reply; };
  }

  FakeDevice device_;
  std::unique_ptr<Card> card_;
  std::unique_ptr<SaManager> sas_;
  std::unique_ptr<Pinger> pinger_;
};

TEST_F(PingerTest, PathIsWrittenWithTheSa) {
  SaParameters sa = make_peer(kSpi);
  sa.path->tags = {{wire::tpid_service, 0x2064}, {wire::tpid_customer, 0x0007}};
  sa.path->encapsulation = Encapsulation::udp;
  sa.path->peer_port = 1024;
  sa.path->control_spi = 200;
  sa.path->dscp = 46;
  const auto number = sas_->add(sa);
  ASSERT_TRUE(number);
  const auto& written = device_.requester.paths.at(*number);
  const regs::ConstPathWrite path{std::span<const std::byte, regs::kCommandBytes>(written.data(), regs::kCommandBytes)};
  EXPECT_EQ(path.valid(), 1);
  EXPECT_EQ(path.encapsulation(), 1);
  EXPECT_EQ(path.ipv6(), 0);
  EXPECT_EQ(path.dscp(), 46);
  EXPECT_EQ(path.tags(), 2);
  EXPECT_EQ(path.source_port(), 4500);
  EXPECT_EQ(path.destination_port(), 1024);
  EXPECT_EQ(path.tag0(), 0x88a82064U);
  EXPECT_EQ(path.tag1(), 0x81000007U);
  EXPECT_EQ(path.control_spi(), 200U);
  EXPECT_EQ(to_hex(path.token_nonce()), std::string(16, '0')) << "the peer has told nothing yet";
  EXPECT_EQ(to_hex(path.destination_mac()), "02aabbccdd02");
  EXPECT_EQ(to_hex(path.source_mac()), "02aabbccdd01");
  EXPECT_EQ(to_hex(path.source()), "00000000000000000000ffffc0000201");
  EXPECT_EQ(to_hex(path.destination()), "00000000000000000000ffffc6336401");
}

TEST_F(PingerTest, PathsOutOfRangeAreRefused) {
  const auto refused = [&](auto change) {
    SaParameters sa = make_peer(kSpi);
    change(*sa.path);
    const auto added = sas_->add(sa);
    return added ? std::string() : added.error().message;
  };
  EXPECT_THAT(refused([](Path& path) { path.peer_mac = MacAddress(); }), HasSubstr("peer MAC"));
  EXPECT_THAT(refused([](Path& path) { path.own_mac = *MacAddress::parse("ff:ff:ff:ff:ff:ff"); }),
              HasSubstr("own MAC"));
  EXPECT_THAT(refused([](Path& path) { path.tags.resize(3); }), HasSubstr("3 VLAN tags"));
  EXPECT_THAT(refused([](Path& path) { path.tags = {{0x9100, 1}}; }), HasSubstr("TPID 0x9100"));
  EXPECT_THAT(refused([](Path& path) { path.control_spi = 7; }), HasSubstr("control SPI 7"));
  EXPECT_THAT(refused([](Path& path) { path.dscp = 64; }), HasSubstr("DSCP 64"));
  EXPECT_THAT(refused([](Path& path) {
                path.encapsulation = Encapsulation::udp;
                path.peer_port = 0;
              }),
              HasSubstr("UDP port 0"));
}

TEST_F(PingerTest, ReplyTellsTimesAndSequence) {
  ASSERT_TRUE(sas_->add(make_peer(kSpi)));
  device_.requester.answer = [](const FakePing& ping) {
    return FakeReply{.delay = 9000,
                     .n = 0x500000001,
                     .telemetry = {.times = Telemetry::Times{ping.t_origin + 1000, ping.t_origin + 1500},
                                   .data_sequence = 77,
                                   .token = make_crash_token(1)}};
  };
  const auto result = pinger_->ping(kSpi, {.data_bytes = 100, .timeout = 1ms});
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_TRUE(result->answered);
  EXPECT_EQ(result->spi_in, kSpi);
  EXPECT_EQ(result->rtt(), 9000ns);
  EXPECT_EQ(result->forward(), 1000ns);
  EXPECT_EQ(result->turnaround(), 500ns);
  EXPECT_EQ(result->backward(), 7500ns);
  EXPECT_EQ(result->telemetry.data_sequence, 77U);
  EXPECT_EQ(result->telemetry.token, make_crash_token(1));
  EXPECT_EQ(result->sa, sas_->find(kSpi)->number);
  EXPECT_EQ(result->n, 1U) << "of the request";
  EXPECT_EQ(result->reply_n, 0x500000001U);
  EXPECT_EQ(result->frame_length, 210U);
  EXPECT_EQ(device_.requester.pings.at(0).length, 100U);
}

TEST_F(PingerTest, ClocksMayDifferEitherWay) {
  ASSERT_TRUE(sas_->add(make_peer(kSpi)));
  answer_with(
      {.delay = 9000, .n = 1, .telemetry = {.times = Telemetry::Times{100, 200}, .data_sequence = {}, .token = {}}});
  device_.advance(1'000'000);
  const auto result = pinger_->ping(kSpi);
  ASSERT_TRUE(result);
  EXPECT_LT(*result->forward(), 0ns);
  EXPECT_EQ(*result->forward() + *result->backward() + *result->turnaround(), result->rtt());
}

TEST_F(PingerTest, SilenceIsAResultNotAnError) {
  ASSERT_TRUE(sas_->add(make_peer(kSpi)));
  const auto result = pinger_->ping(kSpi, {.data_bytes = 56, .timeout = 100us});
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_FALSE(result->answered);
  EXPECT_EQ(result->telemetry.times, std::nullopt);
  EXPECT_EQ(pinger_->outstanding(), 0U);
}

TEST_F(PingerTest, ACardThatDoesNotTellIsAnError) {
  ASSERT_TRUE(sas_->add(make_peer(kSpi)));
  answer_with({});
  device_.alter_completion = [](const regs::Completion& completion) {
    // As if the event of another ping came: this one's is never told.
    if (completion.opcode() == Opcode::ping) regs::PingCompletion{completion.bytes()}.set_transaction(0x81234567);
  };
  const auto result = pinger_->ping(kSpi, {.data_bytes = 56, .timeout = 100us});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::timeout);
  EXPECT_THAT(result.error().message, HasSubstr("has not told"));
}

TEST_F(PingerTest, ManyPingsComeBackToTheirOwners) {
  constexpr unsigned kSas = 8;
  for (std::uint32_t i = 0; i < kSas; ++i) ASSERT_TRUE(sas_->add(make_peer(kSpi + i)));
  device_.requester.answer = [](const FakePing& ping) -> std::optional<FakeReply> {
    if (ping.sa % 3 == 2) return std::nullopt;
    return FakeReply{
        .delay = 1000 + 100000 / (ping.sa + 1), .n = ping.sa, .telemetry = {}};  // the last is answered first
  };
  unsigned answered = 0;
  unsigned silent = 0;
  for (std::uint32_t i = 0; i < kSas; ++i) {
    const auto check = [&, i](const Result<PingResult>& result) {
      ASSERT_TRUE(result);
      EXPECT_EQ(result->spi_in, kSpi + i);
      if (result->answered) EXPECT_EQ(result->reply_n, sas_->find(kSpi + i)->number);
      ++(result->answered ? answered : silent);
    };
    ASSERT_TRUE(pinger_->start(kSpi + i, {.data_bytes = 56, .timeout = 1ms}, check));
  }
  EXPECT_EQ(pinger_->outstanding(), kSas);
  while (pinger_->outstanding() > 0) ASSERT_TRUE(pump(1ms));
  EXPECT_EQ(answered, 6U);
  EXPECT_EQ(silent, 2U);
}

TEST_F(PingerTest, EventBeforeItsCompletionIsKept) {
  ASSERT_TRUE(sas_->add(make_peer(kSpi)));
  unsigned done = 0;
  ASSERT_TRUE(pinger_->start(kSpi, {}, [&](const Result<PingResult>& result) {
    EXPECT_TRUE(result && result->answered);
    ++done;
  }));
  Event event;
  event.kind = EventKind::ping_reply;
  event.transaction = 0x80000001;
  EXPECT_TRUE(pinger_->handle(event));
  EXPECT_EQ(done, 0U);
  ASSERT_TRUE(card_->drain());
  EXPECT_EQ(done, 1U);
}

/// It could be taken for the reply to a ping that gets the same transaction later.
TEST_F(PingerTest, AnEarlyEventOfNobodyIsNotKept) {
  ASSERT_TRUE(sas_->add(make_peer(kSpi)));
  answer_with({.n = 7, .telemetry = {}});
  device_.stall(true);
  ASSERT_TRUE(pinger_->start(kSpi, {}, {[](const Result<PingResult>&) {}}));
  Event stale{};
  stale.kind = EventKind::ping_reply;
  stale.transaction = 0x80000002;  // of the second ping
  stale.n = 666;
  (void)pinger_->handle(stale);
  device_.stall(false);
  while (pinger_->outstanding() > 0) ASSERT_TRUE(pump(1ms));
  const auto second = pinger_->ping(kSpi);
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(second->transaction, 0x80000002);
  EXPECT_EQ(second->reply_n, 7U);
}

TEST_F(PingerTest, TheSearchForThePathMtuHoldsNobodyUp) {
  ASSERT_TRUE(sas_->add(make_peer(kSpi)));
  device_.requester.answer = [](const FakePing& ping) {
    return ping.length <= 1300 ? std::optional(FakeReply{.telemetry = {}}) : std::nullopt;
  };
  std::optional<Result<PathMtu>> searched;
  const PathMtuOptions options{.most = 1500, .attempts = 1, .timeout = 20us};
  ASSERT_TRUE(pinger_->start_path_mtu(kSpi, options, [&](const Result<PathMtu>& mtu) { searched = mtu; }));
  EXPECT_FALSE(searched);
  unsigned pumps = 0;
  for (; !searched; ++pumps) ASSERT_TRUE(pump(1us));
  EXPECT_GT(pumps, 10U) << "the caller goes on meanwhile";
  ASSERT_TRUE(*searched) << searched->error().message;
  const auto waited = pinger_->probe_path_mtu(kSpi, options);
  ASSERT_TRUE(waited);
  EXPECT_EQ((*searched)->passed, waited->passed);
  EXPECT_EQ((*searched)->failed, waited->failed);
  EXPECT_GT(waited->passed, 1300U);
}

TEST_F(PingerTest, StrangeEventsAreNotTaken) {
  Event event;
  event.kind = EventKind::ping_reply;
  event.transaction = 0x80000001;
  EXPECT_FALSE(pinger_->handle(event));
  event.kind = EventKind::probe_state;
  EXPECT_FALSE(pinger_->handle(event));
}

TEST_F(PingerTest, RefusesWhatCannotBe) {
  ASSERT_TRUE(sas_->add(make_peer(kSpi)));
  ASSERT_TRUE(sas_->add(make_sa(kSpi + 1)));
  EXPECT_EQ(pinger_->ping(1).error().code, Errc::not_found);
  EXPECT_THAT(pinger_->ping(kSpi + 1).error().message, HasSubstr("no path"));
  EXPECT_EQ(pinger_->ping(kSpi, {.data_bytes = 9001}).error().code, Errc::invalid_argument);
  EXPECT_EQ(pinger_->ping(kSpi, {.timeout = 0ns}).error().code, Errc::invalid_argument);
  EXPECT_EQ(pinger_->ping(kSpi, {.timeout = 2h}).error().code, Errc::invalid_argument);
  EXPECT_THAT(device_.requester.pings, IsEmpty());
}

TEST_F(PingerTest, BusyCardIsNoSpace) {
  ASSERT_TRUE(sas_->add(make_peer(kSpi)));
  device_.requester.most_pings = 0;
  const auto result = pinger_->ping(kSpi);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::no_space);
}

TEST_F(PingerTest, PingsEndWithThePinger) {
  ASSERT_TRUE(sas_->add(make_peer(kSpi)));
  unsigned failed = 0;
  const auto count = [&](const Result<PingResult>& result) { failed += result ? 0 : 1; };
  ASSERT_TRUE(pinger_->start(kSpi, {}, count));
  ASSERT_TRUE(card_->drain());
  ASSERT_TRUE(pinger_->start(kSpi, {}, count));  // its completion is still to come
  pinger_.reset();
  EXPECT_EQ(failed, 2U);
  EXPECT_TRUE(card_->drain());
  EXPECT_EQ(failed, 2U);
}

/// A path that carries IP packets of up to `mtu` bytes.
void let_pass(FakeDevice& device, const Path& path, std::size_t mtu) {
  device.requester.answer = [&path, mtu](const FakePing& ping) -> std::optional<FakeReply> {
    if (echo_ip_bytes(path, false, ping.length) > mtu) return std::nullopt;
    return FakeReply{};
  };
}

TEST_F(PingerTest, FindsThePathMtu) {
  const SaParameters sa = make_peer(kSpi);
  ASSERT_TRUE(sas_->add(sa));
  // Sizes of ESP over IPv4 are 84 + multiples of 4.
  for (const std::size_t mtu :
       {std::size_t{152}, std::size_t{576}, std::size_t{1500}, std::size_t{1499}, std::size_t{8999}}) {
    SCOPED_TRACE(mtu);
    let_pass(device_, *sa.path, mtu);
    const auto found = pinger_->probe_path_mtu(kSpi, {.most = 9000, .attempts = 2, .timeout = 10us});
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->passed, mtu / 4 * 4);
    EXPECT_EQ(found->failed, found->passed == 9000 ? 0 : found->passed + 4);
    EXPECT_LT(found->pings, 40U);
  }
}

TEST_F(PingerTest, PathMtuAtTheEnds) {
  const SaParameters sa = make_peer(kSpi);
  ASSERT_TRUE(sas_->add(sa));
  let_pass(device_, *sa.path, 9216);
  const auto all = pinger_->probe_path_mtu(kSpi, {.most = 1500, .timeout = 10us});
  ASSERT_TRUE(all);
  EXPECT_EQ(all->passed, 1500U);
  EXPECT_EQ(all->failed, 0U);
  EXPECT_EQ(all->pings, 2U);
  let_pass(device_, *sa.path, 100);
  const auto none = pinger_->probe_path_mtu(kSpi, {.most = 1500, .attempts = 3, .timeout = 10us});
  ASSERT_TRUE(none);
  EXPECT_EQ(none->passed, 0U);
  EXPECT_EQ(none->failed, 152U);
  EXPECT_EQ(none->pings, 3U);
  EXPECT_EQ(pinger_->probe_path_mtu(kSpi, {.most = 100}).error().code, Errc::invalid_argument);
  EXPECT_EQ(pinger_->probe_path_mtu(kSpi, {.attempts = 0}).error().code, Errc::invalid_argument);
}

TEST_F(PingerTest, NoSizeBelowTheLeastIsTried) {
  const SaParameters sa = make_peer(kSpi);
  ASSERT_TRUE(sas_->add(sa));
  let_pass(device_, *sa.path, 100);
  for (const std::size_t least : {1400, 1401, 1403, 1404}) {
    const auto none = pinger_->probe_path_mtu(kSpi, {.least = least, .most = 1500, .attempts = 1, .timeout = 10us});
    ASSERT_TRUE(none) << least;
    EXPECT_EQ(none->failed, least == 1400 ? 1400 : 1404) << least;
  }
}

TEST_F(PingerTest, PathMtuSurvivesLoss) {
  const SaParameters sa = make_peer(kSpi);
  ASSERT_TRUE(sas_->add(sa));
  unsigned count = 0;
  device_.requester.answer = [&](const FakePing& ping) -> std::optional<FakeReply> {
    if (++count % 2 == 0 || echo_ip_bytes(*sa.path, false, ping.length) > 1400) return std::nullopt;
    return FakeReply{};
  };
  const auto found = pinger_->probe_path_mtu(kSpi, {.attempts = 3, .timeout = 10us});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->passed, 1400U);
}

TEST(Path, SizesOfPings) {
  Path path = make_path();
  EXPECT_EQ(echo_ip_bytes(path, false, 56), 152U) << "the 166-byte frame of the protocol";
  path.encapsulation = Encapsulation::udp;
  EXPECT_EQ(echo_ip_bytes(path, false, 56), 160U);
  EXPECT_EQ(echo_ip_bytes(path, true, 56), 180U);
  path.encapsulation = Encapsulation::ah;
  EXPECT_EQ(echo_ip_bytes(path, false, 56), 156U);
  EXPECT_EQ(echo_ip_bytes(path, true, 56), 180U);
  for (const bool ipv6 : {false, true}) {
    EXPECT_EQ(echo_data_bytes(path, ipv6, 50), 0U);
    for (std::size_t size = 140; size < 300; ++size) {
      const std::size_t data = echo_data_bytes(path, ipv6, size);
      if (data == 0) continue;
      EXPECT_LE(echo_ip_bytes(path, ipv6, data), size);
      EXPECT_GT(echo_ip_bytes(path, ipv6, data + 1), size) << "no more fits";
    }
  }
}

class OldCardTest : public PingerTest {
 protected:
  OldCardTest() : PingerTest(0) {}
};

TEST_F(OldCardTest, SaysThatItCannotAsk) {
  ASSERT_TRUE(sas_->add(make_peer(kSpi))) << "the path is not lost on errors that the host sends";
  EXPECT_EQ(pinger_->ping(kSpi).error().code, Errc::unsupported);
  EXPECT_EQ(sas_->set_path(kSpi, make_path()).error().code, Errc::unsupported);
  EXPECT_EQ(sas_->set_admin_down(kSpi, true).error().code, Errc::unsupported);
  CardConfig config;
  config.copies = {Cause::integrity};
  EXPECT_EQ(card_->configure(config).error().code, Errc::unsupported);
  EXPECT_TRUE(card_->configure({}));
  EXPECT_THAT(device_.writes, testing::Not(testing::Contains(regs::offset::kExceptionCopies)));
}

}  // namespace
}  // namespace sapulse::test
