// SPDX-License-Identifier: Apache-2.0
// The card probes: against the reference, and against another card. One cycle is one tick of the prober, so a sweep is
// 2048 ticks: times are long against that.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "bench.h"
#include "requester_bench.h"
#include "traffic/dissect.h"
#include "traffic/generator.h"

namespace sapulse::test {
namespace {

using namespace sapulse::traffic;
using regs::Counter;
using regs::EventKind;
using regs::ProbeState;

constexpr std::uint32_t kInterval = 24'000;  // of 512 SAs: a probe every 47 cycles
constexpr std::uint64_t kSlice = 500;        // cycles between two looks at a card
constexpr std::uint32_t kForEver = 0x7fffffff;

struct Probing {
  bool enable = true;
  bool data_alive = false;
  unsigned jitter = 32;
  unsigned length = 56;
  std::uint32_t interval = kInterval;
  std::uint32_t suspect = 0;
  std::uint32_t detect = kForEver;
};

struct Change {
  std::uint32_t sa;
  ProbeState previous;
  ProbeState state;
  std::uint64_t time;  ///< ns
  std::uint32_t rtt;
  std::uint32_t heard;  ///< ticks
};

/// A card that probes, and what it has sent and told.
class ProbingCard {
 public:
  explicit ProbingCard(const traffic::Config& config, unsigned event_log2 = 12) : bench(config, event_log2) {
    must_write(regs::offset::kTimeIncrement, 0);
    must_write(regs::offset::kTimeIncrement + 4, 1024);
    turn(false);  // its time stands still while SAs are set up
    for (std::uint32_t sa = 0; sa < config.sas.size(); ++sa) by_spi_[config.sas[sa].out.spi] = sa;
  }

  void must_write(std::uint32_t offset, std::uint32_t value) {
    if (!bench.device().write32(offset, value)) throw std::runtime_error("a register could not be written");
  }

  void turn(bool on) {
    const std::uint32_t control = bench.device().read32(regs::offset::kControl).value();
    const std::uint32_t bit = regs::control::kProber.mask();
    must_write(regs::offset::kControl, on ? control | bit : control & ~bit);
  }

  Status probe(std::uint32_t sa, const Probing& probing) {
    std::array<std::byte, regs::kCommandBytes> bytes{};
    const regs::ProbeWrite body{std::span(bytes)};
    body.set_opcode(Opcode::probe_write);
    body.set_sa(sa);
    body.set_enable(probing.enable ? 1 : 0);
    body.set_data_alive(probing.data_alive ? 1 : 0);
    body.set_jitter(static_cast<std::uint8_t>(probing.jitter));
    body.set_length(static_cast<std::uint16_t>(probing.length));
    body.set_interval(probing.interval);
    body.set_suspect(probing.suspect);
    body.set_detect(probing.detect);
    return bench.execute(bytes).status;
  }

  Status burst(std::uint32_t sa, unsigned count) {
    std::array<std::byte, regs::kCommandBytes> bytes{};
    const regs::ProbeBurst body{std::span(bytes)};
    body.set_opcode(Opcode::probe_burst);
    body.set_sa(sa);
    body.set_count(static_cast<std::uint8_t>(count));
    return bench.execute(bytes).status;
  }

  /// The SA that a frame of this card belongs to.
  std::uint32_t sa_of(const Bytes& frame) const {
    const Dissected at = dissect(frame);
    return by_spi_.at(get32(part(frame, at.payload, kControlBytes), 8));
  }

  /// Frames sent since the last call, each checked byte for byte against the reference.
  std::vector<Bytes> take_probes() {
    std::vector<Bytes> frames = bench.sent();
    for (const Bytes& frame : frames) {
      const std::uint32_t sa = sa_of(frame);
      const auto asked = read_request(bench.sa(sa), frame);
      if (!asked) throw std::runtime_error("a probe does not open");
      EXPECT_EQ(asked->transaction, 0xc000'0000U | probes[sa]++) << "SA " << sa;
      EXPECT_EQ(frame, request_frame(bench.sa(sa), bench.path(sa), *asked)) << "SA " << sa;
    }
    return frames;
  }

  void take_changes() {
    for (const Event& event : bench.events()) {
      const regs::ConstEvent view = *event;
      EXPECT_EQ(view.kind(), EventKind::probe_state);
      changes.push_back({view.sa(), view.previous(), view.state(), view.time(), view.rtt(), view.heard()});
      EXPECT_EQ(changes.back().previous, told[changes.back().sa]) << "SA " << changes.back().sa;
      told[changes.back().sa] = changes.back().state;
    }
  }

  std::vector<Change> changes_of(std::uint32_t sa) const {
    std::vector<Change> result;
    std::ranges::copy_if(changes, std::back_inserter(result), [&](const Change& change) { return change.sa == sa; });
    return result;
  }

  /// Lets the reference answer what has been sent on those SAs, for so many cycles.
  void run(std::uint64_t cycles, const std::function<bool(std::uint32_t)>& answered) {
    for (std::uint64_t gone = 0; gone < cycles; gone += kSlice) {
      bench.step(kSlice);
      for (const Bytes& frame : take_probes()) {
        if (!answered(sa_of(frame))) continue;
        bench.line(bench.answer(frame));
        ++replies;
      }
      take_changes();
    }
  }

  /// No more probes; what is under way ends.
  void stop() {
    turn(false);
    for (int slice = 0; slice < 4; ++slice) run(kSlice, [](std::uint32_t) { return false; });
    bench.settle();
    take_changes();
    EXPECT_EQ(bench.unaccounted(), 0);
  }

  RequesterBench bench;
  std::vector<Change> changes;
  std::map<std::uint32_t, ProbeState> told;       ///< SAs that have not been told are IDLE
  std::map<std::uint32_t, std::uint32_t> probes;  ///< by SA
  std::uint64_t replies = 0;                      ///< sent to the card

 private:
  std::map<std::uint32_t, std::uint32_t> by_spi_;  ///< outbound
};

bool everyone(std::uint32_t) { return true; }
bool nobody(std::uint32_t) { return false; }

TEST(SystemProber, HundredsOfSasAreProbedAndOneBlackHoleIsFound) {
  constexpr std::uint32_t kSas = 512;
  constexpr std::uint32_t kBlackHole = 417;
  constexpr std::uint32_t kSweep = 2 * 1024 + 100;
  constexpr std::uint32_t kPlay = 2 * kSlice;  // probes are answered in slices
  ProbingCard card(sample_config(test_seed(31), kSas));
  const Probing probing{.suspect = 2 * kInterval, .detect = 3 * kInterval};
  for (std::uint32_t sa = 0; sa < kSas; ++sa) {
    ASSERT_EQ(card.bench.write_path(sa, card.bench.path(sa)).status, Status::ok);
    ASSERT_EQ(card.probe(sa, probing), Status::ok);
  }
  card.turn(true);
  card.run(2 * kInterval, everyone);  // so many events take their time
  for (std::uint32_t sa = 0; sa < kSas; ++sa) {
    ASSERT_EQ(card.told[sa], ProbeState::up) << "SA " << sa;
    ASSERT_EQ(card.changes_of(sa).size(), 2U) << "SA " << sa;
  }
  const std::size_t known = card.changes.size();

  card.run(4 * kInterval, [](std::uint32_t sa) { return sa != kBlackHole; });
  ASSERT_EQ(card.changes.size(), known + 2) << "only the black hole has anything to tell";
  const Change& suspect = card.changes[known];
  const Change& down = card.changes[known + 1];
  for (const Change* change : {&suspect, &down}) EXPECT_EQ(change->sa, kBlackHole);
  EXPECT_EQ(suspect.state, ProbeState::suspect);
  EXPECT_EQ(down.state, ProbeState::down);
  EXPECT_GT(suspect.heard, probing.suspect);
  EXPECT_LE(suspect.heard, probing.suspect + kSweep);
  EXPECT_GT(down.heard, probing.detect);
  EXPECT_LE(down.heard, probing.detect + kSweep);
  EXPECT_GT(down.rtt, 0U);
  EXPECT_LE(down.rtt, kPlay * 1024);

  card.run(kInterval + kPlay, everyone);
  EXPECT_EQ(card.told[kBlackHole], ProbeState::up);
  card.stop();
  std::uint64_t probes = 0;
  for (std::uint32_t sa = 0; sa < kSas; ++sa) {
    EXPECT_GE(card.probes[sa], 5U) << "SA " << sa;
    EXPECT_LE(card.probes[sa], 9U) << "SA " << sa;
    probes += card.probes[sa];
  }
  EXPECT_EQ(card.bench.counter(Counter::probes), probes);
  EXPECT_EQ(card.bench.counter(Counter::replies), card.replies);
  EXPECT_EQ(card.bench.counter(Counter::drop_late) + card.bench.counter(Counter::drop_unasked), 0U);
  EXPECT_EQ(card.bench.counter(Counter::probes_unsent), 0U);
}

TEST(SystemProber, AnErasedSaIsNoLongerProbed) {
  constexpr std::uint32_t kSas = 12;
  const traffic::Config config = sample_config(32, kSas);
  ProbingCard card(config);
  for (std::uint32_t sa = 0; sa < kSas; ++sa) {
    ASSERT_EQ(card.bench.write_path(sa, card.bench.path(sa)).status, Status::ok);
    ASSERT_EQ(card.probe(sa, {.interval = 3000}), Status::ok);
  }
  card.turn(true);
  card.run(10'000, everyone);
  for (std::uint32_t sa = 0; sa < kSas; ++sa) ASSERT_EQ(card.told[sa], ProbeState::up);

  const std::set<std::uint32_t> erased = {3, 7, 8};
  for (std::uint32_t sa : erased) {
    ASSERT_TRUE(card.bench.sas().remove(config.sas[sa].in.spi));
    card.take_probes();  // those that had left before
    const std::uint32_t before = card.probes[sa];
    card.run(8'000, [&](std::uint32_t other) { return !erased.contains(other); });
    EXPECT_EQ(card.probes[sa], before) << "SA " << sa << " was probed after it had been erased";
    EXPECT_EQ(card.told[sa], ProbeState::idle);
  }
  for (std::uint32_t sa = 0; sa < kSas; ++sa) {
    if (erased.contains(sa)) continue;
    EXPECT_EQ(card.told[sa], ProbeState::up);
    EXPECT_EQ(card.changes_of(sa).size(), 2U);
  }
  card.stop();
}

TEST(SystemProber, TwoCardsProbeEachOther) {
  constexpr std::uint32_t kSas = 6;
  const traffic::Config config = sample_config(33, kSas);
  ProbingCard left(config);
  ProbingCard right(peer_of(config, Bytes(32, 0x5a)));
  const auto both = {&left, &right};
  for (ProbingCard* card : both) {
    for (std::uint32_t sa = 0; sa < kSas; ++sa) {
      ASSERT_EQ(card->bench.write_path(sa, card->bench.path(sa)).status, Status::ok);
      ASSERT_EQ(card->probe(sa, {.interval = 6000, .suspect = 14'000, .detect = 20'000}), Status::ok);
    }
    card->turn(true);
  }
  // Probes and answers cross; on a cut SA nothing does.
  std::optional<std::uint32_t> cut;
  std::map<std::uint32_t, std::uint32_t> sa_by_spi;
  for (std::uint32_t sa = 0; sa < kSas; ++sa) sa_by_spi[config.sas[sa].in.spi] = sa_by_spi[config.sas[sa].out.spi] = sa;
  const auto carry = [&](ProbingCard& from, ProbingCard& to) {
    for (const Bytes& frame : from.bench.sent()) {
      const std::uint32_t subject = get32(part(frame, dissect(frame).payload, kControlBytes), 8);
      if (!cut || sa_by_spi.at(subject) != *cut) to.bench.line(frame);
    }
  };
  const auto run = [&](std::uint64_t cycles) {
    for (std::uint64_t gone = 0; gone < cycles; gone += 100) {
      for (ProbingCard* card : both) card->bench.step(100);
      carry(left, right);
      carry(right, left);
      for (ProbingCard* card : both) card->take_changes();
    }
  };

  run(16'000);
  for (ProbingCard* card : both) {
    for (std::uint32_t sa = 0; sa < kSas; ++sa) EXPECT_EQ(card->told[sa], ProbeState::up) << "SA " << sa;
  }
  cut = 4;
  run(32'000);
  for (ProbingCard* card : both) {
    for (std::uint32_t sa = 0; sa < kSas; ++sa) {
      EXPECT_EQ(card->told[sa], sa == 4 ? ProbeState::down : ProbeState::up) << "SA " << sa;
    }
    EXPECT_EQ(card->changes_of(4).size(), 4U) << "INIT, UP, SUSPECT, DOWN";
    EXPECT_EQ(card->changes_of(5).size(), 2U);
  }
  cut.reset();
  run(12'000);
  for (ProbingCard* card : both) {
    EXPECT_EQ(card->told[4], ProbeState::up);
    card->turn(false);
  }
  run(2000);
  for (ProbingCard* card : both) {
    card->bench.settle();
    EXPECT_EQ(card->bench.unaccounted(), 0);
    EXPECT_GT(card->bench.counter(Counter::probes), 50U);
    EXPECT_GT(card->bench.counter(Counter::answered), 50U);
    EXPECT_EQ(card->bench.counter(Counter::drop_replay), 0U);
    EXPECT_EQ(card->bench.counter(Counter::drop_unasked), 0U);
  }
}

TEST(SystemProber, ProbesThatCannotBeSentAreCounted) {
  ProbingCard card(sample_config(34, 2));
  ASSERT_EQ(card.probe(0, {.interval = 3000, .detect = 12'000}), Status::ok);  // no path
  card.turn(true);
  card.run(40'000, everyone);
  EXPECT_EQ(card.told[0], ProbeState::down);
  card.stop();
  EXPECT_EQ(card.bench.counter(Counter::probes), 0U);
  EXPECT_GE(card.bench.counter(Counter::probes_unsent), 8U);
}

TEST(SystemProber, LateRepliesAreCounted) {
  ProbingCard card(sample_config(35, 2));
  ASSERT_EQ(card.bench.write_path(0, card.bench.path(0)).status, Status::ok);
  ASSERT_EQ(card.probe(0, {.jitter = 0, .interval = 200}), Status::ok);
  card.turn(true);
  std::vector<Bytes> answers;
  while (answers.size() < 40) {
    card.bench.step(kSlice);
    for (const Bytes& frame : card.take_probes()) answers.push_back(card.bench.answer(frame));
  }
  card.turn(false);
  card.bench.step(kSlice);
  for (std::size_t i = 0; i < answers.size(); ++i) card.bench.line(answers[i]);
  card.stop();
  const std::uint64_t probes = card.probes[0];
  EXPECT_EQ(card.bench.counter(Counter::replies), answers.size() - (probes - 32));
  EXPECT_EQ(card.bench.counter(Counter::drop_late), probes - 32);
  EXPECT_EQ(card.told[0], ProbeState::up);
}

TEST(SystemProber, CustomerPacketsKeepAnSaUp) {
  const traffic::Config config = sample_config(36, 3);
  ProbingCard card(config);
  for (std::uint32_t sa : {0U, 1U}) {
    ASSERT_EQ(card.bench.write_path(sa, card.bench.path(sa)).status, Status::ok);
    ASSERT_EQ(card.probe(sa, {.data_alive = sa == 0, .interval = 4000, .detect = 14'000}), Status::ok);
  }
  card.turn(true);
  card.run(12'000, everyone);
  for (std::uint32_t sa : {0U, 1U}) ASSERT_EQ(card.told[sa], ProbeState::up);
  for (std::uint32_t sequence = 1; sequence <= 5; ++sequence) {
    for (std::uint32_t sa : {0U, 1U}) {
      PeerPath path = card.bench.path(sa);
      std::swap(path.link.to, path.link.from);
      std::swap(path.network.to, path.network.from);
      card.bench.line(
          wrapped_frame(path.link, path.network, {.spi = config.sas[sa].in.spi, .sequence = sequence}, Bytes(100)));
    }
    card.run(6'000, nobody);
  }
  EXPECT_EQ(card.told[0], ProbeState::up);
  EXPECT_EQ(card.told[1], ProbeState::down);
  card.run(20'000, nobody);
  EXPECT_EQ(card.told[0], ProbeState::down);
  card.stop();
}

TEST(SystemProber, BadCommandsChangeNothing) {
  ProbingCard card(sample_config(37, 1));
  ASSERT_EQ(card.bench.write_path(0, card.bench.path(0)).status, Status::ok);
  EXPECT_EQ(card.probe(0, {.jitter = 65}), Status::bad_argument);
  EXPECT_EQ(card.probe(0, {.length = 47}), Status::bad_argument);
  EXPECT_EQ(card.probe(0, {.interval = 0}), Status::bad_argument);
  EXPECT_EQ(card.probe(1024, {}), Status::bad_sa);
  EXPECT_EQ(card.burst(0, 16), Status::bad_argument);
  EXPECT_EQ(card.burst(0, 3), Status::ok);  // not probed: nothing to hurry
  card.turn(true);
  card.run(5000, everyone);
  EXPECT_EQ(card.probes[0], 0U);
  EXPECT_TRUE(card.changes.empty());

  ASSERT_EQ(card.probe(0, {.interval = 16'000}), Status::ok);
  card.run(24'000, everyone);
  const std::uint32_t before = card.probes[0];
  ASSERT_EQ(card.burst(0, 5), Status::ok);
  card.run(24'000, everyone);
  EXPECT_GE(card.probes[0], before + 5);
  card.stop();
}

}  // namespace
}  // namespace sapulse::test
