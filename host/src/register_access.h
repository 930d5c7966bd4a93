// SPDX-License-Identifier: Apache-2.0
// Registers of a card, and waiting for it in its own time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

#include "sapulse/device.h"
#include "sapulse/error.h"

namespace sapulse {

/// Register access with 64-bit registers, fault detection and timeouts. Errors: those of Device.
class RegisterAccess {
 public:
  explicit RegisterAccess(Device& device) : device_(device) {}

  [[nodiscard]] Device& device() const { return device_; }

  Result<std::uint32_t> read32(std::uint32_t offset) { return device_.read32(offset); }
  Result<void> write32(std::uint32_t offset, std::uint32_t value) { return device_.write32(offset, value); }
  /// Reading the low half latches the high half, writing the high half commits both.
  Result<std::uint64_t> read64(std::uint32_t offset);
  Result<void> write64(std::uint32_t offset, std::uint64_t value);

  /// The rings have been stopped by the card: dma_fault with direction, address and AXI response, or device_error for
  /// an implausible doorbell.
  Result<void> check_rings();

  /// Lets the card make progress until `done` holds; false when `timeout` of the card's time has passed. Errors: those
  /// of `done`, device_error (the clock of the card stands still), and check_rings() unless `ignore_rings`.
  Result<bool> wait_until(const std::function<Result<bool>()>& done, std::chrono::nanoseconds timeout,
                          bool ignore_rings = false);

 private:
  Device& device_;
};

}  // namespace sapulse
