// SPDX-License-Identifier: Apache-2.0
// The parts of the machine around the card that its model needs: registers of the IOMMU and the interrupt controller.
#pragma once

#include <cstdint>

namespace sapulse::sim {

/// Physical memory accesses and interrupt lines of the machine. When the machine is gone, reads return 0.
class Chipset {
 public:
  virtual ~Chipset() = default;
  virtual std::uint32_t read32(std::uint64_t address) = 0;
  virtual std::uint64_t read64(std::uint64_t address) = 0;
  virtual void write32(std::uint64_t address, std::uint32_t value) = 0;
  /// Level of an input of the I/O APIC.
  virtual void set_line(unsigned input, bool level) = 0;
};

}  // namespace sapulse::sim
