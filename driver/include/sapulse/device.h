// SPDX-License-Identifier: Apache-2.0
// Access to a card, whatever it is behind: registers, DMA memory, interrupts.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "sapulse/error.h"

#pragma GCC visibility push(default)
namespace sapulse {

/// Host memory that the device can reach. Owns its mapping: destroying it takes the memory away from the device,
/// so rings must be stopped first.
class DmaBuffer {
 public:
  virtual ~DmaBuffer() = default;
  DmaBuffer() = default;
  DmaBuffer(const DmaBuffer&) = delete;
  DmaBuffer& operator=(const DmaBuffer&) = delete;

  /// The memory as the host sees it. Coherent with the device.
  [[nodiscard]] virtual std::span<std::byte> bytes() = 0;
  /// Address of the first byte as the device sees it.
  [[nodiscard]] virtual std::uint64_t iova() const = 0;
};

/// A card. Not thread-safe: one thread at a time, or locking by the caller.
class Device {
 public:
  virtual ~Device() = default;
  Device() = default;
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  /// Short name for messages, for instance "sim" or "0000:41:00.0".
  [[nodiscard]] virtual std::string name() const = 0;

  /// Whether it only is a program: what it sends reaches nobody outside, so numbers may repeat under its keys.
  [[nodiscard]] virtual bool is_simulated() const { return false; }
  /// Whether its clock is that of the real world: the simulator's passes only while it computes.
  [[nodiscard]] virtual bool keeps_real_time() const { return !is_simulated(); }

  /// 32-bit register access in BAR 0; offset in bytes, a multiple of 4. Values are in host byte order.
  /// Errors: invalid_argument (offset), device_error (bus error, device gone).
  virtual Result<std::uint32_t> read32(std::uint32_t offset) = 0;
  virtual Result<void> write32(std::uint32_t offset, std::uint32_t value) = 0;

  /// Zeroed DMA memory; alignment is a power of two. Errors: no_space, invalid_argument.
  virtual Result<std::unique_ptr<DmaBuffer>> allocate_dma(std::size_t bytes, std::size_t alignment) = 0;

  /// Orders earlier writes to DMA memory before later register writes (and reads after register reads).
  virtual void barrier() = 0;

  /// Waits for an interrupt (bit number of INTERRUPT_STATUS); false when `timeout` of device time has passed.
  virtual Result<bool> wait_interrupt(unsigned vector, std::chrono::nanoseconds timeout) = 0;

  /// For event loops: a file descriptor that poll() and its like find readable once any interrupt has been raised since
  /// clear_event(), and when the device has failed. It belongs to the device and stays the same. -1: the device has
  /// none, and only looking at it tells.
  [[nodiscard]] virtual int event_descriptor() const { return -1; }
  /// Makes the descriptor unreadable again. To be called before looking at the card: what it raises from then on is not
  /// missed. Errors: device_error (the device has failed).
  virtual Result<void> clear_event() { return {}; }
  /// The caller is about to sleep: a simulated card goes on by itself until the next call of any function of the device
  /// or the end of one of its DMA buffers, and raises the event when `at_most` of its time has passed. DMA memory is
  /// not to be looked at before such a call (barrier() is one). Real cards need no leave, and keep real time.
  virtual void let_run(std::chrono::nanoseconds /*at_most*/) {}

  /// Called inside polling loops: lets the device make progress (a pause on hardware, some cycles in simulation).
  /// Errors: device_error, dma_fault (simulation: the device accessed an unmapped IOVA; the message has the address).
  virtual Result<void> relax() = 0;

  /// Resets the card as a function-level reset does: all registers at their reset values, tables empty.
  virtual Result<void> reset() = 0;
};

}  // namespace sapulse
#pragma GCC visibility pop
