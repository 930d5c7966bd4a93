// SPDX-License-Identifier: Apache-2.0
// Bits flip in all FIFOs of a busy card: what leaves is right, not authentic, or marked bad. SAPULSE_TEST_FLIP_ROUNDS:
// cards.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "bench.h"
#include "public_memory.h"
#include "support/convert.h"
#include "traffic/dissect.h"
#include "traffic/generator.h"
#include "traffic/message.h"
#include "traffic/reference.h"

namespace sapulse::test {
namespace {

using namespace sapulse::traffic;

constexpr std::uint64_t kPreset = 4711;
constexpr std::size_t kLineFrames = 60;
constexpr std::size_t kCoreFrames = 40;
constexpr std::uint64_t kBusyCycles = 1500;
constexpr std::uint64_t kRestCycles = 3000;
constexpr std::uint64_t kPatience = 20'000;
constexpr Mixture kMixture = {.max_data = 600, .bad_percent = 5, .customer_percent = 40, .replays = false};

unsigned rounds() {
  const char* const chosen = std::getenv("SAPULSE_TEST_FLIP_ROUNDS");
  return chosen != nullptr ? static_cast<unsigned>(std::strtoul(chosen, nullptr, 0)) : 160;
}

/// What keeps parts of the same words has this in common.
std::string fifo(std::string memory) {
  for (const std::string_view part :
       {".memory", ".head", ".read_data", ".u_parity", ".g_head", ".g_rest", ".g_distributed", ".u_ram", ".g_block"}) {
    if (memory.ends_with(part)) memory.resize(memory.size() - part.size());
  }
  return memory;
}

/// What became of the flips of one card, or of many.
struct Tally {
  unsigned flips = 0, told = 0, stopped = 0;
  unsigned right = 0, not_authentic = 0, cut = 0, outer = 0;
  unsigned customers = 0, marked = 0, misled = 0;
  void add(const Tally& other) {
    flips += other.flips;
    told += other.told;
    stopped += other.stopped;
    right += other.right;
    not_authentic += other.not_authentic;
    cut += other.cut;
    outer += other.outer;
    customers += other.customers;
    marked += other.marked;
    misled += other.misled;
  }
};

/// They differ in one place: a byte has changed, or is missing since a bit of `keep` has flipped.
bool is_similar(const Bytes& a, const Bytes& b) {
  const auto from_begin = std::ranges::mismatch(a, b).in1 - a.begin();
  const auto from_end = std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend()).first - a.rbegin();
  return from_begin + from_end + 1 >= static_cast<std::ptrdiff_t>(std::max(a.size(), b.size()));
}

/// One card, from power-up on, with random flips in one memory and some in others.
class FlippedCard {
 public:
  FlippedCard(std::uint64_t seed, std::size_t victim)
      : config_(sample_config(seed, 3)), random_(seed), bench_(config_, {.seed = seed, .gap = 1, .sink_stall = 15}) {
    memories_ = public_memories(*Verilated::threadContextp());
    // A word in a queue of a kernel is in a slot, its register and its parity bit, by other numbers: of two flips
    // parity says nothing.
    std::erase_if(memories_, [](const PublicMemory& memory) {
      return memory.name.ends_with(".kept") || memory.name.ends_with("u_parity.mem");
    });
    victim_ = victim % memories_.size();
    Generator generator(config_, seed, kMixture);
    for (std::size_t i = 0; i < kLineFrames; ++i) bench_.line(generator.line().frame);
    for (std::size_t i = 0; i < kCoreFrames; ++i) bench_.core(generator.core().frame);
  }

  [[nodiscard]] std::string victim() const { return memories_.at(victim_).name; }

  Tally run() {
    const std::uint64_t begin = bench_.card().cycle();
    while (bench_.card().cycle() - begin < kBusyCycles) {
      bench_.card().step(1 + random_.below(12));
      flip();
      collect();
    }
    for (std::uint64_t cycles = 0; cycles < kRestCycles || waiting() != 0; cycles += 100) {
      if (cycles > kPatience) {
        ADD_FAILURE() << waiting() << " frames wait for the card, which takes none";
        break;
      }
      bench_.card().step(100);
      collect();
    }
    tally_.told = must(bench_.card().read32(regs::offset::counter(Counter::memory_faults)), "counter");
    const std::uint32_t status = must(bench_.card().read32(regs::offset::kStatus), "status");
    tally_.stopped = regs::status::kMemoryFault.get(status);
    check_line();
    check_core();
    bench_.card().reset();  // the library waits for a card that is idle when it closes it
    return tally_;
  }

 private:
  [[nodiscard]] std::size_t waiting() {
    return bench_.card().pending(sim::Port::line) + bench_.card().pending(sim::Port::core);
  }

  /// At most one bit of a word, its parity included: of two, parity says nothing.
  void flip() {
    const std::size_t which = random_.below(100) < 70 ? victim_ : random_.below(memories_.size());
    const PublicMemory& memory = memories_.at(which);
    const auto entry = static_cast<unsigned>(random_.below(memory.entries));
    if (!flipped_.insert({fifo(memory.name), entry}).second) return;
    memory.flip(entry, static_cast<unsigned>(random_.below(memory.width)));
    ++tally_.flips;
    decisions_ +=
        memory.name.find("u_decisions") != std::string::npos || memory.name.find("u_classify") != std::string::npos;
    behind_seal_ += memory.name.find("u_answer") != std::string::npos ? 1 : 0;
  }

  void collect() {
    for (sim::OutputFrame& frame : bench_.card().take_output(sim::Port::line)) line_out_.push_back(std::move(frame));
    for (sim::OutputFrame& frame : bench_.card().take_output(sim::Port::core)) core_out_.push_back(std::move(frame));
  }

  /// Customers' frames all leave, in order; what is not theirs is an answer.
  void check_line() {
    const auto& customers = bench_.so_far().core_in;
    Run run;
    run.line_in = bench_.so_far().line_in;
    std::size_t next = 0;
    for (const sim::OutputFrame& out : line_out_) {
      const Bytes frame = to_bytes(out.bytes);
      const bool is_next =
          next < customers.size() && (frame == customers[next] || (out.bad && is_similar(frame, customers[next])));
      if (is_next) {
        ++next;
        ++(out.bad ? tally_.marked : tally_.customers);
      } else if (out.bad) {
        ++tally_.cut;
      } else if (is_forgery(frame)) {
        ++tally_.not_authentic;
      } else {
        run.line_out.push_back(frame);
      }
    }
    EXPECT_EQ(next, customers.size()) << "customers' frames are missing on line TX";
    Reference reference(config_);
    for (const Bytes& frame : run.line_in) {
      if (reference.process(frame).outcome == Outcome::passed) run.core_out.push_back(frame);
    }
    passed_ = run.core_out;
    const CheckResult result =
        check_run(config_, run, {.allow_overflow = true, .errors_may_be_missing = true, .counters = false});
    // Behind the ICV a frame has outer headers alone to lose, which the answer may leave with before the fault is told.
    tally_.outer = static_cast<unsigned>(result.discrepancies.size());
    if (tally_.outer > behind_seal_) {
      for (const std::string& discrepancy : result.discrepancies) ADD_FAILURE() << discrepancy;
    }
    tally_.right += static_cast<unsigned>(result.replies + result.echoes);
  }

  /// A reply that the peer refuses; of one that it accepts, the number has not come before.
  bool is_forgery(const Bytes& frame) {
    const Dissected at = dissect(frame);
    if (at.kind != Dissected::Kind::spi || at.wrap.spi != config_.control_spi) return false;
    const std::size_t nested = at.payload + kControlBytes;
    if (at.limit < nested + kNestedMin) return true;
    const View packet = View(frame).subspan(nested, at.limit - nested);
    for (std::size_t sa = 0; sa < config_.sas.size(); ++sa) {
      if (!open_nested(config_.sas[sa], config_.sas[sa].out, packet)) continue;
      const std::uint64_t n = get64(packet, 8);
      EXPECT_TRUE(numbers_.insert({sa, n}).second) << "control sequence number " << n << " comes twice";
      return false;
    }
    return true;
  }

  /// Frames pass in order, unharmed or marked; a flipped decision misleads its own frame alone.
  void check_core() {
    std::size_t next = 0;
    for (const sim::OutputFrame& out : core_out_) {
      const Bytes frame = to_bytes(out.bytes);
      const auto found = std::find_if(passed_.begin() + static_cast<std::ptrdiff_t>(next), passed_.end(),
                                      [&](auto& it) { return it == frame || (out.bad && is_similar(it, frame)); });
      if (found == passed_.end()) {
        ++tally_.misled;
        continue;
      }
      const auto position = static_cast<std::size_t>(found - passed_.begin());
      tally_.misled += static_cast<unsigned>(position - next);
      next = position + 1;
      ++(out.bad ? tally_.marked : tally_.customers);
    }
    tally_.misled += static_cast<unsigned>(passed_.size() - next);
    EXPECT_LE(tally_.misled, decisions_) << "of " << passed_.size() << " frames to the core";
    EXPECT_GE(tally_.told, tally_.misled);
  }

  traffic::Config config_;
  traffic::Random random_;
  Bench bench_;
  std::vector<PublicMemory> memories_;
  std::size_t victim_ = 0;
  std::set<std::pair<std::string, unsigned>> flipped_;
  std::set<std::pair<std::size_t, std::uint64_t>> numbers_;
  std::vector<sim::OutputFrame> line_out_, core_out_;
  std::vector<Bytes> passed_;
  unsigned decisions_ = 0, behind_seal_ = 0;  // flips
  Tally tally_;
};

/// The place of a memory without what all have in common.
std::string place(std::string name) {
  for (const char* common : {"card.sim_top.", "u_core.", ".g_distributed", ".g_block", "card."}) {
    if (const auto at = name.find(common); at != std::string::npos) name.erase(at, std::string(common).size());
  }
  return name;
}

TEST(FlippedWords, NothingWrongLeavesACardWhileBitsFlipInItsFifos) {
  const std::uint64_t seed = test_seed(kPreset);
  Tally all;
  std::map<std::string, Tally> of;
  for (unsigned round = 0; round < rounds(); ++round) {
    SCOPED_TRACE("card " + std::to_string(round));
    FlippedCard card(seed + round, round);
    const Tally tally = card.run();
    of[place(card.victim())].add(tally);
    all.add(tally);
    if (HasFailure()) {
      fmt::print("flips in {}\n", card.victim());
      return;
    }
  }
  fmt::print("{:60} {:>6} {:>5} {:>8}\n", "memory that most bits flip in", "flips", "told", "stopped");
  for (const auto& [name, tally] : of) {
    fmt::print("{:60} {:>6} {:>5} {:>8}\n", name, tally.flips, tally.told, tally.stopped);
  }
  fmt::print(
      "{} flips, {} read and counted; {} of {} cards stopped; {} answers right, {} not authentic, {} cut off, {} with "
      "damaged outer headers; "
      "{} frames of customers unharmed, {} marked bad, {} misled\n",
      all.flips, all.told, all.stopped, rounds(), all.right, all.not_authentic, all.cut, all.outer, all.customers,
      all.marked, all.misled);
  EXPECT_GT(all.told, rounds());
  EXPECT_GT(all.stopped, rounds() / 2);
  EXPECT_GT(all.right, rounds());
  EXPECT_GT(all.marked, 0U);
}

TEST(FlippedWords, AResetMendsACardThatHasStopped) {
  const std::uint64_t seed = test_seed(kPreset);
  const traffic::Config config = sample_config(seed, 2);
  const Mixture good{.bad_percent = 0, .customer_percent = 20, .replays = false, .for_the_host = false};
  Bench bench(config, {.seed = seed});
  Generator generator(config, seed, good);
  for (int i = 0; i < 30; ++i) bench.line(generator.line().frame);
  // Times of receipt: nothing but a wrong time in an answer would come of it.
  bool stopped = false;
  for (unsigned i = 0; i < 300 && !stopped; ++i) {
    bench.card().step(2);
    for (const PublicMemory& memory : public_memories(*Verilated::threadContextp())) {
      if (memory.name.find("u_arrivals") != std::string::npos) memory.flip(i % memory.entries, 0);
    }
    const std::uint32_t status = must(bench.card().read32(regs::offset::kStatus), "status");
    stopped = regs::status::kMemoryFault.get(status) != 0;
  }
  ASSERT_TRUE(stopped);
  const std::uint32_t pending = must(bench.card().read32(regs::offset::kInterruptStatus), "interrupts");
  EXPECT_EQ(regs::interrupt_status::kError.get(pending), 1U);
  Result<std::size_t> polled = 0;
  for (unsigned i = 0; i < 100 && polled; ++i) polled = bench.endpoint().poll();
  ASSERT_FALSE(polled);
  EXPECT_NE(polled.error().message.find("MEMORY_FAULT"), std::string::npos) << polled.error().message;

  const traffic::Config next = sample_config(seed + 1, 2);
  bench.restart(next);
  Generator afterwards(next, seed, good);
  for (int i = 0; i < 30; ++i) bench.line(afterwards.line().frame);
  bench.settle();
  expect_right(next, bench.result());
}

}  // namespace
}  // namespace sapulse::test
