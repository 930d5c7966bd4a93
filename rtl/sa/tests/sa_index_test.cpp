// SPDX-License-Identifier: Apache-2.0
// SPI index of sa_tables: a host that places SPIs by cuckoo hashing, while the data path looks something up in every
// cycle.
#include <zlib.h>

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "sa_bench.h"

namespace sapulse::test {
namespace {

constexpr unsigned kSas = SAPULSE_TEST_SA_CAPACITY;
constexpr unsigned kBuckets = kSas / 2;

TEST(SpiHash, ReferenceAgreesWithKnownCrcs) {
  const std::string_view check = "123456789";
  const std::span data(reinterpret_cast<const std::uint8_t*>(check.data()), check.size());
  EXPECT_EQ(~crc(regs::kHashPoly0, ~0u, data), 0xe3069283u);  // CRC-32C, RFC 3720 appendix B.4's polynomial
  EXPECT_EQ(~crc(regs::kHashPoly1, ~0u, data), 0xcbf43926u);  // CRC-32
  RandomSource random;
  const std::array<std::uint8_t, 4> zero{};
  for (unsigned i = 0; i < 1000; ++i) {
    const auto bytes = big_endian(static_cast<std::uint32_t>(random.word()));
    // zlib starts from all ones and inverts; both cancel out between two strings of one length.
    EXPECT_EQ(crc(regs::kHashPoly1, 0, bytes), crc32(0, bytes.data(), 4) ^ crc32(0, zero.data(), 4));
  }
}

using State = std::optional<std::uint32_t>;  ///< the SA that an SPI leads to

struct Write {
  Slot slot;
  bool valid;
  std::uint32_t spi;
  std::uint32_t sa;
};

/// The host's picture of the index, with cuckoo placement.
class IndexPlan {
 public:
  IndexPlan() : entries_(4 * kBuckets) {}

  /// Writes that install the SPI: the entries in its way move first, each copied before its old slot is overwritten.
  std::vector<Write> insert(std::uint32_t spi, std::uint32_t sa) {
    std::vector<unsigned> from(entries_.size(), kNone);
    std::deque<unsigned> open;
    std::set<unsigned> visited;
    for (unsigned bank = 0; bank < 2; ++bank) add_bucket(bank, spi, kNone, open, visited, from);
    while (!open.empty()) {
      const unsigned position = open.front();
      open.pop_front();
      if (!entries_[position]) return move_along(position, from, {spi, sa});
      const unsigned other_bank = 1 - position / 2 / kBuckets;
      add_bucket(other_bank, entries_[position]->spi, position, open, visited, from);
    }
    return {};
  }

  /// The writes that remove it.
  std::vector<Write> remove(std::uint32_t spi) {
    const unsigned position = find(spi);
    entries_[position].reset();
    return {{slot(position), false, spi, 0}};
  }

  /// Lets it lead to another SA.
  std::vector<Write> replace(std::uint32_t spi, std::uint32_t sa) {
    const unsigned position = find(spi);
    entries_[position]->sa = sa;
    return {{slot(position), true, spi, sa}};
  }

 private:
  static constexpr unsigned kNone = ~0u;
  struct Entry {
    std::uint32_t spi;
    std::uint32_t sa;
  };

  static Slot slot(unsigned position) { return {position / 2 / kBuckets, position / 2 % kBuckets, position % 2}; }

  void add_bucket(unsigned bank, std::uint32_t spi, unsigned source, std::deque<unsigned>& open,
                  std::set<unsigned>& visited, std::vector<unsigned>& from) {
    for (unsigned s = 0; s < 2; ++s) {
      const unsigned position = (bank * kBuckets + bucket_of(bank, spi)) * 2 + s;
      if (!visited.insert(position).second) continue;
      from[position] = source;
      open.push_back(position);
    }
  }

  std::vector<Write> move_along(unsigned free, const std::vector<unsigned>& from, Entry entry) {
    std::vector<Write> writes;
    unsigned to = free;
    for (unsigned source = from[to]; source != kNone; source = from[to]) {
      entries_[to] = entries_[source];
      writes.push_back({slot(to), true, entries_[to]->spi, entries_[to]->sa});
      // Half of the time the old slot is cleared, otherwise just overwritten by the next write.
      if (to % 2 == 0) writes.push_back({slot(source), false, 0, 0});
      to = source;
    }
    entries_[to] = entry;
    writes.push_back({slot(to), true, entry.spi, entry.sa});
    return writes;
  }

  unsigned find(std::uint32_t spi) const {
    for (unsigned i = 0; i < entries_.size(); ++i) {
      if (entries_[i] && entries_[i]->spi == spi) return i;
    }
    return kNone;
  }

  std::vector<std::optional<Entry>> entries_;
};

class SaIndex : public SaBench {
 protected:
  void drive() override {
    if (pool_.empty()) return;
    dut_->lookup_valid = random_.chance(95);
    dut_->lookup_spi = pool_[random_.below(pool_.size())];
  }

  void observe() override {
    if (pool_.empty()) return;
    const bool due = !lookups_.empty() && lookups_.front().cycle + kLookupLatency == cycle_;
    ASSERT_EQ(bool(dut_->result_valid), due);
    if (due) {
      const Lookup& lookup = lookups_.front();
      const State state = dut_->result_found ? State(dut_->result_sa) : std::nullopt;
      ASSERT_TRUE(lookup.allowed.contains(state) || allowed_[lookup.spi].contains(state))
          << "SPI " << std::hex << lookup.spi << (state ? " leads to another SA" : " is missed");
      ++checked_;
      lookups_.pop_front();
    }
    if (dut_->lookup_valid) lookups_.push_back({cycle_, dut_->lookup_spi, allowed_[dut_->lookup_spi]});
  }

  void apply(const std::vector<Write>& writes) {
    for (const Write& write : writes)
      run(make_index_write(write.slot, write.valid, write.spi, write.sa), regs::Status::ok);
  }

  /// Carries out the writes that take the SPI from one state to another; meanwhile both are right, all other SPIs stay.
  void change(std::uint32_t spi, State to, const std::vector<Write>& writes) {
    allowed_[spi].insert(to);
    apply(writes);
    allowed_[spi] = {to};
  }

  struct Lookup {
    std::uint64_t cycle;
    std::uint32_t spi;
    std::set<State> allowed;
  };

  std::vector<std::uint32_t> pool_;  ///< SPIs looked up
  std::map<std::uint32_t, std::set<State>> allowed_;
  std::deque<Lookup> lookups_;
  std::uint64_t checked_ = 0;
};

TEST_F(SaIndex, AnInstalledSpiIsNeverMissed) {
  IndexPlan plan;
  std::vector<std::uint32_t> absent;
  std::vector<std::uint32_t> installed;
  for (unsigned i = 0; i < 2 * kSas; ++i) absent.push_back(random_.chance(50) ? 256 + i : random_.word());
  for (const std::uint32_t spi : absent) allowed_[spi] = {std::nullopt};
  pool_ = absent;
  unsigned moved = 0;
  // Alternates between filling to the capacity and emptying to a half.
  bool filling = true;
  // Some seeds need longer until an entry is in the way of another.
  constexpr unsigned kSteps = 6 * kSas + 500;
  for (unsigned i = 0; (i < kSteps || (moved == 0 && i < 20 * kSteps)) && !HasFatalFailure(); ++i) {
    if (installed.size() >= kSas) filling = false;
    if (installed.size() <= kSas / 2) filling = true;
    const std::uint32_t sa = random_.below(kSas);
    if (random_.chance(20) && !installed.empty()) {
      const std::uint32_t spi = installed[random_.below(installed.size())];
      change(spi, sa, plan.replace(spi, sa));
    } else if (filling) {
      const std::uint32_t spi = absent[random_.below(absent.size())];
      const std::vector<Write> writes = plan.insert(spi, sa);
      ASSERT_FALSE(writes.empty()) << "no place at " << installed.size();
      moved += writes.size() - 1;
      change(spi, sa, writes);
      std::erase(absent, spi);
      installed.push_back(spi);
    } else {
      const std::uint32_t spi = installed[random_.below(installed.size())];
      change(spi, std::nullopt, plan.remove(spi));
      std::erase(installed, spi);
      absent.push_back(spi);
    }
  }
  EXPECT_GT(moved, 0u);
  EXPECT_GT(checked_, 1000u);
}

TEST_F(SaIndex, AllFourSlotsAreLookedAt) {
  for (unsigned way = 0; way < 4; ++way) {
    const std::uint32_t spi = 0x10000 + way;
    const Slot slot{way / 2, bucket_of(way / 2, spi), way % 2};
    run(make_index_write(slot, true, spi, kSas - 1 - way), regs::Status::ok);
    EXPECT_TRUE(lookup(spi).found);
    EXPECT_EQ(lookup(spi).sa, kSas - 1 - way);
    run(make_index_write(slot, false, spi, 0), regs::Status::ok);
    EXPECT_FALSE(lookup(spi).found);
  }
}

TEST_F(SaIndex, AClearedSlotDoesNotMatchSpiZero) { EXPECT_FALSE(lookup(0).found); }

}  // namespace
}  // namespace sapulse::test
