// SPDX-License-Identifier: Apache-2.0
// Liveness: the card's prober, the host's probes, errors as evidence and as hints, administrative state, tokens.
#include "sapulse/monitor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "asking_card.h"
#include "icmp.h"
#include "watch.h"

namespace sapulse::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

constexpr std::uint32_t kSpi = 0x1234;

class MonitorTest : public testing::Test {
 protected:
  explicit MonitorTest(std::uint32_t capabilities = FakeDevice::kAll) : device_(64, 0, capabilities) {}
  void SetUp() override {
    Config config;
    config.card.local = {sa_.local};
    endpoint_ = std::move(*Endpoint::open(device_, config));
    monitor().set_handler([this](const LivenessChange& change) { changes_.push_back(change); });
  }
  void TearDown() override {
    EXPECT_TRUE(endpoint_->close());
    EXPECT_THAT(device_.violations, IsEmpty());
  }
  Monitor& monitor() { return endpoint_->monitor(); }
  /// Installs and watches the SA; the peer answers pings with this token.
  void watch(ProbeMode mode = ProbeMode::kCard, bool data_alive = false) {
    answer_with(make_crash_token(1));
    sa_.liveness = LivenessSettings{
        .mode = mode, .interval = 10us, .multiplier = 3, .jitter_percent = 0, .data_alive = data_alive};
    number_ = *endpoint_->sas().add(sa_);
    poll();
  }
  void answer_with(std::optional<CrashToken> token) {
    device_.requester.answer = [token](const FakePing& ping) {
      return FakeReply{
          .delay = 1000, .n = 100 + ping.n, .telemetry = {.times = {}, .data_sequence = {}, .token = token}};
    };
  }
  void poll() { ASSERT_TRUE(endpoint_->poll()); }
  void run(std::chrono::nanoseconds time) {
    const std::uint64_t end = device_.now() + static_cast<std::uint64_t>(time.count());
    while (device_.now() < end) {
      const auto waited = endpoint_->wait(1us);
      ASSERT_TRUE(waited) << waited.error().message;
      poll();
    }
  }
  void tell(ProbeState state, ProbeState previous) {
    ASSERT_TRUE(device_.deliver_event(probe_event(number_, state, previous, device_.now())));
    poll();
  }
  /// Up, with the token learnt.
  void bring_up() {
    tell(ProbeState::kUp, ProbeState::kInit);
    run(20us);
    ASSERT_TRUE(monitor().find(kSpi)->token_known);
    changes_.clear();
  }
  void receive(const Exception& exception) { ASSERT_TRUE(*monitor().handle(exception)); }
  Liveness state() { return monitor().find(kSpi)->state; }
  [[nodiscard]] std::vector<Liveness> states() const {
    std::vector<Liveness> result;
    for (const LivenessChange& change : changes_) result.push_back(change.to);
    return result;
  }

  FakeDevice device_;
  SaParameters sa_ = make_peer(kSpi);
  std::uint32_t number_ = 0;
  std::unique_ptr<Endpoint> endpoint_;
  std::vector<LivenessChange> changes_;
};

// ---- the card's prober

TEST_F(MonitorTest, SettingsReachTheProber) {
  sa_.liveness = LivenessSettings{
      .interval = 3300us, .multiplier = 10, .suspect = 4, .jitter_percent = 25, .data_bytes = 100, .data_alive = true};
  number_ = *endpoint_->sas().add(sa_);
  poll();
  const auto& written = device_.requester.probes.at(number_);
  const regs::ConstProbeWrite probe{
      std::span<const std::byte, regs::kCommandBytes>(written.data(), regs::kCommandBytes)};
  EXPECT_EQ(probe.enable(), 1);
  EXPECT_EQ(probe.data_alive(), 1);
  EXPECT_EQ(probe.jitter(), 64);
  EXPECT_EQ(probe.length(), 100);
  EXPECT_EQ(probe.interval(), 3223U) << "3300000 / 1024, rounded up";
  EXPECT_EQ(probe.suspect(), 12891U);
  EXPECT_EQ(probe.detect(), 32227U);
  EXPECT_EQ(state(), Liveness::kInit);
}

TEST_F(MonitorTest, FollowsTheProber) {
  watch();
  tell(ProbeState::kUp, ProbeState::kInit);
  tell(ProbeState::kSuspect, ProbeState::kUp);
  tell(ProbeState::kUp, ProbeState::kSuspect);
  tell(ProbeState::kDown, ProbeState::kUp);
  tell(ProbeState::kUp, ProbeState::kDown);
  EXPECT_THAT(states(), ElementsAre(Liveness::kUp, Liveness::kSuspect, Liveness::kUp, Liveness::kDown, Liveness::kUp));
  EXPECT_EQ(changes_[3].reason, LivenessReason::kSilence);
  EXPECT_EQ(changes_[3].evidence.heard, 10240ns);
  EXPECT_EQ(changes_[3].evidence.rtt, 5000ns);
  EXPECT_EQ(changes_[3].evidence.probes, 7U);
  EXPECT_EQ(changes_[3].evidence.replies, 3U);
  EXPECT_EQ(changes_[3].peer, sa_.peer);
}

TEST_F(MonitorTest, DownWithoutEverHavingBeenUp) {
  watch();
  tell(ProbeState::kDown, ProbeState::kInit);
  EXPECT_EQ(state(), Liveness::kDown);
}

TEST_F(MonitorTest, ReplacingKeepsWatching) {
  watch();
  bring_up();
  const std::uint32_t before = number_;
  SaParameters next = make_sa(kSpi, 1);
  number_ = *endpoint_->sas().replace(kSpi, next);
  ASSERT_NE(number_, before);
  EXPECT_FALSE(device_.requester.probes.contains(before)) << "erased with its SA";
  // An event about the old number must not touch the new SA.
  ASSERT_TRUE(device_.deliver_event(probe_event(before, ProbeState::kDown, ProbeState::kUp, device_.now())));
  poll();
  EXPECT_TRUE(device_.requester.probes.contains(number_));
  EXPECT_EQ(state(), Liveness::kUp);
  EXPECT_FALSE(monitor().find(kSpi)->token_known) << "it was that of another SA";
  tell(ProbeState::kDown, ProbeState::kInit);
  EXPECT_EQ(state(), Liveness::kDown);
}

TEST_F(MonitorTest, RemovingEndsWatching) {
  watch();
  ASSERT_TRUE(endpoint_->sas().remove(kSpi));
  EXPECT_EQ(monitor().size(), 0U);
  tell(ProbeState::kDown, ProbeState::kUp);
  EXPECT_THAT(changes_, IsEmpty());
}

TEST_F(MonitorTest, EventsFromBeforeTheStartAreNotBelieved) {
  watch();
  bring_up();
  const std::uint64_t earlier = device_.now() - 10;
  ASSERT_TRUE(monitor().watch(kSpi, *sa_.liveness));
  ASSERT_TRUE(device_.deliver_event(probe_event(number_, ProbeState::kDown, ProbeState::kUp, earlier)));
  poll();
  EXPECT_EQ(state(), Liveness::kUp);
}

TEST_F(MonitorTest, UnwatchTakesItAwayFromTheProber) {
  watch();
  ASSERT_TRUE(monitor().unwatch(kSpi));
  EXPECT_THAT(device_.requester.probes, IsEmpty());
  EXPECT_EQ(monitor().find(kSpi), std::nullopt);
  EXPECT_EQ(monitor().unwatch(kSpi).error().code, Errc::not_found);
  EXPECT_EQ(endpoint_->sas().find(kSpi)->liveness, std::nullopt);
}

TEST_F(MonitorTest, ReadsTheProber) {
  watch();
  const auto status = monitor().probe_status(kSpi);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->state, ProbeState::kUp);
  EXPECT_EQ(status->rtt, 4321ns);
  EXPECT_EQ(status->heard, 2048ns);
  EXPECT_EQ(monitor().probe_status(1).error().code, Errc::not_found);
}

TEST_F(MonitorTest, SettingsOutOfRangeAreRefused) {
  ASSERT_TRUE(endpoint_->sas().add(sa_));
  const auto refused = [&](const LivenessSettings& settings) {
    return monitor().watch(kSpi, settings).error().message;
  };
  EXPECT_THAT(refused({.interval = 999ns}), HasSubstr("interval of 999 ns"));
  EXPECT_THAT(refused({.interval = 19min}), HasSubstr("18 minutes"));
  EXPECT_THAT(refused({.interval = 18min, .multiplier = 3}), HasSubstr("36 minutes"));
  EXPECT_THAT(refused({.multiplier = 0}), HasSubstr("multiplier 0"));
  EXPECT_THAT(refused({.multiplier = 256}), HasSubstr("multiplier 256"));
  EXPECT_THAT(refused({.multiplier = 3, .suspect = 3}), HasSubstr("less than the multiplier"));
  EXPECT_THAT(refused({.jitter_percent = 26}), HasSubstr("jitter of 26"));
  EXPECT_THAT(refused({.data_bytes = 55}), HasSubstr("55 bytes"));
  EXPECT_EQ(monitor().watch(1, {}).error().code, Errc::not_found);
  ASSERT_TRUE(endpoint_->sas().add(make_sa(kSpi + 1)));
  EXPECT_THAT(monitor().watch(kSpi + 1, {}).error().message, HasSubstr("path"));
}

// ---- tokens and errors

TEST_F(MonitorTest, RightTokenMeansLostAtOnce) {
  watch();
  bring_up();
  receive(clear_error(sa_, wire::error_unknown_spi, make_token(1), device_.now()));
  ASSERT_THAT(states(), ElementsAre(Liveness::kLost));
  EXPECT_EQ(changes_[0].reason, LivenessReason::kCrashToken);
  EXPECT_EQ(changes_[0].evidence.error->code, 1);
  EXPECT_EQ(changes_[0].evidence.error->spi, sa_.out.spi);
  // Probing goes on, afresh; silence is no news, a reply is.
  poll();
  tell(ProbeState::kDown, ProbeState::kInit);
  EXPECT_EQ(state(), Liveness::kLost);
  tell(ProbeState::kUp, ProbeState::kDown);
  EXPECT_EQ(state(), Liveness::kUp);
}

TEST_F(MonitorTest, WrongOrAbsentTokenIsAHintOnly) {
  watch();
  bring_up();
  Token nearly = make_token(1);
  nearly[15] ^= 1;
  for (const Token& token : {nearly, Token{}, make_token(2)}) {
    receive(clear_error(sa_, wire::error_unknown_spi, token, device_.now()));
    EXPECT_EQ(state(), Liveness::kUp);
  }
  ASSERT_TRUE(endpoint_->card().drain());
  EXPECT_THAT(device_.requester.bursts, ElementsAre(Pair(number_, 3))) << "one burst in an interval";
  EXPECT_EQ(monitor().counts().hints, 3U);
  EXPECT_EQ(monitor().counts().wrong_tokens, 2U);
  device_.advance(20'000);
  receive(clear_error(sa_, wire::error_unknown_spi, Token{}, device_.now()));
  ASSERT_TRUE(endpoint_->card().drain());
  EXPECT_EQ(device_.requester.bursts.size(), 2U);
  EXPECT_THAT(changes_, IsEmpty());
}

/// The peer can make its token again only from the nonce, which it has forgotten together with the SA.
TEST_F(MonitorTest, TheTokenNonceGoesIntoTheRequests) {
  watch();
  const auto nonce = [&] {
    const auto& written = device_.requester.paths.at(number_);
    return to_hex(
        regs::ConstPathWrite{std::span<const std::byte, regs::kCommandBytes>(written.data(), regs::kCommandBytes)}
            .token_nonce());
  };
  EXPECT_EQ(nonce(), std::string(16, '0'));
  bring_up();
  EXPECT_EQ(nonce(), "0101010101010101");
  const unsigned writes = device_.commands[Opcode::kPathWrite];
  ASSERT_TRUE(endpoint_->pinger().ping(kSpi));
  ASSERT_TRUE(endpoint_->card().drain());
  EXPECT_EQ(device_.commands[Opcode::kPathWrite], writes) << "what is known is not written again";
  Path path = make_path();
  path.dscp = 46;
  ASSERT_TRUE(endpoint_->sas().set_path(kSpi, path));
  EXPECT_EQ(nonce(), "0101010101010101") << "a path does not make it forgotten";
  number_ = *endpoint_->sas().replace(kSpi, make_peer(kSpi, 1));
  EXPECT_EQ(nonce(), std::string(16, '0')) << "that of another SA";
  answer_with(make_crash_token(9));
  ASSERT_TRUE(endpoint_->pinger().ping(kSpi));
  ASSERT_TRUE(endpoint_->card().drain());
  EXPECT_EQ(nonce(), "0909090909090909");
}

TEST_F(MonitorTest, TheTokenNonceOfAnSaThatNobodyWatchesIsUsed) {
  answer_with(make_crash_token(3));
  number_ = *endpoint_->sas().add(sa_);
  ASSERT_TRUE(endpoint_->pinger().ping(kSpi));
  ASSERT_TRUE(endpoint_->card().drain());
  EXPECT_EQ(endpoint_->sas().find(kSpi)->peer_token_nonce, make_crash_token(3).nonce);
}

/// A reply to the SA that was there before says nothing about the one that has taken its place.
TEST_F(MonitorTest, RepliesOfAReplacedSaTeachNothing) {
  watch();
  tell(ProbeState::kUp, ProbeState::kInit);
  ASSERT_EQ(endpoint_->pinger().outstanding(), 1U) << "the ping that asks for the token";
  number_ = *endpoint_->sas().replace(kSpi, make_peer(kSpi, 1));
  for (unsigned i = 0; endpoint_->pinger().outstanding() != 0 && i < 1000; ++i) {
    ASSERT_TRUE(endpoint_->wait(1us));
    ASSERT_TRUE(endpoint_->poll());
    if (device_.requester.pings.size() > 1) break;
  }
  EXPECT_EQ(endpoint_->sas().find(kSpi)->peer_token_nonce, TokenNonce{});
}

TEST_F(MonitorTest, OnlyTheErrorOfUnknownSpisCarriesProof) {
  watch();
  bring_up();
  for (const std::uint8_t code : {0, 2, 3, 4, 5, 6, 255}) {
    receive(clear_error(sa_, code, make_token(1), device_.now()));
    EXPECT_EQ(state(), Liveness::kUp) << unsigned{code};
  }
}

TEST_F(MonitorTest, ATokenThatWasNeverLearntProvesNothing) {
  watch();
  answer_with(std::nullopt);
  tell(ProbeState::kUp, ProbeState::kInit);
  run(20us);
  receive(clear_error(sa_, wire::error_unknown_spi, Token{}, device_.now()));
  receive(clear_error(sa_, wire::error_unknown_spi, make_token(1), device_.now()));
  EXPECT_EQ(state(), Liveness::kUp);
}

TEST_F(MonitorTest, AttackThatRepeatsATokenProvesNothing) {
  watch();
  bring_up();
  receive(clear_error(sa_, wire::error_unknown_spi, make_token(1), device_.now()));
  poll();
  tell(ProbeState::kUp, ProbeState::kInit);
  run(20us);
  receive(clear_error(sa_, wire::error_unknown_spi, make_token(1), device_.now()));
  EXPECT_EQ(state(), Liveness::kUp) << "an attacker has seen it in clear and may repeat it";
  // A peer with a new secret has a new token.
  answer_with(make_crash_token(9));
  ASSERT_TRUE(endpoint_->pinger().ping(kSpi));
  receive(clear_error(sa_, wire::error_unknown_spi, make_token(9), device_.now()));
  EXPECT_EQ(state(), Liveness::kLost);
}

TEST_F(MonitorTest, ErrorsOfStrangersAreCountedOnly) {
  watch();
  bring_up();
  SaParameters other = sa_;
  other.peer = IpAddress::v4(0xc6336402);
  receive(clear_error(other, wire::error_unknown_spi, make_token(1), device_.now()));
  other = sa_;
  other.out.spi ^= 1;
  receive(clear_error(other, wire::error_unknown_spi, make_token(1), device_.now()));
  EXPECT_EQ(monitor().counts().strangers, 2U);
  EXPECT_EQ(monitor().counts().hints, 0U);
  EXPECT_EQ(state(), Liveness::kUp);
  EXPECT_THAT(device_.requester.bursts, IsEmpty());
}

TEST_F(MonitorTest, ProtectedErrorTakesTheSaDown) {
  watch();
  bring_up();
  receive(protected_error(sa_, number_, wire::error_sa_down, 1000, device_.now()));
  ASSERT_THAT(states(), ElementsAre(Liveness::kAdminDown));
  EXPECT_EQ(changes_[0].reason, LivenessReason::kPeerAdmin);
  EXPECT_TRUE(changes_[0].evidence.error->is_protected);
  poll();
  tell(ProbeState::kDown, ProbeState::kInit);
  EXPECT_EQ(state(), Liveness::kAdminDown);
  tell(ProbeState::kUp, ProbeState::kDown);
  EXPECT_EQ(state(), Liveness::kUp);
}

/// After a reset the card's replay window is empty: what was recorded before must not work again.
TEST_F(MonitorTest, AttackWithReplayedProtectedErrorsChangesNothing) {
  watch();
  bring_up();  // replies had control sequence numbers above 100
  receive(protected_error(sa_, number_, wire::error_sa_down, 50, device_.now()));
  EXPECT_EQ(state(), Liveness::kUp);
  EXPECT_EQ(monitor().counts().stale, 1U);
  ASSERT_TRUE(monitor().set_floor(kSpi, 5000));
  receive(protected_error(sa_, number_, wire::error_sa_down, 5000, device_.now()));
  EXPECT_EQ(state(), Liveness::kUp);
  receive(protected_error(sa_, number_, wire::error_sa_down, 5001, device_.now()));
  EXPECT_EQ(state(), Liveness::kAdminDown);
}

/// The control header is not authenticated: what it says of the code changes nothing.
TEST_F(MonitorTest, AttackOnTheCodeOfAProtectedErrorDoesNothing) {
  watch();
  bring_up();
  Exception changed = protected_error(sa_, number_, wire::error_replay, 1000, device_.now());
  changed.code = wire::error_sa_down;
  receive(changed);
  EXPECT_EQ(state(), Liveness::kUp);
  EXPECT_EQ(monitor().counts().hints, 1U);
}

TEST_F(MonitorTest, OtherProtectedErrorsAreHints) {
  watch();
  bring_up();
  receive(protected_error(sa_, number_, wire::error_replay, 1000, device_.now()));
  SaParameters other = sa_;
  other.out.spi ^= 1;
  receive(protected_error(other, number_, wire::error_sa_down, 1001, device_.now()));
  receive(protected_error(sa_, number_ + 1, wire::error_sa_down, 1002, device_.now()));
  EXPECT_EQ(state(), Liveness::kUp);
  EXPECT_EQ(monitor().counts().hints, 1U);
  EXPECT_EQ(monitor().counts().strangers, 2U);
}

TEST_F(MonitorTest, MalformedErrorsAreCountedOnly) {
  watch();
  bring_up();
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const std::vector<Exception> good{clear_error(sa_, 2, Token{}, device_.now()),
                                    protected_error(sa_, number_, 3, 1, device_.now())};
  for (unsigned i = 0; i < 20000; ++i) {
    Exception exception = good[i % 2];
    auto& bytes = exception.snapshot;
    for (unsigned change = 0; change < i % 5; ++change)
      bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
    bytes.resize(random() % (bytes.size() + 1));
    receive(exception);
  }
  EXPECT_EQ(state(), Liveness::kUp);
  EXPECT_GT(monitor().counts().malformed, 1000U);
}

/// A flood in the name of one peer takes nothing from the errors of another.
TEST_F(MonitorTest, AttackInTheNameOfOnePeerLeavesTheOthers) {
  watch();
  bring_up();
  SaParameters other = make_peer(kSpi + 1);
  other.peer = IpAddress::v4(0xc6336402);
  other.liveness = sa_.liveness;
  ASSERT_TRUE(endpoint_->sas().add(other));
  SaParameters stranger = make_peer(kSpi + 2);
  stranger.peer = IpAddress::v4(0xc6336403);
  const std::uint64_t now = device_.now();
  for (unsigned i = 0; i < 10'000; ++i) {
    receive(clear_error(other, wire::error_unknown_spi, Token{}, now));
    receive(clear_error(stranger, wire::error_unknown_spi, Token{}, now));
  }
  EXPECT_EQ(monitor().counts().limited, 2 * (10'000U - 4096));
  receive(clear_error(sa_, wire::error_unknown_spi, make_token(1), now));
  EXPECT_EQ(state(), Liveness::kLost);
}

/// Forged errors change nothing and make the card probe no faster than once in the interval.
TEST_F(MonitorTest, AttackByAFloodOfForgedErrorsChangesNothing) {
  constexpr unsigned kErrors = 100'000;
  watch();
  bring_up();
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const std::uint64_t begin = device_.now();
  Exception forged = clear_error(sa_, wire::error_unknown_spi, Token{}, begin);
  constexpr std::size_t kToken = 42 + wire::control_bytes;
  for (unsigned i = 0; i < kErrors; ++i) {
    for (std::size_t b = 0; b < 16; ++b) forged.snapshot[kToken + b] = static_cast<std::uint8_t>(random());
    forged.time = begin + i;  // one per nanosecond
    receive(forged);
    if (i % 1024 == 0) poll();
  }
  ASSERT_TRUE(endpoint_->card().drain());
  EXPECT_EQ(state(), Liveness::kUp);
  EXPECT_THAT(changes_, IsEmpty());
  EXPECT_EQ(monitor().counts().hints + monitor().counts().limited, kErrors);
  EXPECT_NEAR(static_cast<double>(monitor().counts().hints), 4096 + 10, 1) << "the bucket, and a token in 10 us";
  EXPECT_LE(device_.requester.bursts.size(), 11U) << "100 us are ten intervals";
  EXPECT_GE(device_.requester.bursts.size(), 9U);
}

TEST_F(MonitorTest, AFullCommandRingOnlySkipsTheBurst) {
  watch();
  bring_up();
  device_.stall(true);
  while (endpoint_->card().submit(Command::nop(), {})) {
  }
  receive(clear_error(sa_, wire::error_unknown_spi, Token{}, device_.now()));
  EXPECT_EQ(monitor().counts().bursts, 0U);
  device_.stall(false);
}

TEST_F(MonitorTest, IcmpFailuresAreHints) {
  watch();
  bring_up();
  // What the peer's gateway sends about a packet of ours to it.
  Exception offending = clear_error(make_peer(1), 1, Token{}, 0);
  const SaInfo info{.number = 0, .name = "", .local = sa_.peer, .peer = sa_.local, .spi_in = 0, .spi_out = 0};
  const OffendingPacket ours = packet_from_peer(info, make_path(), 9);
  OffendingPacket theirs = ours;  // whose answer is our packet
  theirs.src = sa_.peer;
  theirs.dst = sa_.local;
  offending.snapshot = build_error(theirs, {.outer_spi = sa_.out.spi});
  const auto packet = parse_offending(offending);
  ASSERT_TRUE(packet) << packet.error().message;
  ASSERT_EQ(packet->src, sa_.local);
  const auto frame = build_icmp_failure(offending, *packet, IcmpFailureCode::kBadSpi);
  EXPECT_TRUE(*monitor().handle_frame(frame, device_.now()));
  ASSERT_TRUE(endpoint_->card().drain());
  EXPECT_EQ(device_.requester.bursts.size(), 1U);
  EXPECT_EQ(state(), Liveness::kUp);
  for (std::size_t size = 0; size < frame.size(); ++size) {
    if (size >= 14 + 20 + 8 + 20 + 4 + 8) continue;  // padding to the Ethernet minimum may be missing
    EXPECT_FALSE(*monitor().handle_frame(std::span(frame).first(size), device_.now())) << size;
  }
}

// ---- the host probes

TEST_F(MonitorTest, HostProbesUntilTheReplyAndAfterwards) {
  watch(ProbeMode::kHost);
  EXPECT_THAT(device_.requester.probes, IsEmpty());
  run(100us);
  EXPECT_THAT(states(), ElementsAre(Liveness::kUp));
  EXPECT_EQ(changes_[0].reason, LivenessReason::kSignOfLife);
  EXPECT_EQ(changes_[0].mode, ProbeMode::kHost);
  EXPECT_NEAR(static_cast<double>(device_.requester.pings.size()), 10, 3);
}

TEST_F(MonitorTest, HostFindsABlackHoleInTheDetectionTime) {
  watch(ProbeMode::kHost);
  run(100us);
  device_.requester.answer = {};
  const std::uint64_t cut = device_.now();
  run(100us);
  ASSERT_THAT(states(), ElementsAre(Liveness::kUp, Liveness::kSuspect, Liveness::kDown));
  EXPECT_LE(changes_[2].time, cut + 30'000 + 5'000) << "multiplier x interval, and the grain of waiting";
  EXPECT_GT(*changes_[2].evidence.heard, 30us);
  answer_with(make_crash_token(1));
  run(50us);
  EXPECT_EQ(state(), Liveness::kUp);
}

/// Whoever holds replies back until the peer is dead gains nothing: life counts from the requests.
TEST_F(MonitorTest, AttackWithRepliesThatWereHeldBackKeepsNobodyAlive) {
  watch(ProbeMode::kHost);
  device_.requester.answer = [](const FakePing&) { return FakeReply{.delay = 15'000, .n = 1, .telemetry = {}}; };
  run(200us);
  EXPECT_GT(device_.requester.pings.size(), 10U);
  ASSERT_NE(state(), Liveness::kDown);
  device_.requester.answer = {};
  const std::uint64_t cut = device_.now();
  run(100us);
  ASSERT_EQ(changes_.back().to, Liveness::kDown);
  EXPECT_LE(changes_.back().time, cut + 30'000 + 5'000) << "multiplier x interval, and the grain of waiting";
}

TEST_F(MonitorTest, HostModeLearnsTheToken) {
  watch(ProbeMode::kHost);
  run(50us);
  EXPECT_TRUE(monitor().find(kSpi)->token_known);
  receive(clear_error(sa_, wire::error_unknown_spi, make_token(1), device_.now()));
  EXPECT_EQ(state(), Liveness::kLost);
  device_.requester.answer = {};
  run(100us);
  EXPECT_EQ(state(), Liveness::kLost) << "silence is no news";
  answer_with(make_crash_token(1));
  run(100us);
  EXPECT_EQ(state(), Liveness::kUp);
}

TEST_F(MonitorTest, HostBurstFollowsAHint) {
  watch(ProbeMode::kHost);
  run(50us);
  const std::size_t before = device_.requester.pings.size();
  receive(clear_error(sa_, wire::error_unknown_spi, Token{}, device_.now()));
  run(9us);
  EXPECT_GE(device_.requester.pings.size(), before + 3) << "three in three eighths of the interval";
  EXPECT_THAT(device_.requester.bursts, IsEmpty());
}

TEST_F(MonitorTest, CustomerDataKeepsAliveButDoesNotRevive) {
  HostProbe probe({.interval = 10us, .multiplier = 3, .jitter_percent = 0}, 0, 0);
  probe.data_seen(5'000);
  EXPECT_EQ(probe.status(5'000).state, ProbeState::kInit) << "not before the first reply";
  probe.replied(6'000, 1us);
  probe.data_seen(30'000);
  (void)probe.advance(59'000, 0);
  EXPECT_EQ(probe.status(59'000).state, ProbeState::kSuspect);
  probe.data_seen(59'500);
  EXPECT_EQ(probe.status(59'500).state, ProbeState::kUp);
  (void)probe.advance(89'501, 0);
  EXPECT_EQ(probe.status(89'501).state, ProbeState::kDown);
  probe.data_seen(89'600);
  EXPECT_EQ(probe.status(89'600).state, ProbeState::kDown);
}

TEST_F(MonitorTest, JitterShortensIntervals) {
  HostProbe probe({.interval = 100us, .multiplier = 3, .jitter_percent = 25}, 0, 0);
  EXPECT_TRUE(probe.advance(0, 0xffffffff));
  EXPECT_GE(probe.due(), 75'000U);
  EXPECT_LE(probe.due(), 75'001U);
  EXPECT_TRUE(probe.advance(80'000, 0));
  EXPECT_EQ(probe.due(), 180'000U);
}

TEST_F(MonitorTest, SwitchesBetweenCardAndHostWhileItRuns) {
  watch();
  bring_up();
  ASSERT_TRUE(monitor().set_mode(kSpi, ProbeMode::kHost));
  EXPECT_THAT(device_.requester.probes, IsEmpty());
  run(100us);
  EXPECT_EQ(state(), Liveness::kUp);
  tell(ProbeState::kDown, ProbeState::kUp);  // the prober's last words
  EXPECT_EQ(state(), Liveness::kUp);
  ASSERT_TRUE(monitor().set_mode(kSpi, ProbeMode::kCard));
  EXPECT_TRUE(device_.requester.probes.contains(number_));
  const std::size_t pings = device_.requester.pings.size();
  run(100us);
  EXPECT_EQ(device_.requester.pings.size(), pings) << "the host probes no more";
  EXPECT_THAT(changes_, IsEmpty()) << "the state stays";
  EXPECT_EQ(endpoint_->sas().find(kSpi)->liveness->mode, ProbeMode::kCard);
}

// ---- administrative state

TEST_F(MonitorTest, AdminDownStopsProbingAndComesBack) {
  watch();
  bring_up();
  ASSERT_TRUE(monitor().set_admin_down(kSpi, true));
  EXPECT_TRUE(device_.requester.down.contains(number_));
  EXPECT_THAT(device_.requester.probes, IsEmpty());
  EXPECT_EQ(state(), Liveness::kAdminDown);
  receive(clear_error(sa_, wire::error_unknown_spi, make_token(1), device_.now()));
  receive(protected_error(sa_, number_, wire::error_sa_down, 1000, device_.now()));
  run(100us);
  EXPECT_EQ(state(), Liveness::kAdminDown);
  ASSERT_TRUE(monitor().set_admin_down(kSpi, false));
  EXPECT_FALSE(device_.requester.down.contains(number_));
  EXPECT_TRUE(device_.requester.probes.contains(number_));
  tell(ProbeState::kUp, ProbeState::kInit);
  EXPECT_THAT(states(), ElementsAre(Liveness::kAdminDown, Liveness::kInit, Liveness::kUp));
}

TEST_F(MonitorTest, AdminDownSurvivesReplacing) {
  watch();
  ASSERT_TRUE(monitor().set_admin_down(kSpi, true));
  number_ = *endpoint_->sas().replace(kSpi, make_sa(kSpi, 1));
  poll();
  EXPECT_TRUE(device_.requester.down.contains(number_));
  EXPECT_THAT(device_.requester.probes, IsEmpty());
  EXPECT_EQ(state(), Liveness::kAdminDown);
}

TEST_F(MonitorTest, AdminDownNeedsNoWatching) {
  number_ = *endpoint_->sas().add(sa_);
  ASSERT_TRUE(monitor().set_admin_down(kSpi, true));
  EXPECT_TRUE(device_.requester.down.contains(number_));
  EXPECT_EQ(monitor().set_admin_down(1, true).error().code, Errc::not_found);
}

// ---- the rest

TEST_F(MonitorTest, TokensAreLearntAFewAtATimeAndRefreshed) {
  constexpr unsigned kSas = 40;
  answer_with(make_crash_token(1));
  for (std::uint32_t i = 0; i < kSas; ++i) {
    SaParameters sa = make_peer(kSpi + i);
    sa.liveness = LivenessSettings{.interval = 10us};
    ASSERT_TRUE(endpoint_->sas().add(sa));
  }
  poll();
  for (std::uint32_t i = 0; i < kSas; ++i) {
    ASSERT_TRUE(device_.deliver_event(
        probe_event(endpoint_->sas().find(kSpi + i)->number, ProbeState::kUp, ProbeState::kInit, device_.now())));
  }
  poll();
  EXPECT_LE(endpoint_->pinger().outstanding(), 16U);
  run(100us);
  for (std::uint32_t i = 0; i < kSas; ++i) EXPECT_TRUE(monitor().find(kSpi + i)->token_known) << i;
  EXPECT_EQ(device_.requester.pings.size(), kSas) << "once each";
  device_.advance(static_cast<std::uint64_t>(std::chrono::nanoseconds(6min).count()));
  run(100us);
  EXPECT_EQ(device_.requester.pings.size(), 2 * kSas);
}

TEST_F(MonitorTest, LogLineHasTheEvidenceAndNoLineBreak) {
  sa_.name = "evil\" name\nto=up";
  watch();
  bring_up();
  receive(clear_error(sa_, wire::error_unknown_spi, make_token(1), 123456789));
  const std::string line = to_line(changes_.at(0));
  EXPECT_EQ(line,
            "sa=\"evil\\\" name\\x0ato=up\" spi_in=0x00001234 spi_out=0x40001234 peer=198.51.100.1 from=up to=lost "
            "reason=crash-token mode=card time=123456789 heard_ns=10240 rtt_ns=1000 probes=7 replies=3 error=1 "
            "protected=false error_spi=0x40001234 error_sequence=1");
}

class RequesterOnlyTest : public MonitorTest {
 protected:
  RequesterOnlyTest() : MonitorTest(FakeDevice::kRequesterOnly) {}
};

TEST_F(RequesterOnlyTest, HostProbesWhereTheCardCannot) {
  ASSERT_TRUE(endpoint_->sas().add(sa_));
  EXPECT_EQ(monitor().watch(kSpi, {.mode = ProbeMode::kCard}).error().code, Errc::unsupported);
  EXPECT_TRUE(monitor().watch(kSpi, {.mode = ProbeMode::kHost, .interval = 10us}));
  answer_with(std::nullopt);
  run(50us);
  EXPECT_EQ(state(), Liveness::kUp);
}

TEST(LearntToken, IsProofOnce) {
  using Verdict = LearntToken::Verdict;
  LearntToken token;
  EXPECT_EQ(token.judge(make_token(1)), Verdict::kWrong);
  EXPECT_EQ(token.judge(Token{}), Verdict::kWrong) << "nothing learnt is not all zeros";
  token.learn(make_token(1), 5);
  EXPECT_EQ(token.judge(make_token(2)), Verdict::kWrong);
  const Token right = make_token(1);
  EXPECT_EQ(token.judge(std::span(right).first(15)), Verdict::kWrong);
  EXPECT_EQ(token.judge(make_token(1)), Verdict::kProof);
  EXPECT_EQ(token.judge(make_token(1)), Verdict::kSpent);
  token.learn(make_token(1), 6);
  EXPECT_EQ(token.judge(make_token(1)), Verdict::kSpent);
  token.learn(make_token(2), 7);
  EXPECT_EQ(token.judge(make_token(2)), Verdict::kProof);
}

}  // namespace
}  // namespace sapulse::test
