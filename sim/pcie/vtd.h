// SPDX-License-Identifier: Apache-2.0
// What an Intel IOMMU does between the card and memory: translation (legacy mode, second-level tables) and interrupt
// remapping, as in the VT-d specification, revision 3.4, sections 3 and 5.
#pragma once

#include <cstdint>
#include <optional>

#include "chipset.h"
#include "config_space.h"
#include "guest_memory.h"

namespace sapulse::sim {

/// Walks the guest's tables at each access, so that a mapping ends when the guest takes it away. Not thread-safe.
class Vtd {
 public:
  static constexpr std::uint64_t kPage = 4096;

  /// `bus`, `function`: who the card is; function includes the slot (bits 7:3).
  Vtd(Chipset& chipset, const GuestMemory& memory, std::uint8_t bus, std::uint8_t function)
      : chipset_(chipset), memory_(memory), bus_(bus), function_(function) {}

  /// Physical address of an I/O virtual address, valid up to the end of its 4 KiB page; nothing when the access is not
  /// allowed.
  [[nodiscard]] std::optional<std::uint64_t> translate(std::uint64_t iova, bool write);

  /// The message as the interrupt controller gets it; nothing when the table has no entry for it.
  [[nodiscard]] std::optional<MsiMessage> remap(const MsiMessage& message);

  /// The IOMMU may have been set up anew. Its registers are read again at the next access.
  void forget() { root_.reset(); }

 private:
  [[nodiscard]] std::optional<std::uint64_t> walk(std::uint64_t root, std::uint64_t iova, bool write) const;

  Chipset& chipset_;
  const GuestMemory& memory_;
  std::uint8_t bus_;
  std::uint8_t function_;
  std::optional<std::uint64_t> root_;  // root table as last read; 0: translation is off
};

}  // namespace sapulse::sim
