// SPDX-License-Identifier: Apache-2.0
#include "entry_ring.h"

#include <algorithm>

namespace sapulse::model {

void EntryRing::reset(std::uint64_t cycle) {
  write_at_ = cycle;
  entries_.clear();
}

bool EntryRing::enabled() const { return layout_.enable.get(registers_.get(regs::offset::kRingEnable)) != 0; }

void EntryRing::enable(std::uint32_t before) {
  const bool rises = enabled() && layout_.enable.get(before) == 0;
  if (rises) {
    registers_.set(layout_.producer, 0);
    registers_.set(layout_.consumer, 0);
  }
  if (rises || !enabled()) entries_.clear();
}

void EntryRing::poke(std::uint64_t cycle) { write_at_ = std::max(write_at_, cycle); }

std::uint32_t EntryRing::accepted() const {
  return registers_.get(layout_.producer) + static_cast<std::uint32_t>(entries_.size());
}

bool EntryRing::room() const {
  return enabled() && accepted() - registers_.get(layout_.consumer) < size() && entries_.size() < layout_.buffered;
}

void EntryRing::push(std::span<const std::byte> entry, std::uint64_t cycle) {
  if (entries_.empty()) write_at_ = std::max(write_at_, cycle + latency_);
  entries_.emplace_back(entry.begin(), entry.end());
}

bool EntryRing::implausible() const {
  return enabled() && !dma_.failed() && registers_.get(layout_.producer) - registers_.get(layout_.consumer) > size();
}

std::optional<std::uint64_t> EntryRing::next() const {
  if (entries_.empty() || !enabled() || dma_.failed() || implausible()) return std::nullopt;
  return write_at_;
}

void EntryRing::write(std::uint64_t cycle) {
  std::uint32_t producer = registers_.get(layout_.producer);
  for (std::size_t i = 0; i < layout_.burst && !entries_.empty(); ++i) {
    const std::uint64_t slot = producer % size();
    if (!dma_.write(registers_.get64(layout_.base) + slot * layout_.entry_bytes, entries_.front(), cycle)) return;
    entries_.pop_front();
    registers_.set(layout_.producer, ++producer);
  }
  dma_.tell(layout_.interrupt, cycle);
  write_at_ = cycle + latency_;
}

}  // namespace sapulse::model
