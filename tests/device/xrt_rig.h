// SPDX-License-Identifier: Apache-2.0
// A simulated card behind XRT's emulation, in a process of its own. The program must be run by sapulse-xrt-run.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "rig.h"
#include "sapulse/xrt_device.h"
#include "traffic_client.h"

namespace sapulse::test {

class XrtRig final : public Rig {
 public:
  /// `index`: of the XRT device. Throws std::runtime_error.
  explicit XrtRig(unsigned index);

  Device& device() override { return *device_; }
  void send(Side side, std::span<const traffic::Bytes> frames) override;
  std::vector<traffic::Bytes> take(Side side) override;
  std::uint64_t dma_faults() override;
  std::vector<std::string> complaints() override;

  /// Process of the simulated card.
  [[nodiscard]] pid_t process() const { return client_->process(); }

 private:
  std::unique_ptr<sim::xrt::TrafficClient> client_;
  std::unique_ptr<XrtDevice> device_;
};

/// The xclbin that sapulse-xrt-run has made. Throws std::runtime_error.
std::string emulated_xclbin();

}  // namespace sapulse::test
