// SPDX-License-Identifier: Apache-2.0
#include "spi_index.h"

#include <array>
#include <unordered_set>

namespace sapulse {
namespace {

/// Slots that the search for a free one looks at before it gives up. At the load the card is built for (half of the
/// slots) a handful is enough; the bound keeps a full index from being searched through.
constexpr std::size_t kMostCandidates = 4096;
constexpr std::size_t kNoParent = static_cast<std::size_t>(-1);

using CrcTable = std::array<std::uint32_t, 256>;

/// Byte-wise table of a reflected CRC polynomial.
constexpr CrcTable make_table(std::uint32_t polynomial) {
  CrcTable table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t crc = i;
    for (unsigned bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? polynomial : 0);
    table[i] = crc;
  }
  return table;
}

constexpr std::array<CrcTable, regs::kIndexBanks> kTables{make_table(regs::kHashPoly0), make_table(regs::kHashPoly1)};

}  // namespace

/// A slot that could be freed by moving its entry on, and the slot whose entry would then take its place.
struct SpiIndex::Candidate {
  IndexSlot slot;
  std::size_t parent;
};

Command IndexStep::command() const {
  return entry.valid ? Command::write_index(slot, entry.spi, entry.sa) : Command::clear_index(slot);
}

SpiIndex::SpiIndex(std::uint32_t buckets)
    : buckets_(buckets), entries_(std::size_t{buckets} * regs::kIndexBanks * regs::kIndexSlots) {}

std::uint32_t SpiIndex::bucket(unsigned bank, std::uint32_t spi) const {
  std::uint32_t crc = 0;
  for (int shift = 24; shift >= 0; shift -= 8) crc = crc >> 8 ^ kTables[bank][(crc ^ spi >> shift) & 0xff];
  return crc & (buckets_ - 1);
}

std::size_t SpiIndex::position(const IndexSlot& slot) const {
  return (std::size_t{slot.bank} * buckets_ + slot.bucket) * regs::kIndexSlots + slot.slot;
}

std::vector<IndexSlot> SpiIndex::find(std::uint32_t spi) const {
  std::vector<IndexSlot> found;
  for (std::uint8_t bank = 0; bank < regs::kIndexBanks; ++bank) {
    for (std::uint8_t slot = 0; slot < regs::kIndexSlots; ++slot) {
      const IndexSlot candidate{bank, slot, bucket(bank, spi)};
      const IndexEntry& entry = at(candidate);
      if (entry.valid && entry.spi == spi) found.push_back(candidate);
    }
  }
  return found;
}

std::optional<std::vector<IndexStep>> SpiIndex::plan_insert(std::uint32_t spi, std::uint32_t sa) const {
  // Breadth first, so that as few entries as possible move. No slot twice: a path must not cross itself.
  std::vector<Candidate> candidates;
  std::unordered_set<std::size_t> seen;
  const auto add_bucket = [&](std::uint8_t bank, std::uint32_t bucket, std::size_t parent) {
    for (std::uint8_t slot = 0; slot < regs::kIndexSlots; ++slot) {
      const IndexSlot candidate{bank, slot, bucket};
      if (!seen.insert(position(candidate)).second) continue;
      candidates.push_back({candidate, parent});
      if (!at(candidate).valid) return true;
    }
    return false;
  };

  const IndexEntry entry{true, spi, sa};
  for (std::uint8_t bank = 0; bank < regs::kIndexBanks; ++bank) {
    if (add_bucket(bank, bucket(bank, spi), kNoParent)) return path(candidates, entry);
  }
  for (std::size_t i = 0; i < candidates.size() && candidates.size() < kMostCandidates; ++i) {
    const IndexSlot from = candidates[i].slot;
    const auto other_bank = static_cast<std::uint8_t>(1 - from.bank);
    if (add_bucket(other_bank, bucket(other_bank, at(from).spi), i)) return path(candidates, entry);
  }
  return std::nullopt;
}

std::vector<IndexStep> SpiIndex::path(const std::vector<Candidate>& candidates, const IndexEntry& entry) const {
  std::vector<IndexStep> steps;
  std::size_t to = candidates.size() - 1;
  for (std::size_t from = candidates[to].parent; from != kNoParent; from = candidates[to].parent) {
    steps.push_back({candidates[to].slot, at(candidates[from].slot)});
    to = from;
  }
  steps.push_back({candidates[to].slot, entry});
  return steps;
}

}  // namespace sapulse
