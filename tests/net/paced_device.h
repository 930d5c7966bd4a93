// SPDX-License-Identifier: Apache-2.0
// A software card whose time passes in the calls of its host, as that of a simulated one.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "manual_time.h"
#include "sapulse/net_device.h"

namespace sapulse::test {

class PacedDevice final : public Device {
 public:
  /// `settle` is called after each passage of time, before the caller sees what has come of it.
  PacedDevice(std::unique_ptr<NetDevice> device, std::shared_ptr<ManualTime> time, std::function<void()> settle)
      : device_(std::move(device)), time_(std::move(time)), settle_(std::move(settle)) {}

  [[nodiscard]] NetDevice& net() { return *device_; }

  [[nodiscard]] std::string name() const override { return device_->name(); }
  Result<std::uint32_t> read32(std::uint32_t offset) override;
  Result<void> write32(std::uint32_t offset, std::uint32_t value) override;
  Result<std::unique_ptr<DmaBuffer>> allocate_dma(std::size_t bytes, std::size_t alignment) override {
    return device_->allocate_dma(bytes, alignment);
  }
  void barrier() override { device_->barrier(); }
  Result<bool> wait_interrupt(unsigned vector, std::chrono::nanoseconds timeout) override;
  Result<void> relax() override { return pass(kRelaxNs); }
  Result<void> reset() override { return device_->reset(); }

 private:
  static constexpr std::uint64_t kRegisterNs = 8;
  static constexpr std::uint64_t kRelaxNs = 32;

  Result<void> pass(std::uint64_t ns);

  std::unique_ptr<NetDevice> device_;
  std::shared_ptr<ManualTime> time_;
  std::function<void()> settle_;
};

}  // namespace sapulse::test
