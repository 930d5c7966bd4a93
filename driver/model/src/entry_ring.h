// SPDX-License-Identifier: Apache-2.0
// A ring in host memory that the card writes: exceptions, events (rtl/host/numbered_ring.sv, ring_writer.sv).
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "dma_port.h"

namespace sapulse::model {

/// Where a ring has its registers, and how the card writes it.
struct EntryRingLayout {
  std::uint32_t base, log2, consumer, producer;  ///< offsets of registers
  regs::Field enable;                            ///< in RING_ENABLE
  regs::Field interrupt;                         ///< in INTERRUPT_STATUS
  std::size_t entry_bytes;
  std::size_t burst;     ///< entries that are written together
  std::size_t buffered;  ///< entries that the card keeps until they have been written
};

class EntryRing {
 public:
  /// `latency`: cycles of an access to host memory.
  EntryRing(const EntryRingLayout& layout, RegisterFile& registers, DmaPort& dma, unsigned latency)
      : layout_(layout), registers_(registers), dma_(dma), latency_(latency) {}

  void reset(std::uint64_t cycle);
  /// RING_ENABLE changes from `before` to what the register file holds. A rising bit restarts the ring; a falling one
  /// discards what has not been written.
  void enable(std::uint32_t before);
  /// A register of the ring has been written.
  void poke(std::uint64_t cycle);

  /// Entries taken in since the ring was enabled: the number of the next one.
  [[nodiscard]] std::uint32_t accepted() const;
  /// The ring runs, and has room for one more entry.
  [[nodiscard]] bool room() const;
  /// Takes an entry that is there in `cycle`; there must be room.
  void push(std::span<const std::byte> entry, std::uint64_t cycle);
  /// The consumer written by the host makes no sense.
  [[nodiscard]] bool implausible() const;

  /// Next cycle in which there is something to write.
  [[nodiscard]] std::optional<std::uint64_t> next() const;
  /// Writes the next entries.
  void write(std::uint64_t cycle);

 private:
  [[nodiscard]] bool enabled() const;
  [[nodiscard]] std::uint32_t size() const { return std::uint32_t{1} << registers_.get(layout_.log2); }

  EntryRingLayout layout_;
  RegisterFile& registers_;
  DmaPort& dma_;
  unsigned latency_;
  std::uint64_t write_at_ = 0;                  // when the next entries may be written
  std::deque<std::vector<std::byte>> entries_;  // accepted, not written yet
};

}  // namespace sapulse::model
