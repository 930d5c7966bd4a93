// SPDX-License-Identifier: Apache-2.0
// A card behind XRT, the Xilinx run-time: the core as a user-managed RTL kernel, host memory through the slave bridge.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "sapulse/device.h"

namespace sapulse {

/// Device over XRT's native API. Interrupts are used where XRT offers them for the kernel; elsewhere wait_interrupt()
/// polls. XRT reports no error for a register access that the card has refused on hardware: it reads as all ones.
/// DMA buffers must not outlive the device. Memory of destroyed buffers stays in reach of the card until the device is
/// closed, so that a late access never meets memory of somebody else. Not thread-safe.
class XrtDevice final : public Device {
 public:
  /// Programs the card with the xclbin unless it is loaded already, and takes the kernel for itself. The card keeps
  /// its state: reset() changes that. Errors: not_found (file), incompatible (not an xclbin with the kernel and host
  /// memory, or for another platform; the message names both UUIDs), device_error (XRT: no such card, kernel in use;
  /// the message is XRT's).
  [[nodiscard]] static Result<std::unique_ptr<XrtDevice>> open(const std::filesystem::path& xclbin, unsigned index);

  ~XrtDevice() override;

  [[nodiscard]] std::string name() const override;
  Result<std::uint32_t> read32(std::uint32_t offset) override;
  Result<void> write32(std::uint32_t offset, std::uint32_t value) override;
  Result<std::unique_ptr<DmaBuffer>> allocate_dma(std::size_t bytes, std::size_t alignment) override;
  void barrier() override;
  /// Errors: also device_error (the clock of the card stands still).
  Result<bool> wait_interrupt(unsigned vector, std::chrono::nanoseconds timeout) override;
  [[nodiscard]] int event_descriptor() const override;
  Result<void> clear_event() override;
  Result<void> relax() override;
  /// Stops the rings before. Errors: also timeout (host memory access does not end; the card is left as it is), and
  /// incompatible (the kernel has no reset register).
  Result<void> reset() override;

  /// Whether XRT offers interrupts for this kernel.
  [[nodiscard]] bool has_interrupts() const;

 private:
  struct Implementation;
  explicit XrtDevice(std::unique_ptr<Implementation> implementation);
  [[nodiscard]] Result<void> await_dma_idle();
  [[nodiscard]] Result<std::uint64_t> read_time();

  std::unique_ptr<Implementation> implementation_;
};

}  // namespace sapulse
