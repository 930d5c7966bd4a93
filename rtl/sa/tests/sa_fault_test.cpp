// SPDX-License-Identifier: Apache-2.0
// Bits of the tables flip: every one is found when its entry is read, never does an answer come out of a damaged entry,
// and above all no control sequence number comes twice and no packet is accepted twice.
#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "sa_bench.h"
#include "sa_memories.h"
#include "window_model.h"

namespace sapulse::test {
namespace {

using regs::Opcode;
using regs::SaTable;
using regs::Status;

constexpr unsigned kSas = SAPULSE_TEST_SA_CAPACITY;

// sa_pkg::path_t, lowest bit first.
constexpr unsigned kPathBits = 556;
constexpr unsigned kPathPort = 96;
constexpr unsigned kPathDestination = 128;
constexpr unsigned kPathEncapsulation = 553;
constexpr std::uint64_t kEncapsulationUdp = 1;

using PathWords = std::array<std::uint32_t, (kPathBits + 31) / 32>;

/// An SA as the host has written it, and what has become of it since.
struct Sa {
  Halves halves;
  Slot slot{};
  PathWords path{};
  bool down = false;
  WindowModel window;
  std::uint64_t next = 0;      ///< lowest number that may be given out
  std::uint64_t lost = 0;      ///< numbers above it that went to answers which must not be sent
  std::uint32_t customer = 0;  ///< last number sent
  std::set<SaTable> damaged;   ///< told since these tables were written last
  bool quiet = false;          ///< is being written: nothing may be asked about it
};

/// What has become of the flips in one memory.
struct Outcome {
  unsigned detected = 0;
  unsigned overwritten = 0;
  unsigned never_read = 0;
};

class SaFault : public SaBench {
 protected:
  SaFault() : memories_(sa_memories(*dut_)), outcomes_(memories_.size()) {
    for (unsigned sa = 0; sa < kSas; ++sa) {
      Sa& it = sas_[sa];
      it.halves = random_halves(random_);
      do {
        it.halves.in_spi = 256 + random_.below(0xffffff00);
        it.slot.bank = random_.below(2);
        it.slot.bucket = bucket_of(it.slot.bank, it.halves.in_spi);
        it.slot.slot = random_.below(2);
      } while (!slots_.emplace(number_of(it.slot), sa).second);
      write_index(sa);
      write_in(sa);
      write_out(sa);
      write_path(sa);
    }
  }

  // ---- Commands, which also put right what is damaged.
  void write_index(unsigned sa) {
    run(make_index_write(sas_[sa].slot, true, sas_[sa].halves.in_spi, sa), Status::ok);
    written(sa, {SaTable::index});
  }

  void write_in(unsigned sa) {
    Sa& it = sas_[sa];
    run(make_write_in(sa, it.halves), Status::ok);
    it.window.clear(true, it.halves.window_top);
    it.down = random_.chance(20);
    Descriptor admin = make_command(Opcode::sa_admin, sa);
    regs::SaAdmin(admin).set_down(it.down);
    run(admin, Status::ok);
    written(sa, {SaTable::in_key, SaTable::token, SaTable::window, SaTable::admin, SaTable::customer});
  }

  void write_out(unsigned sa) {
    Sa& it = sas_[sa];
    it.halves.next = it.next + 1 + random_.below(100);
    run(make_write_out(sa, it.halves), Status::ok);
    it.next = it.halves.next;
    it.lost = 0;
    written(sa, {SaTable::out_key, SaTable::sequence});
  }

  void write_path(unsigned sa) {
    run(make_path(sa, random_), Status::ok);
    ticks(2);  // the place of the peer is written later
    written(sa, {SaTable::path, SaTable::peer});
    const bool driving = std::exchange(driving_, false);
    sas_[sa].path = path(sa);
    driving_ = driving;
  }

  void written(unsigned sa, std::initializer_list<SaTable> tables) {
    for (const SaTable table : tables) sas_[sa].damaged.erase(table);
  }

  // ---- Questions
  PathWords path(unsigned sa) {
    dut_->path_valid = 1;
    dut_->path_sa = sa;
    ticks(3);  // sa_pkg::PATH_LATENCY
    dut_->path_valid = 0;
    dut_->eval();
    return path_now();
  }

  PathWords path_now() const {
    PathWords words{};
    for (unsigned i = 0; i < kPathBits; ++i)
      words[i / 32] |= static_cast<std::uint32_t>(bits(dut_->path, i, 1)) << i % 32;
    return words;
  }

  /// A packet comes from where the path of its SA leads, or from elsewhere.
  void come_from(unsigned sa, bool elsewhere) {
    const PathWords& path = sas_[sa].path;
    for (unsigned i = 0; i < 4; ++i) dut_->verdict_address[i] = bits(path, kPathDestination + 32 * i, 32);
    const bool udp = bits(path, kPathEncapsulation, 2) == kEncapsulationUdp;
    dut_->verdict_port = udp ? bits(path, kPathPort, 16) : 0;
    if (elsewhere) dut_->verdict_address[random_.below(4)] ^= 1U << random_.below(32);
  }

  // ---- Flips
  static unsigned number_of(const Slot& slot) { return 4 * slot.bucket + 2 * slot.bank + slot.slot; }

  using Place = std::pair<unsigned, unsigned>;  ///< memory, entry

  void flip(const Place& place, unsigned bit) {
    memories_[place.first].flip(place.second, bit);
    flips_[place] = false;
  }

  /// The flip there is no more, or is still waiting: what became of it. Whether it is over.
  bool settle(const Place& place) {
    const auto found = flips_.find(place);
    if (found == flips_.end()) return true;
    if (memories_[place.first].is_damaged(place.second)) return false;
    Outcome& outcome = outcomes_[place.first];
    ++(found->second ? outcome.detected : outcome.overwritten);
    flips_.erase(found);
    return true;
  }

  bool is_flipped(SaTable table, unsigned number) const {
    return std::ranges::any_of(flips_, [&](const auto& flip) {
      const TableMemory& memory = memories_[flip.first.first];
      return memory.table == table && memory.number(flip.first.second) == number;
    });
  }

  // ---- Every cycle
  void observe() override {
    take_faults();
    if (!checking_) return;
    check_key();
    check_lookup();
    check_context();
    check_verdict();
    check_path();
  }

  void take_faults() {
    EXPECT_EQ(dut_->fault_count, std::exchange(found_before_last_, found_before_));
    if (dut_->fault_valid && dut_->fault_ready) {
      told_.push_back({static_cast<SaTable>(dut_->fault_table), dut_->fault_number});
      EXPECT_TRUE(ever_found_.contains(told_.back()));
    }
    found_before_ = 0;
    for (unsigned i = 0; i < regs::kSaTableCount; ++i) {
      if ((dut_->fault_found >> i & 1) == 0) continue;
      const auto table = static_cast<SaTable>(i);
      const auto number = static_cast<unsigned>(bits(dut_->fault_entry, 17 * i, 17));
      found_.push_back({table, number});
      ever_found_.insert(found_.back());
      ++found_before_;
      note_fault(table, number);
    }
  }

  void note_fault(SaTable table, unsigned number) {
    bool known = false;
    for (auto& [place, detected] : flips_) {
      const TableMemory& memory = memories_[place.first];
      if (memory.table != table || memory.number(place.second) != number) continue;
      known = detected = true;
    }
    EXPECT_TRUE(known) << "false alarm: " << regs::name(table) << " " << number;
    if (table == SaTable::index) return;
    Sa& it = sas_[number];
    it.damaged.insert(table);
    if (table == SaTable::window) it.window.clear(false, 0);
  }

  void check_lookup() {
    if (dut_->result_valid) {
      const unsigned sa = lookups_.front();
      lookups_.pop_front();
      if (dut_->result_found) {
        ASSERT_EQ(dut_->result_sa, sa);
      } else {
        ASSERT_TRUE(is_flipped(SaTable::index, number_of(sas_[sa].slot))) << "SA " << sa << " is not found";
      }
    }
    if (dut_->lookup_valid) lookups_.push_back(looked_up_);
  }

  void check_key() {
    // A damaged key is told of in the cycle after it has been handed out.
    if (const auto sa = std::exchange(wrong_key_, std::nullopt)) {
      ASSERT_FALSE(found_.empty());
      ASSERT_TRUE(sas_[*sa].damaged.contains(SaTable::in_key));
    }
    if (dut_->in_key_valid) {
      const unsigned sa = keys_.front();
      keys_.pop_front();
      if (key_at(dut_->in_key, 0) != sas_[sa].halves.in) wrong_key_ = sa;
    }
    if (dut_->in_valid) keys_.push_back(dut_->in_sa);
  }

  void check_context() {
    if (dut_->ctx_valid) {
      const unsigned sa = contexts_.front();
      contexts_.pop_front();
      check_context(sas_[sa], context_now());
    }
    reply_taken_ = dut_->reply_valid && dut_->reply_ready;
    if (reply_taken_ && !dut_->reply_dropped) contexts_.push_back(dut_->reply_sa);
  }

  static void check_context(Sa& it, const Context& context) {
    if (!context.usable) {
      const bool allowed = it.damaged.contains(SaTable::sequence) || it.damaged.contains(SaTable::out_key) ||
                           it.damaged.contains(SaTable::token);
      ASSERT_TRUE(allowed) << "nothing is sent, though nothing is damaged";
      ++it.lost;
      return;
    }
    ASSERT_FALSE(it.damaged.contains(SaTable::sequence)) << "a number after it had been found damaged";
    ASSERT_GE(context.n, it.next) << "a control sequence number came twice";
    ASSERT_LE(context.n, it.next + it.lost);
    it.next = context.n + 1;
    it.lost = 0;
    ASSERT_EQ(context.spi, it.halves.out_spi);
    ASSERT_EQ(context.key, it.halves.out);
    ASSERT_EQ(context.token_valid, it.halves.token_valid);
    ASSERT_EQ(context.token, it.halves.token);
    ASSERT_EQ(context.token_nonce, it.halves.token_nonce);
    if (context.data_sequence_valid) {
      ASSERT_LE(context.data_sequence, it.customer) << "a customer number that never came";
    }
  }

  void check_verdict() {
    if (dut_->accept_valid) {
      const Verdict verdict = verdicts_.front();
      verdicts_.pop_front();
      check_verdict(sas_[verdict.sa], verdict);
    }
    verdict_taken_ = dut_->verdict_valid && dut_->verdict_ready;
    if (verdict_taken_) verdicts_.push_back({dut_->verdict_sa, dut_->verdict_n, dut_->verdict_ok != 0, elsewhere_});
  }

  struct Verdict {
    unsigned sa;
    std::uint64_t n;
    bool ok;
    bool elsewhere;
  };

  void check_verdict(Sa& it, const Verdict& verdict) {
    const bool accept = it.window.verdict(verdict.n, verdict.ok);
    if (!dut_->accept) {
      ASSERT_TRUE(!accept || it.damaged.contains(SaTable::admin)) << "SA " << verdict.sa << " n " << verdict.n;
      return;
    }
    ASSERT_TRUE(accept) << "SA " << verdict.sa << " n " << verdict.n;
    ASSERT_EQ(dut_->accept_down, it.down);
    if (dut_->accept_moved != verdict.elsewhere) {
      ASSERT_TRUE(verdict.elsewhere && it.damaged.contains(SaTable::peer));
    }
  }

  void check_path() {
    paths_.push_back(dut_->path_valid ? std::optional<unsigned>(dut_->path_sa) : std::nullopt);
    if (paths_.size() <= 3) return;
    const auto sa = paths_.front();
    paths_.pop_front();
    if (!sa) return;
    if (bits(dut_->path, kPathBits - 1, 1) != 0) {
      ASSERT_EQ(path_now(), sas_[*sa].path);
    } else {
      ASSERT_TRUE(sas_[*sa].damaged.contains(SaTable::path));
    }
  }

  // ---- Random traffic
  std::optional<unsigned> pick() {
    const unsigned sa = random_.chance(40) ? random_.below(4) : random_.below(kSas);
    return sas_[sa].quiet ? std::nullopt : std::optional(sa);
  }

  void drive() override {
    dut_->fault_ready = random_.chance(30);
    if (!driving_) return;
    dut_->verdict_late = random_.chance(20);
    dut_->reply_dropped = random_.chance(20);
    const auto choose = [&](unsigned percent, auto& valid, auto& port) {
      const auto sa = random_.chance(percent) ? pick() : std::nullopt;
      valid = sa.has_value();
      if (sa) port = *sa;
    };
    choose(30, dut_->in_valid, dut_->in_sa);
    choose(30, dut_->path_valid, dut_->path_sa);
    choose(50, dut_->lookup_valid, looked_up_);
    dut_->lookup_spi = sas_[looked_up_].halves.in_spi;
    if (!dut_->reply_valid || reply_taken_) choose(50, dut_->reply_valid, dut_->reply_sa);
    if (!dut_->verdict_valid || verdict_taken_) {
      choose(70, dut_->verdict_valid, dut_->verdict_sa);
      if (dut_->verdict_valid) choose_verdict();
    }
    choose(40, dut_->data_valid, dut_->data_sa);
    if (dut_->data_valid) dut_->data_sequence = ++sas_[dut_->data_sa].customer;
  }

  void choose_verdict() {
    const std::uint64_t top = sas_[dut_->verdict_sa].window.top;
    dut_->verdict_n = random_.chance(70) ? top + random_.below(6) : top - random_.below(6);
    dut_->verdict_ok = random_.chance(90);
    elsewhere_ = random_.chance(20);
    come_from(dut_->verdict_sa, elsewhere_);
  }

  std::vector<TableMemory> memories_;
  std::vector<Outcome> outcomes_;
  std::map<Place, bool> flips_;  ///< not settled; true: detected
  Sa sas_[kSas];
  std::map<unsigned, unsigned> slots_;  ///< by number: SA

  using Fault = std::pair<SaTable, unsigned>;
  std::vector<Fault> found_;
  std::set<Fault> ever_found_;
  std::vector<Fault> told_;
  unsigned found_before_ = 0, found_before_last_ = 0;  ///< in the cycle before, in the one before that

  bool driving_ = false;
  bool checking_ = false;
  bool reply_taken_ = false;
  bool verdict_taken_ = false;
  bool elsewhere_ = false;
  unsigned looked_up_ = 0;
  std::optional<unsigned> wrong_key_;
  std::deque<unsigned> lookups_;
  std::deque<unsigned> keys_;
  std::deque<unsigned> contexts_;
  std::deque<Verdict> verdicts_;
  std::deque<std::optional<unsigned>> paths_;
};

/// One flip at a time, and its entry is read at once.
class EveryBit : public SaFault {
 protected:
  static constexpr unsigned kSa = 5;

  /// Reads the entry, expects that the SA is out of service, and puts it right.
  void ask(SaTable table, bool copy) {
    Sa& it = sas_[kSa];
    switch (table) {
      case SaTable::index:
        EXPECT_FALSE(lookup(it.halves.in_spi).found);
        return write_index(kSa);
      case SaTable::in_key:
        (void)in_key(kSa);
        return write_in(kSa);
      case SaTable::token:
        EXPECT_FALSE(reply(kSa).usable);
        return write_in(kSa);
      case SaTable::out_key:
        EXPECT_FALSE(reply(kSa).usable);
        return write_out(kSa);
      case SaTable::sequence:
        EXPECT_FALSE(reply(kSa).usable);
        EXPECT_FALSE(reply(kSa).usable) << "of its own accord";
        return write_out(kSa);
      case SaTable::window:
        return ask_window();
      case SaTable::path:
        EXPECT_EQ(bits(path(kSa), kPathBits - 1, 1), 0U);
        return write_path(kSa);
      case SaTable::peer:
        come_from(kSa, true);
        EXPECT_TRUE(verdict(kSa, ++n_));
        EXPECT_FALSE(dut_->accept_moved);
        return write_path(kSa);
      case SaTable::admin:
        EXPECT_FALSE(verdict(kSa, ++n_));
        return write_in(kSa);
      case SaTable::customer:
        return ask_customer(copy);
      default:
        FAIL() << "no table of SAs";
    }
  }

  void ask_window() {
    if (random_.chance(50)) {
      const Completion completion = run(make_command(Opcode::sa_read, kSa), Status::ok);
      const regs::ConstCompletion view(completion);
      EXPECT_EQ(view.window_top(), 0U);
      EXPECT_EQ(view.accepted(), 0U);
    }
    EXPECT_FALSE(verdict(kSa, ++n_));
    EXPECT_FALSE(verdict(kSa, ++n_)) << "of its own accord";
    write_in(kSa);
  }

  void ask_customer(bool copy) {
    if (copy) EXPECT_FALSE(reply(kSa).data_sequence_valid);
    // The next number counts, however old it looks.
    data(kSa, --number_);
    ticks(4);
    const Context context = reply(kSa);
    EXPECT_TRUE(context.data_sequence_valid);
    EXPECT_EQ(context.data_sequence, copy ? number_ + 1 : number_);
    write_in(kSa);
    data(kSa, number_);
    ticks(4);
  }

  /// Everything about the SA is in order.
  void check_service() {
    const Sa& it = sas_[kSa];
    const auto found = lookup(it.halves.in_spi);
    EXPECT_TRUE(found.found && found.sa == kSa);
    EXPECT_EQ(in_key(kSa), it.halves.in);
    const Context context = reply(kSa);
    EXPECT_TRUE(context.usable);
    EXPECT_EQ(context.key, it.halves.out);
    EXPECT_EQ(context.spi, it.halves.out_spi);
    EXPECT_EQ(context.token, it.halves.token);
    come_from(kSa, false);
    EXPECT_TRUE(verdict(kSa, ++n_));
    EXPECT_EQ(dut_->accept_down, it.down);
    EXPECT_EQ(path(kSa), it.path);
  }

  std::uint64_t n_ = 1000;
  std::uint32_t number_ = 1'000'000;
};

TEST_F(EveryBit, IsFoundWhenItHasFlippedAndItsSaIsOutOfServiceUntilWritten) {
  data(kSa, number_);
  check_service();
  unsigned flips = 0;
  for (unsigned i = 0; i < memories_.size(); ++i) {
    const TableMemory& memory = memories_[i];
    const unsigned entry = memory.table == SaTable::index ? sas_[kSa].slot.bucket : kSa;
    if (memory.table == SaTable::index && memory.number(entry) != number_of(sas_[kSa].slot)) continue;
    const bool copy = memory.table == SaTable::customer && memories_[i - 1].table == SaTable::customer;
    for (unsigned bit = 0; bit < memory.width && !HasFailure(); ++bit) {
      SCOPED_TRACE(testing::Message() << memory.name << ", bit " << bit);
      found_.clear();
      flip({i, entry}, bit);
      ask(memory.table, copy);
      ticks(2);
      ASSERT_FALSE(found_.empty()) << "nobody has seen it";
      const Fault expected{memory.table, memory.number(entry)};
      for (const Fault& fault : found_) EXPECT_EQ(fault, expected);
      if (memory.table == SaTable::sequence || memory.table == SaTable::window) EXPECT_EQ(found_.size(), 1U);
      EXPECT_TRUE(settle({i, entry}));
      found_.clear();
      check_service();
      EXPECT_TRUE(found_.empty());
      ++flips;
    }
  }
  EXPECT_EQ(flips, 40 + 802 + 194 + 834 + 290 + 66 + 557 + 34 + 2 + 34 + 34);
}

/// Flips while everything is in use.
class BusyTables : public SaFault {
 protected:
  static constexpr unsigned kFlips = 8000;

  void flip_something() {
    const Place place{random_.below(memories_.size()), 0};
    const TableMemory& memory = memories_[place.first];
    const Place chosen{place.first, random_.below(memory.entries)};
    const auto slot = slots_.find(memory.number(chosen.second));
    const bool of_index = memory.table == SaTable::index;
    const bool quiet = of_index ? slot != slots_.end() && sas_[slot->second].quiet : sas_[chosen.second].quiet;
    if (quiet || !settle(chosen)) return;
    flip(chosen, random_.below(memory.width));
    ++flips_made_;
  }

  /// Writes what the SA needs, or something that it does not.
  void write_something(unsigned sa) {
    Sa& it = sas_[sa];
    it.quiet = true;
    ticks(16);
    const bool any = random_.chance(10);
    const auto needs = [&](std::initializer_list<SaTable> tables) {
      return any || std::ranges::any_of(tables, [&](SaTable table) { return it.damaged.contains(table); });
    };
    if (any || is_flipped(SaTable::index, number_of(it.slot))) write_index(sa);
    if (needs({SaTable::in_key, SaTable::token, SaTable::window, SaTable::admin})) write_in(sa);
    if (needs({SaTable::out_key, SaTable::sequence})) write_out(sa);
    if (needs({SaTable::path, SaTable::peer})) write_path(sa);
    it.quiet = false;
  }

  /// Damaged slots that hold no SA hide each other: clears them.
  void clear_slots() {
    for (const auto& [place, detected] : std::map(flips_)) {
      const unsigned number = memories_[place.first].number(place.second);
      if (memories_[place.first].table != SaTable::index || !detected || slots_.contains(number)) continue;
      run(make_index_write({.bank = number / 2 % 2, .bucket = number / 4, .slot = number % 2}, false, 0, 0),
          Status::ok);
      ticks(kLookupLatency + 1);
      settle(place);
    }
  }

  void print_outcomes() {
    Outcome total;
    std::printf("%-26s%10s%12s%12s\n", "flips in", "detected", "overwritten", "never read");
    const auto print = [](std::string_view name, const Outcome& outcome) {
      std::printf("%-26s%10u%12u%12u\n", std::string(name).c_str(), outcome.detected, outcome.overwritten,
                  outcome.never_read);
    };
    for (unsigned i = 0; i < memories_.size(); ++i) {
      print(memories_[i].name, outcomes_[i]);
      total.detected += outcomes_[i].detected;
      total.overwritten += outcomes_[i].overwritten;
      total.never_read += outcomes_[i].never_read;
    }
    print("all", total);
    EXPECT_EQ(total.detected + total.overwritten + total.never_read, flips_made_);
    EXPECT_GT(total.detected, flips_made_ / 2);
  }

  unsigned flips_made_ = 0;
};

TEST_F(BusyTables, GiveNoWrongAnswerWhileBitsFlip) {
  checking_ = true;
  driving_ = true;
  while (flips_made_ < kFlips && !HasFailure()) {
    ticks(random_.below(10));
    flip_something();
    const unsigned sa = random_.below(kSas);
    if (!sas_[sa].damaged.empty() || random_.chance(10)) write_something(sa);
    clear_slots();
  }
  driving_ = false;
  dut_->in_valid = dut_->path_valid = dut_->lookup_valid = dut_->reply_valid = dut_->verdict_valid = dut_->data_valid =
      0;
  dut_->verdict_late = dut_->reply_dropped = 0;
  ticks(20);
  while (!flips_.empty()) {
    const auto [place, detected] = *flips_.begin();
    if (settle(place)) continue;
    ++(detected ? outcomes_[place.first].detected : outcomes_[place.first].never_read);
    flips_.erase(place);
  }
  print_outcomes();
  EXPECT_GT(told_.size(), kFlips / 4);
}

}  // namespace
}  // namespace sapulse::test
