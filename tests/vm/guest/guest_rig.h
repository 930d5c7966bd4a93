// SPDX-License-Identifier: Apache-2.0
// The card behind the guest's VFIO, its sides wired to the guest's network interfaces.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "control.h"
#include "device/rig.h"
#include "sapulse/vfio_device.h"
#include "support/packet_port.h"

namespace sapulse::test {

class GuestRig final : public Rig {
 public:
  /// `core_namespace`: the network namespace that has the core side's interface; empty: the program's.
  explicit GuestRig(const VfioOptions& options = {}, const std::string& core_namespace = {});

  Device& device() override { return *device_; }
  VfioDevice& vfio() { return *device_; }
  void send(Side side, std::span<const traffic::Bytes> frames) override { port(side).send(frames); }
  std::vector<traffic::Bytes> take(Side side) override;
  void drain() override;
  /// Refused by the IOMMU, or for lack of bus mastering.
  std::uint64_t dma_faults() override;
  std::vector<std::string> complaints() override;

  Control& control() { return control_; }
  /// Gives the card back to the kernel; the sides stay.
  void close() { device_.reset(); }

 private:
  PacketPort& port(Side side) { return side == Side::line ? line_ : core_; }
  std::uint64_t count_faults();

  Control control_;
  PacketPort line_{"eth0"};
  PacketPort core_;
  std::uint64_t faults_before_;
  std::unique_ptr<VfioDevice> device_;
};

}  // namespace sapulse::test
