// SPDX-License-Identifier: Apache-2.0
// A device that knows how much processor time has been spent in it, so that the rest is the host library's.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <type_traits>

#include "sapulse/device.h"
#include "thread_time.h"

namespace sapulse::bench {

class MeteredDevice final : public Device {
 public:
  explicit MeteredDevice(Device& device) : device_(device) {}

  [[nodiscard]] double seconds() const { return seconds_; }

  [[nodiscard]] std::string name() const override { return device_.name(); }
  [[nodiscard]] bool is_simulated() const override { return device_.is_simulated(); }
  Result<std::uint32_t> read32(std::uint32_t offset) override {
    return meter([&] { return device_.read32(offset); });
  }
  Result<void> write32(std::uint32_t offset, std::uint32_t value) override {
    return meter([&] { return device_.write32(offset, value); });
  }
  Result<std::unique_ptr<DmaBuffer>> allocate_dma(std::size_t bytes, std::size_t alignment) override {
    return meter([&] { return device_.allocate_dma(bytes, alignment); });
  }
  void barrier() override { device_.barrier(); }
  Result<bool> wait_interrupt(unsigned vector, std::chrono::nanoseconds timeout) override {
    return meter([&] { return device_.wait_interrupt(vector, timeout); });
  }
  Result<void> relax() override {
    return meter([&] { return device_.relax(); });
  }
  Result<void> reset() override {
    return meter([&] { return device_.reset(); });
  }

 private:
  template <class Call>
  std::invoke_result_t<Call> meter(Call call) {
    const double start = thread_seconds();
    auto result = call();
    seconds_ += thread_seconds() - start;
    return result;
  }

  Device& device_;
  double seconds_ = 0;
};

}  // namespace sapulse::bench
