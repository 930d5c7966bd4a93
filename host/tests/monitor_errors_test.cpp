// SPDX-License-Identifier: Apache-2.0
// Errors as evidence and as hints: crash tokens, protected errors, floods of forged ones.
#include <random>

#include "icmp.h"
#include "monitor_fixture.h"
#include "watch.h"

namespace sapulse::test {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST_F(MonitorTest, RightTokenMeansLostAtOnce) {
  watch();
  bring_up();
  receive(clear_error(sa_, wire::error_unknown_spi, make_token(1), device_.now()));
  ASSERT_THAT(states(), ElementsAre(Liveness::lost));
  EXPECT_EQ(changes_[0].reason, LivenessReason::crash_token);
  EXPECT_EQ(changes_[0].evidence.error->code, 1);
  EXPECT_EQ(changes_[0].evidence.error->spi, sa_.out.spi);
  // Probing goes on, afresh; silence is no news, a reply is.
  poll();
  tell(ProbeState::down, ProbeState::init);
  EXPECT_EQ(state(), Liveness::lost);
  tell(ProbeState::up, ProbeState::down);
  EXPECT_EQ(state(), Liveness::up);
}

TEST_F(MonitorTest, WrongOrAbsentTokenIsAHintOnly) {
  watch();
  bring_up();
  Token nearly = make_token(1);
  nearly[15] ^= 1;
  for (const Token& token : {nearly, Token{}, make_token(2)}) {
    receive(clear_error(sa_, wire::error_unknown_spi, token, device_.now()));
    EXPECT_EQ(state(), Liveness::up);
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
  const unsigned writes = device_.commands[Opcode::path_write];
  ASSERT_TRUE(endpoint_->pinger().ping(kSpi));
  ASSERT_TRUE(endpoint_->card().drain());
  EXPECT_EQ(device_.commands[Opcode::path_write], writes) << "what is known is not written again";
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
  tell(ProbeState::up, ProbeState::init);
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
    EXPECT_EQ(state(), Liveness::up) << unsigned{code};
  }
}

TEST_F(MonitorTest, ATokenThatWasNeverLearntProvesNothing) {
  watch();
  answer_with(std::nullopt);
  tell(ProbeState::up, ProbeState::init);
  run(20us);
  receive(clear_error(sa_, wire::error_unknown_spi, Token{}, device_.now()));
  receive(clear_error(sa_, wire::error_unknown_spi, make_token(1), device_.now()));
  EXPECT_EQ(state(), Liveness::up);
}

TEST_F(MonitorTest, AttackThatRepeatsATokenProvesNothing) {
  watch();
  bring_up();
  receive(clear_error(sa_, wire::error_unknown_spi, make_token(1), device_.now()));
  poll();
  tell(ProbeState::up, ProbeState::init);
  run(20us);
  receive(clear_error(sa_, wire::error_unknown_spi, make_token(1), device_.now()));
  EXPECT_EQ(state(), Liveness::up) << "an attacker has seen it in clear and may repeat it";
  // A peer with a new secret has a new token.
  answer_with(make_crash_token(9));
  ASSERT_TRUE(endpoint_->pinger().ping(kSpi));
  receive(clear_error(sa_, wire::error_unknown_spi, make_token(9), device_.now()));
  EXPECT_EQ(state(), Liveness::lost);
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
  EXPECT_EQ(state(), Liveness::up);
  EXPECT_THAT(device_.requester.bursts, IsEmpty());
}

TEST_F(MonitorTest, ProtectedErrorTakesTheSaDown) {
  watch();
  bring_up();
  receive(protected_error(sa_, number_, wire::error_sa_down, 1000, device_.now()));
  ASSERT_THAT(states(), ElementsAre(Liveness::admin_down));
  EXPECT_EQ(changes_[0].reason, LivenessReason::peer_admin);
  EXPECT_TRUE(changes_[0].evidence.error->is_protected);
  poll();
  tell(ProbeState::down, ProbeState::init);
  EXPECT_EQ(state(), Liveness::admin_down);
  tell(ProbeState::up, ProbeState::down);
  EXPECT_EQ(state(), Liveness::up);
}

/// After a reset the card's replay window is empty: what was recorded before must not work again.
TEST_F(MonitorTest, AttackWithReplayedProtectedErrorsChangesNothing) {
  watch();
  bring_up();  // replies had control sequence numbers above 100
  receive(protected_error(sa_, number_, wire::error_sa_down, 50, device_.now()));
  EXPECT_EQ(state(), Liveness::up);
  EXPECT_EQ(monitor().counts().stale, 1U);
  ASSERT_TRUE(monitor().set_floor(kSpi, 5000));
  receive(protected_error(sa_, number_, wire::error_sa_down, 5000, device_.now()));
  EXPECT_EQ(state(), Liveness::up);
  receive(protected_error(sa_, number_, wire::error_sa_down, 5001, device_.now()));
  EXPECT_EQ(state(), Liveness::admin_down);
}

/// The control header is not authenticated: what it says of the code changes nothing.
TEST_F(MonitorTest, AttackOnTheCodeOfAProtectedErrorDoesNothing) {
  watch();
  bring_up();
  Exception changed = protected_error(sa_, number_, wire::error_replay, 1000, device_.now());
  changed.code = wire::error_sa_down;
  receive(changed);
  EXPECT_EQ(state(), Liveness::up);
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
  EXPECT_EQ(state(), Liveness::up);
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
  EXPECT_EQ(state(), Liveness::up);
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
  EXPECT_EQ(state(), Liveness::lost);
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
  EXPECT_EQ(state(), Liveness::up);
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
  const auto frame = build_icmp_failure(offending, *packet, IcmpFailureCode::bad_spi);
  EXPECT_TRUE(*monitor().handle_frame(frame, device_.now()));
  ASSERT_TRUE(endpoint_->card().drain());
  EXPECT_EQ(device_.requester.bursts.size(), 1U);
  EXPECT_EQ(state(), Liveness::up);
  for (std::size_t size = 0; size < frame.size(); ++size) {
    if (size >= 14 + 20 + 8 + 20 + 4 + 8) continue;  // padding to the Ethernet minimum may be missing
    EXPECT_FALSE(*monitor().handle_frame(std::span(frame).first(size), device_.now())) << size;
  }
}

TEST(LearntToken, IsProofOnce) {
  using Verdict = LearntToken::Verdict;
  LearntToken token;
  EXPECT_EQ(token.judge(make_token(1)), Verdict::wrong);
  EXPECT_EQ(token.judge(Token{}), Verdict::wrong) << "nothing learnt is not all zeros";
  token.learn(make_token(1), 5);
  EXPECT_EQ(token.judge(make_token(2)), Verdict::wrong);
  const Token right = make_token(1);
  EXPECT_EQ(token.judge(std::span(right).first(15)), Verdict::wrong);
  EXPECT_EQ(token.judge(make_token(1)), Verdict::proof);
  EXPECT_EQ(token.judge(make_token(1)), Verdict::spent);
  token.learn(make_token(1), 6);
  EXPECT_EQ(token.judge(make_token(1)), Verdict::spent);
  token.learn(make_token(2), 7);
  EXPECT_EQ(token.judge(make_token(2)), Verdict::proof);
}

}  // namespace
}  // namespace sapulse::test
