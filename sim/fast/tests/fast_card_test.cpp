// SPDX-License-Identifier: Apache-2.0
// The whole fast model against the reference responder and its vectors, and what registers and commands change.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "card_bench.h"
#include "traffic/check.h"
#include "traffic/generator.h"
#include "traffic/reference.h"
#include "traffic/vectors.h"

namespace sapulse::sim::fast {
namespace {

using namespace traffic;
using regs::Cause;
using regs::Counter;
using test::CardBench;

std::string upper(std::string_view name) {
  std::string text(name);
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

TEST(FastCard, GivesTheAnswersOfTheVectors) {
  const Vectors vectors = load_vectors(std::filesystem::path(SAPULSE_TESTS_DIR) / "vectors" / "frames.json");
  CardBench bench(vectors.config);
  Reference reference(vectors.config);
  ASSERT_EQ(vectors.cases.size(), 128U);
  unsigned answers = 0;
  for (const VectorCase& item : vectors.cases) {
    SCOPED_TRACE(item.name);
    const Verdict verdict = reference.process(item.in);
    bench.send(item.in);
    EXPECT_EQ(bench.take(Port::core), item.core_out);
    const std::vector<Bytes> sent = bench.take(Port::line);
    const auto exceptions = bench.take_exceptions();
    ASSERT_EQ(exceptions.size(), verdict.outcome == Outcome::host || verdict.host_copy ? 1U : 0U);
    if (!exceptions.empty()) {
      if (!verdict.host_copy) EXPECT_EQ(upper(regs::name(regs::ConstException(exceptions[0]).cause())), verdict.cause);
      EXPECT_TRUE(sent.empty()) << "the host answers";
      continue;
    }
    ASSERT_EQ(sent.size(), item.line_out.size());
    if (sent.empty()) continue;
    ++answers;
    EXPECT_EQ(to_hex(sent.front()), to_hex(verdict.answer->frame(verdict.answer->telemetry_of(sent.front()))));
    if (!verdict.answer->telemetry) EXPECT_EQ(to_hex(sent.front()), to_hex(item.line_out.front()));
  }
  EXPECT_EQ(answers, 63U);
}

TEST(FastCard, DoesWhatIsExpectedOfFramesFromTheField) {
  const Vectors vectors = load_field_cases(std::filesystem::path(SAPULSE_TESTS_DIR) / "cases" / "frames.json");
  ASSERT_EQ(vectors.cases.size(), 14U);
  for (const VectorCase& item : vectors.cases) {
    SCOPED_TRACE(item.name);
    CardBench bench(vectors.config);
    bench.send(item.in);
    EXPECT_EQ(bench.take(Port::core), item.core_out);
    EXPECT_EQ(bench.take(Port::line), item.line_out);
    EXPECT_TRUE(bench.take_exceptions().empty());
  }
}

/// Frames that the stack behind the card has to judge.
TEST(FastCard, AttackThroughIpv6OptionsIsNotAnswered) {
  const Config config = with_token_nonces(sample_config(5, 3));
  CardBench bench(config);
  Generator generator(config, 5);
  for (const char* kind : {"IPv6 options that a receiver must know", "IPv6 options that are broken",
                           "IPv6 hop-by-hop options that do not come first"}) {
    for (int i = 0; i < 100; ++i) {
      const Bytes frame = generator.customer(kind).frame;
      bench.send(frame);
      EXPECT_EQ(bench.take(Port::core), std::vector<Bytes>{frame}) << kind << ": " << to_hex(frame);
      EXPECT_TRUE(bench.take(Port::line).empty()) << kind << ": " << to_hex(frame);
    }
  }
}

/// Random frames through card and reference.
void compare(Config (*change)(Config)) {
  const char* const chosen = std::getenv("SAPULSE_TEST_SEED");
  const std::uint64_t seed = chosen != nullptr ? std::strtoull(chosen, nullptr, 0) : 12;
  fmt::print("seed {} (SAPULSE_TEST_SEED overrides it)\n", seed);
  const Config config = change(with_token_nonces(sample_config(seed, 12)));
  CardBench bench(config);
  Generator generator(config, seed, {.jumbo_one_in = 50});
  traffic::Run run{.line_in = {}, .core_in = {}, .line_out = {}, .core_out = {}, .damaged = {}, .counters = {}};
  for (int i = 0; i < 40; ++i) {
    for (int frame = 0; frame < 50; ++frame) bench.send(run.line_in.emplace_back(generator.line().frame));
    for (const Bytes& frame : bench.take(Port::line)) run.line_out.push_back(frame);
    for (const Bytes& frame : bench.take(Port::core)) run.core_out.push_back(frame);
    (void)bench.take_exceptions();
  }
  for (std::size_t i = 0; i < regs::kCounterCount; ++i) {
    run.counters[upper(regs::name(static_cast<Counter>(i)))] = bench.counter(static_cast<Counter>(i));
  }
  const CheckResult result = check_run(config, run, {.errors_may_be_missing = true});
  for (const std::string& discrepancy : result.discrepancies) ADD_FAILURE() << discrepancy;
  EXPECT_GT(result.replies, 300U);
  EXPECT_GT(result.echoes, 20U);
}

TEST(FastCard, DoesWhatTheReferenceSaysOfRandomFrames) {
  compare([](Config config) { return config; });
}

TEST(FastCard, DoesSoWithAnyMacAnotherPortAndAuthority) {
  compare([](Config config) {
    config.macs.clear();
    config.udp_port = 4501;
    config.authoritative = true;
    return config;
  });
}

/// A card with one SA, asked from wherever.
class Settings : public testing::Test {
 protected:
  Bytes clear_echo(const std::string& from, Echo echo = {}) const {
    return wrapped_frame({.to = config_.macs[0], .from = {2}}, {.from = parse_address(from), .to = config_.local[0]},
                         {.spi = 7}, echo_message(echo));
  }
  /// A control message of an unassigned type.
  Bytes unsupported(const std::string& from) const {
    return wrapped_frame({.to = config_.macs[0], .from = {2}}, {.from = parse_address(from), .to = config_.local[0]},
                         {.spi = 253}, control_message({.type = 77, .flags = 0, .token_nonce = 0x0102}, Bytes(40)));
  }
  /// Exceptions of that many such messages.
  std::size_t delivered(const std::string& from, unsigned messages) {
    for (unsigned i = 0; i < messages; ++i) bench_.send(unsupported(from));
    return bench_.take_exceptions().size();
  }
  void limit(Cause cause, std::uint32_t interval, std::uint32_t burst) {
    bench_.write(regs::offset::rate_limit_interval(cause), interval);
    bench_.write(regs::offset::rate_limit_burst(cause), burst);
  }

  Config config_ = with_token_nonces(sample_config(3, 1));
  CardBench bench_{config_};
};

constexpr std::uint32_t kNever = 0xffff'ffff;  // ns

TEST_F(Settings, AFloodingSourceTakesNothingFromOthers) {
  limit(Cause::unsupported, kNever, 10);
  bench_.write(regs::offset::kSourceLimitInterval, 16'000'000);
  bench_.write(regs::offset::kSourceLimitBurst, 4);
  bench_.write64(regs::offset::kSourceKey, 1234);
  EXPECT_EQ(delivered("198.51.100.7", 30), 4U);
  EXPECT_EQ(bench_.counter(Counter::drop_limited), 26U);
  EXPECT_EQ(delivered("198.51.100.8", 3), 3U) << "the flood has taken four of the cause's ten";
  EXPECT_EQ(delivered("198.51.100.9", 30), 3U);
}

TEST_F(Settings, ClearEchoesHaveALimitOfTheirOwn) {
  limit(Cause::echo, kNever, 5);
  for (unsigned i = 0; i < 9; ++i) bench_.send(clear_echo("198.51.100.7"));
  EXPECT_EQ(bench_.take(Port::line).size(), 5U);
  EXPECT_EQ(bench_.counter(Counter::drop_limited), 4U);
  Generator generator(config_, 1);
  bench_.send(generator.ping(0, true, 100));
  EXPECT_EQ(bench_.take(Port::line).size(), 1U) << "encrypted pings have none";
}

TEST_F(Settings, AnExceptionTellsTheTokenNonceAndWhatIsWanted) {
  bench_.send(unsupported("198.51.100.7"));
  Bytes quiet = unsupported("198.51.100.7");
  const std::size_t control = dissect(quiet).payload;
  quiet[control + 3] = kFlagNoAnswer;
  fix_control_checksum(quiet, control);
  bench_.send(quiet);
  const auto exceptions = bench_.take_exceptions();
  ASSERT_EQ(exceptions.size(), 2U);
  EXPECT_EQ(regs::ConstException(exceptions[0]).control_flags(), 0);
  EXPECT_EQ(regs::ConstException(exceptions[1]).control_flags(), kFlagNoAnswer);
  const auto nonce = regs::ConstException(exceptions[0]).token_nonce();
  EXPECT_EQ(std::to_integer<unsigned>(nonce[6]), 1U);
  EXPECT_EQ(std::to_integer<unsigned>(nonce[7]), 2U);
}

TEST_F(Settings, AWindowComesBackWithItsTop) {
  Generator generator(config_, 1, {.wrappings = false});
  const auto answers = [&](const Bytes& ping) {
    bench_.send(ping);
    return bench_.take(Port::line).size();
  };
  const Bytes first = generator.ping(0, true, 100);
  const Bytes second = generator.ping(0, true, 100);
  const Bytes third = generator.ping(0, true, 100);
  EXPECT_EQ(answers(second), 1U);
  bench_.write_in(0, config_.sas[0], 2);
  EXPECT_EQ(answers(second), 0U);
  EXPECT_EQ(answers(first), 0U) << "below the top, whether seen or not";
  EXPECT_EQ(answers(third), 1U);
  bench_.write_in(0, config_.sas[0]);
  EXPECT_EQ(answers(second), 1U) << "without a top, the window is empty";
}

TEST_F(Settings, AKeepaliveOfAnSaThatIsDownIsOne) {
  std::array<std::byte, regs::kCommandBytes> bytes{};
  regs::SaAdmin(bytes).set_down(1);
  bench_.command(regs::Opcode::sa_admin, 0, bytes);
  Generator generator(config_, 1);
  bench_.send(generator.ping(0, true, 100));
  EXPECT_EQ(bench_.take_exceptions().size(), 1U);
  bench_.send(generator.good("keepalive").frame);
  EXPECT_TRUE(bench_.take_exceptions().empty());
  EXPECT_EQ(bench_.counter(Counter::keepalive), 1U);
}

TEST_F(Settings, WhatIsWriteOnlyIsNotTold) {
  bench_.write64(regs::offset::kSourceKey, 0x1122'3344'5566'7788);
  bench_.write(regs::offset::kTransactionSeed, 77);
  for (const std::uint32_t offset :
       {regs::offset::kSourceKey, regs::offset::kSourceKey + 4, regs::offset::kTransactionSeed}) {
    EXPECT_EQ(bench_.card().read32(offset).value(), 0U) << offset;
  }
}

TEST_F(Settings, PingsBeginAtTheSeed) {
  bench_.write(regs::offset::kTransactionSeed, 0x3fff'ffff);
  bench_.write_path(0, {.network = {.from = config_.sas[0].local, .to = config_.sas[0].peer},
                        .wrap = {.spi = 253},
                        .token_nonce = from_hex("ab00000000000000")});
  for (const std::uint32_t transaction : {0xbfff'ffffU, 0x8000'0000U, 0x8000'0001U}) {
    const auto completion = bench_.command(regs::Opcode::ping, 0);
    EXPECT_EQ(regs::ConstPingCompletion(completion).transaction(), transaction);
    const std::vector<Bytes> sent = bench_.take(Port::line);
    ASSERT_EQ(sent.size(), 1U);
    const std::size_t control = 14 + 20 + 8;
    EXPECT_EQ(get32(sent[0], control + 12), transaction);
    EXPECT_EQ(sent[0][control + 16], 0xab) << "the token nonce of the path";
  }
}

/// One life of a card that asks on one SA, and its peer's answers.
class Life {
 public:
  /// `time`: of the card's clock, ns. `window_top`: stored in an earlier life.
  Life(const Config& config, std::uint64_t time, std::uint64_t window_top = 0)
      : bench_(config), peer_(peer_of(config, Bytes(32, 0x5a))) {
    bench_.write64(regs::offset::kTime, time);
    if (window_top != 0) bench_.write_in(0, config.sas[0], window_top);
    const auto& sa = config.sas[0];
    bench_.write_path(0, {.link = {.to = {2, 1}, .from = config.macs[0]},
                          .network = {.from = sa.local, .to = sa.peer},
                          .wrap = {.spi = config.control_spi}});
  }

  CardBench& bench() { return bench_; }
  /// The answer to a ping of the card.
  Bytes answered_ping() {
    std::array<std::byte, regs::kCommandBytes> bytes{};
    regs::Ping(bytes).set_length(kTelemetryBytes);
    regs::Ping(bytes).set_timeout(1'000'000'000'000);
    bench_.command(regs::Opcode::ping, 0, bytes);
    return answer(bench_.take(Port::line));
  }
  /// The answer to a probe of the card.
  Bytes answered_probe() {
    constexpr std::uint32_t kTicks = 100;  // about 0.1 ms
    std::array<std::byte, regs::kCommandBytes> bytes{};
    const regs::ProbeWrite probe(bytes);
    probe.set_enable(1);
    probe.set_length(kTelemetryBytes);
    probe.set_interval(kTicks);
    probe.set_detect(8 * kTicks);
    bench_.command(regs::Opcode::probe_write, 0, bytes);
    bench_.write(regs::offset::kControl, regs::control::kEnable.mask() | regs::control::kProber.mask());
    bench_.card().step(40'000);  // a tick has 330 cycles
    return answer(bench_.take(Port::line));
  }
  regs::ProbeState probe_state() {
    const auto completion = bench_.command(regs::Opcode::probe_read, 0);
    return regs::ConstProbeCompletion(completion).state();
  }
  std::uint64_t counter(Counter counter) { return bench_.counter(counter); }

 private:
  Bytes answer(const std::vector<Bytes>& requests) {
    const Verdict verdict = peer_.process(requests.at(0));
    return verdict.answer.value().frame();
  }

  CardBench bench_;
  Reference peer_;
};

constexpr std::uint64_t kFirstLife = 1'000'000'000'000;  // ns
constexpr std::uint64_t kSecondLife = kFirstLife + 5'000'000'000;

TEST(FastCard, AnAttackWithTheReplyToAPingOfAnEarlierLifeProvesNothing) {
  const Config config = with_token_nonces(sample_config(3, 1));
  Life first(config, kFirstLife);
  const Bytes recorded = first.answered_ping();
  first.bench().send(recorded);
  (void)first.bench().take(Port::line);
  EXPECT_EQ(first.counter(Counter::replies), 1U);

  for (const std::uint64_t window_top : {0U, 1U}) {
    Life second(config, kSecondLife, window_top);
    (void)second.answered_ping();  // the same transaction, since both lives have the same seed
    second.bench().send(recorded);
    (void)second.bench().take(Port::line);
    EXPECT_EQ(second.counter(Counter::replies), 0U);
    EXPECT_EQ(second.counter(window_top == 0 ? Counter::drop_unasked : Counter::drop_replay), 1U);
  }
}

TEST(FastCard, AnAttackWithTheReplyToAProbeOfAnEarlierLifeProvesNothing) {
  const Config config = with_token_nonces(sample_config(3, 1));
  Life first(config, kFirstLife);
  const Bytes recorded = first.answered_probe();
  first.bench().send(recorded);
  (void)first.bench().take(Port::line);
  EXPECT_EQ(first.counter(Counter::replies), 1U);
  EXPECT_EQ(first.probe_state(), regs::ProbeState::up);

  for (const std::uint64_t window_top : {0U, 1U}) {
    Life second(config, kSecondLife, window_top);
    (void)second.answered_probe();
    second.bench().send(recorded);
    (void)second.bench().take(Port::line);
    EXPECT_EQ(second.counter(Counter::replies), 0U);
    EXPECT_EQ(second.counter(window_top == 0 ? Counter::drop_late : Counter::drop_replay), 1U);
    EXPECT_EQ(second.probe_state(), regs::ProbeState::init);
  }
}

}  // namespace
}  // namespace sapulse::sim::fast
