// SPDX-License-Identifier: Apache-2.0
// PCI configuration space of the card: a PCIe endpoint with MSI, MSI-X, function-level reset, and the power states D0
// and D3hot, of which the latter forgets everything (No_Soft_Reset is 0).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace sapulse::sim {

/// A message-signalled interrupt: a write of 32 bits.
struct MsiMessage {
  std::uint64_t address = 0;
  std::uint32_t data = 0;

  friend bool operator==(const MsiMessage&, const MsiMessage&) = default;
};

/// BARs of the card.
inline constexpr unsigned kRegisterBar = 0;  ///< 64 KiB, as the RTL has them
inline constexpr unsigned kMsixBar = 2;      ///< MSI-X table and pending bits
inline constexpr std::uint32_t kMsixBarBytes = 0x2000;
inline constexpr std::uint32_t kMsixTableOffset = 0;
inline constexpr std::uint32_t kMsixPendingOffset = 0x1000;

/// Not thread-safe.
class ConfigSpace {
 public:
  static constexpr std::size_t kBytes = 256;

  /// `interrupts`: vectors of the card, 1..32.
  explicit ConfigSpace(unsigned interrupts);

  /// `bytes`: 1..4. What is beyond the end reads 0.
  [[nodiscard]] std::uint32_t read(std::uint32_t offset, unsigned bytes) const;
  /// Returns whether a reset has been asked for, by function level or by coming back from D3hot to D0; the caller
  /// carries it out, reset() included.
  [[nodiscard]] bool write(std::uint32_t offset, std::uint32_t value, unsigned bytes);
  /// All registers at their reset values.
  void reset();

  // In D3hot the card answers no memory access, makes none, and raises no interrupt.
  [[nodiscard]] bool memory_enabled() const;
  [[nodiscard]] bool bus_master() const;
  [[nodiscard]] bool intx_disabled() const;
  /// Bus address of a BAR.
  [[nodiscard]] std::uint32_t bar(unsigned index) const;

  [[nodiscard]] bool msi_enabled() const;
  /// The message of an interrupt; interrupts share messages when software has granted fewer.
  [[nodiscard]] MsiMessage msi_message(unsigned interrupt) const;
  [[nodiscard]] bool msix_enabled() const;
  [[nodiscard]] bool msix_masked() const;

  /// Status bit of INTx.
  void set_interrupt_status(bool asserted);

 private:
  void set(std::size_t offset, std::uint64_t value, unsigned bytes);
  void allow(std::size_t offset, std::uint64_t mask, unsigned bytes);
  [[nodiscard]] bool in_d3hot() const;
  [[nodiscard]] std::uint16_t get16(std::size_t offset) const;
  [[nodiscard]] std::uint32_t get32(std::size_t offset) const;

  unsigned interrupts_;
  std::array<std::uint8_t, kBytes> bytes_{};
  std::array<std::uint8_t, kBytes> writable_{};  // bits that software may change
};

}  // namespace sapulse::sim
