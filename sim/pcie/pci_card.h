// SPDX-License-Identifier: Apache-2.0
// The simulated card as a PCI device of a machine.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

#include "card_thread.h"
#include "chipset.h"
#include "config_space.h"
#include "guest_dma.h"
#include "interrupt_pins.h"
#include "msix_table.h"
#include "proxy_link.h"
#include "vtd.h"

namespace sapulse::sim {

/// Where the card is in the machine.
struct PciPlace {
  std::uint8_t bus = 0;
  std::uint8_t slot = 4;
  unsigned line = 20;  ///< input of the I/O APIC that INTA of this slot is wired to
};

/// Connects register window, DMA, interrupts and resets of the card with QEMU. The parts that talk to the chipset run
/// in the card's thread, never in that of the link.
class PciCard final : public ProxyDevice {
 public:
  PciCard(CardThread& thread, Chipset& chipset, GuestMemory& memory, Vtd& iommu, GuestDma& dma, const PciPlace& place);

  void memory_changed(const std::vector<GuestMemory::Region>& regions) override;
  std::uint32_t config_read(std::uint32_t offset, unsigned bytes) override;
  void config_write(std::uint32_t offset, std::uint32_t value, unsigned bytes) override;
  std::uint64_t bar_read(std::uint64_t address, unsigned bytes) override;
  void bar_write(std::uint64_t address, std::uint64_t value, unsigned bytes) override;
  void machine_reset() override;

  /// As if the card had been pulled out: nothing answers register accesses.
  void set_gone(bool gone) { gone_ = gone; }
  /// From now on a reset of the function ends in its PCIe block, as on a card that is built wrong.
  void set_deaf(bool deaf) { deaf_ = deaf; }
  /// Resets of the card, by function level, power state or machine.
  [[nodiscard]] std::uint64_t resets() const { return resets_; }

 private:
  struct Target {
    int bar;  ///< -1: none
    std::uint32_t offset;
  };
  [[nodiscard]] Target decode(std::uint64_t address) const;
  void reset();
  void signal(Card& card);
  std::uint32_t read_register(std::uint32_t offset);

  CardThread& thread_;
  Chipset& chipset_;
  GuestMemory& memory_;
  Vtd& iommu_;
  GuestDma& dma_;
  PciPlace place_;
  mutable std::mutex mutex_;  // of the three that follow
  ConfigSpace config_;
  MsixTable msix_;
  InterruptPins pins_;
  std::atomic<bool> gone_ = false;
  std::atomic<bool> deaf_ = false;
  std::atomic<std::uint64_t> resets_ = 0;
};

}  // namespace sapulse::sim
