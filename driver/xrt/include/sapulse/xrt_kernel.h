// SPDX-License-Identifier: Apache-2.0
// The card as a user-managed XRT kernel: what the driver, the kernel's wrapper and its emulation agree on
// (docs/xrt.md).
#pragma once

#include <cstdint>

#include "sapulse/registers.h"

namespace sapulse::xrt_kernel {

inline constexpr const char* kKernel = "sapulse";
inline constexpr const char* kInstance = "sapulse_1";
/// As xrt::ip wants it.
inline constexpr const char* kComputeUnit = "sapulse:{sapulse_1}";

/// Bytes of the AXI4-Lite port: the registers of the card, then a page of the kernel's wrapper.
inline constexpr std::uint32_t kRange = 2 * regs::kWindowBytes;

/// Register of the wrapper. Writing 1 resets the card and everything between it and the MACs once, and is answered when
/// the reset is over. Only while no host memory access is under way (rings disabled, STATUS.DMA_IDLE). Reads 0.
inline constexpr std::uint32_t kResetOffset = regs::kWindowBytes;

/// Memory banks whose tag begins like this are host memory behind the slave bridge.
inline constexpr const char* kHostBank = "HOST";

}  // namespace sapulse::xrt_kernel
