// SPDX-License-Identifier: Apache-2.0
#include "exception_ring.h"

#include <fmt/format.h>

#include <bit>

namespace sapulse {

Result<std::unique_ptr<ExceptionRing>> ExceptionRing::create(RegisterAccess& registers, StatusBlock& status,
                                                             unsigned entries) {
  auto memory = registers.device().allocate_dma(std::size_t{entries} * regs::kExceptionBytes, kRingAlignment);
  if (!memory) return tl::unexpected(memory.error());
  const std::uint64_t iova = (*memory)->iova();
  std::unique_ptr<ExceptionRing> ring(new ExceptionRing(registers, status, entries, std::move(*memory)));
  const auto programmed = registers.write64(regs::offset::kExceptionBase, iova).and_then([&] {
    return registers.write32(regs::offset::kExceptionLog2, static_cast<std::uint32_t>(std::countr_zero(entries)));
  });
  if (!programmed) return tl::unexpected(programmed.error());
  return ring;
}

Result<std::uint32_t> ExceptionRing::waiting() {
  const std::uint32_t count = status_.exception_producer() - consumer_;
  if (count > entries_) {
    return failure(Errc::device_error, fmt::format("{}: the card reports {} exceptions in a ring of {}",
                                                   registers_.device().name(), count, entries_));
  }
  return count;
}

Result<std::vector<Exception>> ExceptionRing::take() {
  const auto count = waiting();
  if (!count) return tl::unexpected(count.error());
  std::vector<Exception> taken;
  taken.reserve(*count);
  for (std::uint32_t i = 0; i < *count; ++i, ++consumer_) {
    const std::size_t slot = consumer_ & (entries_ - 1);
    auto exception = decode_exception(memory_->bytes().subspan(slot * regs::kExceptionBytes, regs::kExceptionBytes));
    if (!exception) {
      return failure(Errc::device_error, fmt::format("{}: entry {} of the exception ring: {}",
                                                     registers_.device().name(), slot, exception.error().message));
    }
    taken.push_back(std::move(*exception));
  }
  if (taken.empty()) return taken;
  if (auto doorbell = registers_.write32(regs::offset::kExceptionConsumer, consumer_); !doorbell) {
    return tl::unexpected(doorbell.error());
  }
  return taken;
}

}  // namespace sapulse
