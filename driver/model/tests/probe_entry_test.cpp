// SPDX-License-Identifier: Apache-2.0
// The fast model's prober entry does what the model says that the card's prober is tested with.
#include "probe_entry.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "prober/tests/probe_model.h"
#include "sapulse/model/random.h"

namespace sapulse::model {
namespace {

constexpr int kOperations = 200'000;

class ProbeEntryTest : public testing::Test {
 protected:
  std::int64_t below(std::int64_t end) {
    return static_cast<std::int64_t>(random_.next() % static_cast<std::uint64_t>(end));
  }
  bool one_in(std::int64_t n) { return below(n) == 0; }
  [[nodiscard]] std::uint64_t tick() const { return static_cast<std::uint64_t>(now_); }

  void write();
  void visit();
  void reply();
  void compare();

  Random random_{20'261};
  ProbeEntry entry_;
  test::ProbeModel model_;
  std::int64_t now_ = 1000;
  std::optional<std::int64_t> data_;
};

void ProbeEntryTest::write() {
  const test::ProbeConfig config{.enable = !one_in(8),
                                 .data_alive = one_in(2),
                                 .jitter = static_cast<unsigned>(below(65)),
                                 .interval = one_in(10) ? below((1 << 30) - 1) + 1 : below(500) + 1,
                                 .suspect = one_in(3) ? 0 : below(1500) + 1,
                                 .detect = one_in(10) ? std::int64_t{0x7fff'ffff} : below(2500) + 1};
  model_.write(config, now_);
  entry_.write({.enable = config.enable,
                .data_alive = config.data_alive,
                .jitter = config.jitter,
                .length = config.length,
                .interval = static_cast<std::uint32_t>(config.interval),
                .suspect = static_cast<std::uint32_t>(config.suspect),
                .detect = static_cast<std::uint32_t>(config.detect)},
               tick(), static_cast<std::uint32_t>(below(1 << ProbeEntry::kRandomBits)));
}

/// As the prober visits an entry; whether there is room is random.
void ProbeEntryTest::visit() {
  const bool probing = !one_in(10);
  const bool request_room = !one_in(5);
  const bool event_room = !one_in(5);
  const test::ProbeModel::Span due = model_.due_span;
  // The model leaves the time of the next probe to the prober, within a span.
  model_.due = entry_.due(tick()) ? now_ : now_ + 1;
  if (model_.config.enable) {
    EXPECT_FALSE(entry_.due(tick()) && now_ < due.first) << "too early: " << now_ << " of " << due.first;
    EXPECT_FALSE(!entry_.due(tick()) && now_ >= due.last) << "too late: " << now_ << " of " << due.last;
  }
  const auto expected = model_.visit(now_, data_, probing, request_room, event_room);
  entry_.judge(tick());
  ASSERT_EQ(static_cast<unsigned>(entry_.report(tick()).state), static_cast<unsigned>(model_.state));
  ASSERT_EQ(entry_.untold() && event_room, expected.told_before.has_value());
  if (entry_.untold() && event_room) {
    EXPECT_EQ(static_cast<unsigned>(entry_.told()), static_cast<unsigned>(*expected.told_before));
    EXPECT_EQ(entry_.report(tick()).heard, std::min<std::uint32_t>(expected.report.heard, 0x8000'0000));
    entry_.tell();
  }
  const bool due_now = probing && entry_.due(tick());
  ASSERT_EQ(due_now && request_room, expected.probe.has_value());
  if (due_now && request_room) {
    EXPECT_EQ(entry_.take_probe(tick(), static_cast<std::uint32_t>(below(1 << ProbeEntry::kRandomBits))),
              static_cast<std::uint32_t>(*expected.probe % test::ProbeModel::kNumbers));
  } else if (due_now) {
    entry_.postpone(tick());
  }
}

void ProbeEntryTest::reply() {
  const auto number = static_cast<std::uint32_t>((model_.number + below(44) - 40) & (test::ProbeModel::kNumbers - 1));
  const std::uint64_t age = random_.next() >> below(64);
  const auto expected = static_cast<unsigned>(model_.reply(number, now_, age, 0));
  ASSERT_EQ(static_cast<unsigned>(entry_.reply(number, age, tick())), expected) << number << ", " << age << " ns ago";
}

void ProbeEntryTest::compare() {
  const ProbeReport is = entry_.report(tick());
  const test::ProbeReport expected = model_.report(now_, data_);
  ASSERT_EQ(static_cast<unsigned>(is.state), static_cast<unsigned>(expected.state));
  ASSERT_EQ(is.rtt, expected.rtt);
  ASSERT_EQ(is.probes, expected.probes);
  ASSERT_EQ(is.replies, expected.replies);
  ASSERT_EQ(is.heard, std::min<std::uint32_t>(expected.heard, 0x8000'0000));
}

TEST_F(ProbeEntryTest, DoesWhatTheModelOfTheCardsProberDoes) {
  for (int i = 0; i < kOperations && !HasFatalFailure() && !HasFailure(); ++i) {
    SCOPED_TRACE(fmt::format("operation {} at {}", i, now_));
    const std::int64_t kind = below(100);
    if (kind == 0) write();
    if (kind == 1) {
      const auto count = static_cast<unsigned>(below(15) + 1);
      model_.start_burst(count, now_);
      entry_.burst(count, tick());
    }
    if (kind >= 2 && kind < 10) {
      data_ = now_;
      entry_.note_data(tick());
    }
    if (kind >= 10 && kind < 30) reply();
    if (kind >= 30) visit();
    compare();
    now_ += one_in(3) ? 0 : one_in(2000) ? below(std::int64_t{1} << 30) : below(60);
  }
}

TEST(ProbeEntry, AReplyThatWasHeldBackProvesNothing) {
  ProbeEntry entry;
  entry.write({.enable = true, .length = 56, .interval = 10, .suspect = 40, .detect = 100}, 1000, 0);
  const std::uint32_t held_back = entry.take_probe(1000, 0);
  const std::uint32_t slow = entry.take_probe(1010, 0);
  const std::uint32_t fast = entry.take_probe(1060, 0);
  constexpr std::uint64_t kTick = std::uint64_t{1} << regs::kProbeTickLog2;  // ns
  EXPECT_EQ(entry.reply(slow, std::uint64_t{0} - kTick, 1060), Match::unasked) << "from the future";
  EXPECT_EQ(entry.reply(held_back, 101 * kTick, 1101), Match::late);
  EXPECT_EQ(entry.report(1101).state, regs::ProbeState::init);
  EXPECT_EQ(entry.reply(fast, 50 * kTick, 1110), Match::matched);
  EXPECT_EQ(entry.report(1110).heard, 50U) << "since the probe left";
  EXPECT_EQ(entry.reply(slow, 100 * kTick, 1110), Match::matched);
  EXPECT_EQ(entry.report(1110).heard, 50U) << "an older sign of life than the last one";
  entry.judge(1110);
  EXPECT_EQ(entry.report(1110).state, regs::ProbeState::suspect);
}

/// Between two visits that are wanted, none would have had anything to do.
TEST_F(ProbeEntryTest, NoVisitIsMissed) {
  int wanted_visits = 0;
  std::uint32_t newest = 0;
  for (int i = 0; i < 3000 && !HasFailure(); ++i) {
    if (i % 40 == 0) write();
    if (one_in(3)) (void)entry_.reply(newest, 0, tick());
    const auto wanted = entry_.untold() ? std::optional<std::uint64_t>(tick()) : entry_.wanted_tick(true);
    const std::int64_t end = now_ + 3000;
    while (now_ < end && !(wanted && tick() >= *wanted)) {
      ProbeEntry visited = entry_;
      visited.judge(tick());
      ASSERT_FALSE(visited.untold() || visited.due(tick())) << "operation " << i << " at " << now_;
      now_ += 7;
    }
    if (!wanted || tick() < *wanted) continue;
    now_ = std::max(now_, static_cast<std::int64_t>(*wanted));
    ++wanted_visits;
    entry_.judge(tick());
    if (entry_.untold()) entry_.tell();
    if (entry_.due(tick())) {
      newest = entry_.take_probe(tick(), static_cast<std::uint32_t>(below(1 << ProbeEntry::kRandomBits)));
    }
  }
  EXPECT_GT(wanted_visits, 1000);
}

}  // namespace
}  // namespace sapulse::model
