// SPDX-License-Identifier: Apache-2.0
// How a card shows itself on the PCI bus.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sapulse::pci {

/// The FPGA maker's vendor ID, as its PCIe block has it, and a device ID of ours ("SP").
inline constexpr std::uint16_t kVendor = 0x10ee;
inline constexpr std::uint16_t kDevice = 0x5350;
/// Processing accelerator, no programming interface.
inline constexpr std::uint32_t kClass = 0x120000;

/// BAR with the register window.
inline constexpr unsigned kRegisterBar = 0;

}  // namespace sapulse::pci
