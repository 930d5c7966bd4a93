// SPDX-License-Identifier: Apache-2.0
// QEMU's end of a device in another process: the protocol of x-pci-proxy-dev (QEMU 7.2).
#pragma once

#include <cstdint>
#include <vector>

#include "guest_memory.h"

namespace sapulse::sim {

/// What QEMU asks of the device. Called by the thread that serves the link.
class ProxyDevice {
 public:
  virtual ~ProxyDevice() = default;
  /// The guest's memory has changed. Files are closed afterwards.
  virtual void memory_changed(const std::vector<GuestMemory::Region>& regions) = 0;
  virtual std::uint32_t config_read(std::uint32_t offset, unsigned bytes) = 0;
  virtual void config_write(std::uint32_t offset, std::uint32_t value, unsigned bytes) = 0;
  /// `address`: on the bus.
  virtual std::uint64_t bar_read(std::uint64_t address, unsigned bytes) = 0;
  virtual void bar_write(std::uint64_t address, std::uint64_t value, unsigned bytes) = 0;
  /// Reset of the machine. QEMU's main loop waits: nothing here may wait for it.
  virtual void machine_reset() = 0;
};

/// Serves requests until QEMU closes the link or breaks the protocol. Returns false in the latter case.
bool serve_proxy(int socket, ProxyDevice& device);

}  // namespace sapulse::sim
