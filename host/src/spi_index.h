// SPDX-License-Identifier: Apache-2.0
// The card's SPI index as the host knows it, and where a new entry goes (two-choice hashing).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sapulse/command.h"

namespace sapulse {

/// What a slot of the index holds.
struct IndexEntry {
  bool valid = false;
  std::uint32_t spi = 0;
  std::uint32_t sa = 0;

  friend bool operator==(const IndexEntry&, const IndexEntry&) = default;
};

/// One INDEX_WRITE.
struct IndexStep {
  IndexSlot slot;
  IndexEntry entry;

  [[nodiscard]] Command command() const;
};

/// Shadow of the index: banks x buckets x slots. An SPI is looked for in one bucket of each bank.
class SpiIndex {
 public:
  /// `buckets` per bank, a power of two.
  explicit SpiIndex(std::uint32_t buckets);

  /// Bucket of an SPI in a bank: the low bits of the bank's hash.
  [[nodiscard]] std::uint32_t bucket(unsigned bank, std::uint32_t spi) const;

  [[nodiscard]] const IndexEntry& at(const IndexSlot& slot) const { return entries_[position(slot)]; }
  /// Records a write that the card has done.
  void apply(const IndexStep& step) { entries_[position(step.slot)] = step.entry; }

  /// Slots that hold an SPI: none, one, or while an entry is being moved two.
  [[nodiscard]] std::vector<IndexSlot> find(std::uint32_t spi) const;

  /// Writes that put an SPI into the index, in order. All but the last copy an entry to a slot that is free by then, or
  /// whose own entry has been copied before: after each step every SPI is still found. Nothing if there is no room. The
  /// SPI must not be in the index.
  [[nodiscard]] std::optional<std::vector<IndexStep>> plan_insert(std::uint32_t spi, std::uint32_t sa) const;

 private:
  struct Candidate;

  [[nodiscard]] std::size_t position(const IndexSlot& slot) const;
  [[nodiscard]] std::vector<IndexStep> path(const std::vector<Candidate>& candidates, const IndexEntry& entry) const;

  std::uint32_t buckets_;
  std::vector<IndexEntry> entries_;
};

}  // namespace sapulse
