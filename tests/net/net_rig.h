// SPDX-License-Identifier: Apache-2.0
// A software card between two cables, in time that the test lets pass.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "device/rig.h"
#include "paced_device.h"
#include "support/packet_port.h"
#include "veth.h"

namespace sapulse::test {

class NetRig final : public Rig {
 public:
  /// In the network namespace of the calling thread. Throws std::runtime_error.
  NetRig();

  Device& device() override { return *device_; }
  void send(Side side, std::span<const traffic::Bytes> frames) override;
  std::vector<traffic::Bytes> take(Side side) override;
  std::uint64_t dma_faults() override { return device_->net().dma_faults(); }
  /// Frames that have been lost on a cable.
  std::vector<std::string> complaints() override;

 private:
  /// A cable, and its end that is not the card's.
  struct Cable {
    explicit Cable(const std::string& name) : veth(name, name + "-far"), port(veth.other()) {}

    Veth veth;
    PacketPort port;
    std::uint64_t offered = 0;  ///< to the card
    std::uint64_t arrived = 0;  ///< from the card
    std::vector<traffic::Bytes> frames{};
  };

  Cable& cable(Side side) { return *cables_.at(static_cast<std::size_t>(side)); }
  /// Until no frame is on a cable: the kernel may take a moment.
  void settle();
  [[nodiscard]] bool settled();

  std::array<std::unique_ptr<Cable>, 2> cables_;
  std::unique_ptr<PacedDevice> device_;
};

}  // namespace sapulse::test
