// SPDX-License-Identifier: Apache-2.0
#include "sapulse/sim_device.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "sapulse/registers.h"

namespace sapulse {
namespace {

constexpr unsigned kInterruptCount = regs::interrupt_status::kBits;

class SimDmaBuffer final : public DmaBuffer {
 public:
  SimDmaBuffer(sim::Card& card, std::uint64_t iova) : card_(card), iova_(iova), bytes_(card.memory(iova)) {}
  ~SimDmaBuffer() override { card_.unmap(iova_); }

  [[nodiscard]] std::span<std::byte> bytes() override { return bytes_; }
  [[nodiscard]] std::uint64_t iova() const override { return iova_; }

 private:
  sim::Card& card_;
  std::uint64_t iova_;
  std::span<std::byte> bytes_;
};

}  // namespace

Result<std::unique_ptr<SimDevice>> SimDevice::create(const sim::CardOptions& options) {
  auto card = sim::Card::create(options);
  if (!card) return tl::unexpected(card.error());
  return std::make_unique<SimDevice>(std::move(*card));
}

SimDevice::SimDevice(std::unique_ptr<sim::Card> card) : card_(std::move(card)) {}

std::string SimDevice::name() const { return "sim"; }
Result<std::uint32_t> SimDevice::read32(std::uint32_t offset) { return card_->read32(offset); }
Result<void> SimDevice::write32(std::uint32_t offset, std::uint32_t value) { return card_->write32(offset, value); }

Result<std::unique_ptr<DmaBuffer>> SimDevice::allocate_dma(std::size_t bytes, std::size_t alignment) {
  const auto iova = card_->map(bytes, alignment);
  if (!iova) return tl::unexpected(iova.error());
  return std::make_unique<SimDmaBuffer>(*card_, *iova);
}

// Memory and registers of the simulated card change only inside calls of this thread: nothing can be reordered.
void SimDevice::barrier() {}

Result<bool> SimDevice::wait_interrupt(unsigned vector, std::chrono::nanoseconds timeout) {
  if (vector >= kInterruptCount) {
    return failure(Errc::invalid_argument,
                   fmt::format("interrupt {} does not exist; there are {}", vector, kInterruptCount));
  }
  const auto cycles = std::llround(static_cast<double>(timeout.count()) * card_->options().clock_mhz / 1000.0);
  const std::uint64_t end = card_->cycle() + static_cast<std::uint64_t>(std::max<long long>(cycles, 0));
  while ((card_->interrupts() >> vector & 1) == 0) {
    if (card_->cycle() >= end) return false;
    if (auto passed = pass(1); !passed) return tl::unexpected(passed.error());
  }
  return true;
}

Result<void> SimDevice::relax() { return pass(kRelaxCycles); }

Result<void> SimDevice::pass(std::uint64_t cycles) {
  if (pass_) return pass_(cycles).and_then([this] { return check(); });
  card_->step(cycles);
  return check();
}

Result<void> SimDevice::reset() {
  card_->reset();
  return check();
}

Result<void> SimDevice::check() {
  if (reported_ == card_->violations().size()) return {};
  const sim::Violation& violation = card_->violations()[reported_++];
  const bool fault = violation.kind == sim::Violation::Kind::dma_fault;
  return failure(fault ? Errc::dma_fault : Errc::device_error,
                 fmt::format("cycle {}: {}", violation.cycle, violation.message));
}

}  // namespace sapulse
