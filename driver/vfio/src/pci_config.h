// SPDX-License-Identifier: Apache-2.0
// PCI configuration space of an opened device.
#pragma once

#include <cstdint>
#include <string>

#include "sapulse/error.h"

namespace sapulse {

class PciConfig {
 public:
  /// `device`: VFIO device file, which must stay open. `name`: for messages. Errors: io_error.
  static Result<PciConfig> open(int device, std::string name);

  /// Lets the card answer register accesses. Errors: io_error.
  Result<void> enable_memory();
  /// Lets the card access memory and send interrupts, or keeps it from both. Errors: io_error.
  Result<void> set_bus_master(bool on);

 private:
  PciConfig(int device, std::uint64_t offset, std::string name)
      : device_(device), offset_(offset), name_(std::move(name)) {}
  Result<void> change_command(std::uint16_t clear, std::uint16_t set);

  int device_;
  std::uint64_t offset_;
  std::string name_;
};

}  // namespace sapulse
