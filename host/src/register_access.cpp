// SPDX-License-Identifier: Apache-2.0
#include "register_access.h"

#include <fmt/format.h>

#include <optional>

#include "sapulse/registers.h"

namespace sapulse {
namespace {

/// Calls of Device::relax() between two looks at the clock and the status of the card, which cost bus transactions.
constexpr unsigned kRelaxesPerCheck = 8;
/// Looks at a clock that has not moved before it is taken to stand still.
constexpr unsigned kClockPatience = 1000;

/// Measures a time span on the clock of the card.
class Deadline {
 public:
  Deadline(RegisterAccess& registers, std::chrono::nanoseconds timeout)
      : registers_(registers), timeout_(static_cast<std::uint64_t>(timeout.count())) {}

  Result<bool> passed() {
    const auto now = registers_.read64(regs::offset::kTime);
    if (!now) return tl::unexpected(now.error());
    if (!start_) start_ = *now;
    still_ = *now == last_ ? still_ + 1 : 0;
    last_ = *now;
    if (still_ >= kClockPatience) {
      return failure(Errc::device_error, registers_.device().name() + ": the clock of the card stands still");
    }
    return *now - *start_ >= timeout_;
  }

 private:
  RegisterAccess& registers_;
  std::uint64_t timeout_;
  std::optional<std::uint64_t> start_;
  std::uint64_t last_ = 0;
  unsigned still_ = 0;
};

}  // namespace

Result<std::uint64_t> RegisterAccess::read64(std::uint32_t offset) {
  const auto low = read32(offset);
  if (!low) return tl::unexpected(low.error());
  const auto high = read32(offset + 4);
  if (!high) return tl::unexpected(high.error());
  return std::uint64_t{*high} << 32 | *low;
}

Result<void> RegisterAccess::write64(std::uint32_t offset, std::uint64_t value) {
  if (auto low = write32(offset, static_cast<std::uint32_t>(value)); !low) return low;
  return write32(offset + 4, static_cast<std::uint32_t>(value >> 32));
}

Result<void> RegisterAccess::check_rings() {
  const auto status = read32(regs::offset::kStatus);
  if (!status) return tl::unexpected(status.error());
  if (regs::status::kDoorbell.get(*status) != 0) {
    return failure(Errc::device_error, device_.name() + ": the card finds a ring index implausible (STATUS.DOORBELL)");
  }
  if (regs::status::kMemoryFault.get(*status) != 0) {
    return failure(Errc::device_error,
                   device_.name() + ": a bit has flipped in a memory of the card (STATUS.MEMORY_FAULT): it passes " +
                       "customers' frames, but sends nothing of its own until it is reset");
  }
  if (regs::status::kDmaError.get(*status) == 0) return {};
  const auto fault = read32(regs::offset::kDmaError);
  if (!fault) return tl::unexpected(fault.error());
  const auto address = read64(regs::offset::kDmaErrorAddress);
  if (!address) return tl::unexpected(address.error());
  return failure(Errc::dma_fault,
                 fmt::format("{}: the card could not {} host memory at IOVA {:#x} (AXI response {})", device_.name(),
                             regs::dma_error::kWrite.get(*fault) != 0 ? "write" : "read", *address,
                             regs::dma_error::kResponse.get(*fault)));
}

Result<bool> RegisterAccess::wait_until(const std::function<Result<bool>()>& done, std::chrono::nanoseconds timeout,
                                        bool ignore_rings) {
  Deadline deadline(*this, timeout);
  for (unsigned round = 0;; ++round) {
    if (auto now = done(); !now || *now) return now;
    if (auto relaxed = device_.relax(); !relaxed) return tl::unexpected(relaxed.error());
    if (round % kRelaxesPerCheck != kRelaxesPerCheck - 1) continue;
    if (!ignore_rings) {
      if (auto rings = check_rings(); !rings) return tl::unexpected(rings.error());
    }
    auto passed = deadline.passed();
    if (!passed) return passed;
    if (*passed) return done();  // it may have happened since the last look
  }
}

}  // namespace sapulse
