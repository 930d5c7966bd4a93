// SPDX-License-Identifier: Apache-2.0
// Makes the xclbin of the simulated card: what XRT's emulation needs to know, and no bitstream.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace sapulse::sim::xrt {

/// Where the kernel's registers are on the emulated card.
inline constexpr std::uint64_t kKernelBase = 0x800000;
/// The bank of host memory, as the card addresses it.
inline constexpr std::uint64_t kHostBankBase = 0x2000000000;
inline constexpr std::uint64_t kHostBankBytes = 16ULL << 30;

using Uuid = std::array<unsigned char, 16>;

/// The file's contents. XRT tells xclbins apart by their uuid.
[[nodiscard]] std::string make_xclbin(const Uuid& uuid);

}  // namespace sapulse::sim::xrt
