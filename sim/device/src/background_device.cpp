// SPDX-License-Identifier: Apache-2.0
#include "sapulse/background_device.h"

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <utility>

#include "background_thread.h"
#include "sapulse/registers.h"

namespace sapulse {
namespace {

/// Ns, as the card counts its time (TIME_INCREMENT, 16.32 fixed point), which need not be the clock it is simulated at.
double cycle_time(SimDevice& device) {
  const auto fraction = device.read32(regs::offset::kTimeIncrement);
  const auto whole = device.read32(regs::offset::kTimeIncrement + 4);
  if (!fraction || !whole) return 1000 / device.card().options().clock_mhz;
  return *whole + std::ldexp(*fraction, -32);
}

}  // namespace

/// Its end takes memory away from the card, which must not be running then.
class BackgroundDevice::Buffer final : public DmaBuffer {
 public:
  Buffer(BackgroundDevice& owner, std::unique_ptr<DmaBuffer> memory) : owner_(owner), memory_(std::move(memory)) {}
  ~Buffer() override { owner_.barrier(); }

  [[nodiscard]] std::span<std::byte> bytes() override { return memory_->bytes(); }
  [[nodiscard]] std::uint64_t iova() const override { return memory_->iova(); }

 private:
  BackgroundDevice& owner_;
  std::unique_ptr<DmaBuffer> memory_;
};

Result<std::unique_ptr<BackgroundDevice>> BackgroundDevice::create(std::shared_ptr<SimDevice> device) {
  FileDescriptor event(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!event) return failure(Errc::io_error, fmt::format("{}: eventfd: {}", device->name(), std::strerror(errno)));
  return std::unique_ptr<BackgroundDevice>(new BackgroundDevice(std::move(device), std::move(event)));
}

BackgroundDevice::BackgroundDevice(std::shared_ptr<SimDevice> device, FileDescriptor event)
    : device_(std::move(device)),
      event_(std::move(event)),
      ns_per_cycle_(cycle_time(*device_)),
      thread_(std::make_unique<BackgroundThread>([this] { return advance(); })) {}
BackgroundDevice::~BackgroundDevice() = default;

bool BackgroundDevice::advance() {
  if (auto passed = device_->relax(); !passed) failed_ = passed.error();
  if (failed_ || device_->card().interrupts() != 0 || device_->card().cycle() >= wake_) signal();
  return !failed_;
}

void BackgroundDevice::signal() {
  if (std::exchange(signalled_, true)) return;
  (void)::eventfd_write(event_.get(), 1);  // fails only if 2^64 - 2 events wait
}

void BackgroundDevice::let_run(std::chrono::nanoseconds at_most) {
  thread_->stop();
  constexpr double kForever = 1e18;
  const double cycles = std::min(std::ceil(static_cast<double>(at_most.count()) / ns_per_cycle_), kForever);
  wake_ = device_->card().cycle() + static_cast<std::uint64_t>(cycles);
  if (!failed_) thread_->run();
}

void BackgroundDevice::barrier() { thread_->stop(); }

Result<void> BackgroundDevice::clear_event() {
  thread_->stop();
  eventfd_t count = 0;
  (void)::eventfd_read(event_.get(), &count);  // EAGAIN: nothing to clear
  signalled_ = false;
  const auto failed = std::exchange(failed_, std::nullopt);
  return failed ? Result<void>(tl::unexpected(*failed)) : Result<void>();
}

Result<std::uint32_t> BackgroundDevice::read32(std::uint32_t offset) {
  thread_->stop();
  return device_->read32(offset);
}

Result<void> BackgroundDevice::write32(std::uint32_t offset, std::uint32_t value) {
  thread_->stop();
  auto written = device_->write32(offset, value);
  if (offset == regs::offset::kTimeIncrement + 4) ns_per_cycle_ = cycle_time(*device_);  // committed by its high half
  return written;
}

Result<std::unique_ptr<DmaBuffer>> BackgroundDevice::allocate_dma(std::size_t bytes, std::size_t alignment) {
  thread_->stop();
  auto memory = device_->allocate_dma(bytes, alignment);
  if (!memory) return memory;
  return std::make_unique<Buffer>(*this, std::move(*memory));
}

Result<bool> BackgroundDevice::wait_interrupt(unsigned vector, std::chrono::nanoseconds timeout) {
  thread_->stop();
  return device_->wait_interrupt(vector, timeout);
}

Result<void> BackgroundDevice::relax() {
  thread_->stop();
  return device_->relax();
}

Result<void> BackgroundDevice::reset() {
  thread_->stop();
  auto reset = device_->reset();
  ns_per_cycle_ = cycle_time(*device_);
  return reset;
}

}  // namespace sapulse
