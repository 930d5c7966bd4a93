// SPDX-License-Identifier: Apache-2.0
#include "config_space.h"

#include <linux/pci_regs.h>

#include <algorithm>
#include <bit>

#include "sapulse/pci_identity.h"
#include "sapulse/registers.h"

namespace sapulse::sim {
namespace {

// Where the capabilities are.
constexpr std::size_t kPower = 0x40;
constexpr std::size_t kMsi = 0x50;
constexpr std::size_t kMsix = 0x70;
constexpr std::size_t kExpress = 0x80;

constexpr std::uint16_t kPowerVersion = 3;
constexpr std::uint16_t kD3hot = 3;
constexpr std::uint16_t kExpressVersion = 2;
constexpr std::uint32_t kSmallestBar = 16;

constexpr std::size_t bar_offset(unsigned index) { return PCI_BASE_ADDRESS_0 + 4 * std::size_t{index}; }

}  // namespace

ConfigSpace::ConfigSpace(unsigned interrupts) : interrupts_(interrupts) {
  allow(PCI_COMMAND, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_INTX_DISABLE, 2);
  allow(PCI_INTERRUPT_LINE, 0xff, 1);
  allow(bar_offset(kRegisterBar), ~(std::uint32_t{regs::kWindowBytes} - 1), 4);
  allow(bar_offset(kMsixBar), ~(kMsixBarBytes - 1), 4);
  allow(kPower + PCI_PM_CTRL, PCI_PM_CTRL_STATE_MASK, 2);
  allow(kMsi + PCI_MSI_FLAGS, PCI_MSI_FLAGS_ENABLE | PCI_MSI_FLAGS_QSIZE, 2);
  allow(kMsi + PCI_MSI_ADDRESS_LO, 0xfffffffc, 4);
  allow(kMsi + PCI_MSI_ADDRESS_HI, 0xffffffff, 4);
  allow(kMsi + PCI_MSI_DATA_64, 0xffff, 2);
  allow(kMsix + PCI_MSIX_FLAGS, PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL, 2);
  allow(kExpress + PCI_EXP_DEVCTL, 0x7fff, 2);  // bit 15 asks for a reset and reads 0
  reset();
}

void ConfigSpace::reset() {
  bytes_ = {};
  set(PCI_VENDOR_ID, pci::kVendor, 2);
  set(PCI_DEVICE_ID, pci::kDevice, 2);
  set(PCI_STATUS, PCI_STATUS_CAP_LIST, 2);
  set(PCI_CLASS_REVISION, pci::kClass << 8 | regs::kVersionMajor, 4);
  set(PCI_SUBSYSTEM_VENDOR_ID, pci::kVendor, 2);
  set(PCI_SUBSYSTEM_ID, pci::kDevice, 2);
  set(PCI_CAPABILITY_LIST, kPower, 1);
  set(PCI_INTERRUPT_PIN, 1, 1);

  set(kPower + PCI_CAP_LIST_ID, PCI_CAP_ID_PM | kMsi << 8, 2);
  set(kPower + PCI_PM_PMC, kPowerVersion, 2);

  set(kMsi + PCI_CAP_LIST_ID, PCI_CAP_ID_MSI | kMsix << 8, 2);
  const auto log2 = static_cast<unsigned>(std::bit_width(interrupts_ - 1));
  set(kMsi + PCI_MSI_FLAGS, PCI_MSI_FLAGS_64BIT | log2 << 1, 2);

  set(kMsix + PCI_CAP_LIST_ID, PCI_CAP_ID_MSIX | kExpress << 8, 2);
  set(kMsix + PCI_MSIX_FLAGS, interrupts_ - 1, 2);
  set(kMsix + PCI_MSIX_TABLE, kMsixTableOffset | kMsixBar, 4);
  set(kMsix + PCI_MSIX_PBA, kMsixPendingOffset | kMsixBar, 4);

  set(kExpress + PCI_CAP_LIST_ID, PCI_CAP_ID_EXP, 2);
  // It sits on the root bus, so it is an endpoint integrated into the root complex.
  set(kExpress + PCI_EXP_FLAGS, kExpressVersion | PCI_EXP_TYPE_RC_END << 4, 2);
  set(kExpress + PCI_EXP_DEVCAP, PCI_EXP_DEVCAP_FLR | PCI_EXP_DEVCAP_RBER, 4);
}

void ConfigSpace::set(std::size_t offset, std::uint64_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) bytes_.at(offset + i) = static_cast<std::uint8_t>(value >> 8 * i);
}

void ConfigSpace::allow(std::size_t offset, std::uint64_t mask, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) writable_.at(offset + i) = static_cast<std::uint8_t>(mask >> 8 * i);
}

std::uint16_t ConfigSpace::get16(std::size_t offset) const { return static_cast<std::uint16_t>(read(offset, 2)); }
std::uint32_t ConfigSpace::get32(std::size_t offset) const { return read(offset, 4); }

std::uint32_t ConfigSpace::read(std::uint32_t offset, unsigned bytes) const {
  std::uint32_t value = 0;
  for (unsigned i = 0; i < bytes && offset + i < kBytes; ++i) value |= std::uint32_t{bytes_[offset + i]} << 8 * i;
  return value;
}

bool ConfigSpace::write(std::uint32_t offset, std::uint32_t value, unsigned bytes) {
  bool reset_wanted = false;
  const bool was_in_d3hot = in_d3hot();
  for (unsigned i = 0; i < bytes && offset + i < kBytes; ++i) {
    const std::uint32_t at = offset + i;
    const auto byte = static_cast<std::uint8_t>(value >> 8 * i);
    bytes_[at] = static_cast<std::uint8_t>((bytes_[at] & ~writable_[at]) | (byte & writable_[at]));
    if (at == kExpress + PCI_EXP_DEVCTL + 1 && (byte & PCI_EXP_DEVCTL_BCR_FLR >> 8) != 0) reset_wanted = true;
  }
  // The other power states are not there, and writing them does nothing.
  const std::uint16_t state = get16(kPower + PCI_PM_CTRL) & PCI_PM_CTRL_STATE_MASK;
  if (state != 0 && state != kD3hot) set(kPower + PCI_PM_CTRL, was_in_d3hot ? kD3hot : 0, 2);
  return reset_wanted || (was_in_d3hot && !in_d3hot());
}

bool ConfigSpace::in_d3hot() const { return (get16(kPower + PCI_PM_CTRL) & PCI_PM_CTRL_STATE_MASK) == kD3hot; }

bool ConfigSpace::memory_enabled() const { return !in_d3hot() && (get16(PCI_COMMAND) & PCI_COMMAND_MEMORY) != 0; }
bool ConfigSpace::bus_master() const { return !in_d3hot() && (get16(PCI_COMMAND) & PCI_COMMAND_MASTER) != 0; }
bool ConfigSpace::intx_disabled() const { return in_d3hot() || (get16(PCI_COMMAND) & PCI_COMMAND_INTX_DISABLE) != 0; }
std::uint32_t ConfigSpace::bar(unsigned index) const { return get32(bar_offset(index)) & ~(kSmallestBar - 1); }

bool ConfigSpace::msi_enabled() const {
  return !in_d3hot() && (get16(kMsi + PCI_MSI_FLAGS) & PCI_MSI_FLAGS_ENABLE) != 0;
}

MsiMessage ConfigSpace::msi_message(unsigned interrupt) const {
  const unsigned granted = 1U << ((get16(kMsi + PCI_MSI_FLAGS) & PCI_MSI_FLAGS_QSIZE) >> 4);
  const std::uint64_t high = get32(kMsi + PCI_MSI_ADDRESS_HI);
  const std::uint32_t data = get16(kMsi + PCI_MSI_DATA_64);
  return {high << 32 | get32(kMsi + PCI_MSI_ADDRESS_LO), (data & ~(granted - 1)) | interrupt % granted};
}

bool ConfigSpace::msix_enabled() const {
  return !in_d3hot() && (get16(kMsix + PCI_MSIX_FLAGS) & PCI_MSIX_FLAGS_ENABLE) != 0;
}
bool ConfigSpace::msix_masked() const { return (get16(kMsix + PCI_MSIX_FLAGS) & PCI_MSIX_FLAGS_MASKALL) != 0; }

void ConfigSpace::set_interrupt_status(bool asserted) {
  const std::uint16_t status = get16(PCI_STATUS);
  set(PCI_STATUS, asserted ? status | PCI_STATUS_INTERRUPT : status & ~PCI_STATUS_INTERRUPT, 2);
}

}  // namespace sapulse::sim
