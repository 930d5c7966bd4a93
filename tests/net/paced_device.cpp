// SPDX-License-Identifier: Apache-2.0
#include "paced_device.h"

namespace sapulse::test {

Result<std::uint32_t> PacedDevice::read32(std::uint32_t offset) {
  time_->pass(kRegisterNs);
  return device_->read32(offset);
}

Result<void> PacedDevice::write32(std::uint32_t offset, std::uint32_t value) {
  time_->pass(kRegisterNs);
  return device_->write32(offset, value);
}

Result<bool> PacedDevice::wait_interrupt(unsigned vector, std::chrono::nanoseconds timeout) {
  const std::uint64_t end = time_->now() + static_cast<std::uint64_t>(timeout.count());
  for (;;) {
    auto raised = device_->wait_interrupt(vector, std::chrono::nanoseconds(0));
    if (!raised || *raised || time_->now() >= end) return raised;
    if (auto passed = relax(); !passed) return tl::unexpected(passed.error());
  }
}

Result<void> PacedDevice::pass(std::uint64_t ns) {
  time_->pass(ns);
  auto done = device_->relax();
  settle_();
  return done;
}

}  // namespace sapulse::test
