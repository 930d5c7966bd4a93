// SPDX-License-Identifier: Apache-2.0
#include "dma_port.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace sapulse::model {
namespace {

namespace offset = regs::offset;

constexpr std::uint32_t kDecodeError = 3;

}  // namespace

DmaPort::DmaPort(RegisterFile& registers, DmaTarget& memory, Fault fault)
    : registers_(registers), memory_(memory), fault_(std::move(fault)) {}

bool DmaPort::read(std::uint64_t iova, std::span<std::byte> data, std::uint64_t cycle) {
  note_access(cycle);
  if (memory_.read(iova, data)) return true;
  note_error(false, iova, data.size());
  return false;
}

bool DmaPort::write(std::uint64_t iova, std::span<const std::byte> data, std::uint64_t cycle) {
  note_access(cycle);
  if (memory_.write(iova, data)) return true;
  note_error(true, iova, data.size());
  return false;
}

void DmaPort::tell(regs::Field interrupt, std::uint64_t cycle) {
  untold_ |= interrupt.mask();
  tell_untold(cycle);
}

void DmaPort::tell_untold(std::uint64_t cycle) {
  std::array<std::byte, regs::StatusBlock::kSize> bytes{};
  const regs::StatusBlock block(bytes);
  block.set_command_consumer(registers_.get(offset::kCommandConsumer));
  block.set_completion_producer(registers_.get(offset::kCompletionProducer));
  block.set_exception_producer(registers_.get(offset::kExceptionProducer));
  block.set_event_producer(registers_.get(offset::kEventProducer));
  if (!write(registers_.get64(offset::kStatusBlock), bytes, cycle)) return;
  raise(std::exchange(untold_, 0));
}

void DmaPort::raise(std::uint32_t interrupts) {
  registers_.set(offset::kInterruptStatus, registers_.get(offset::kInterruptStatus) | interrupts);
}

void DmaPort::raise_error() { raise(regs::interrupt_status::kError.mask()); }

bool DmaPort::failed() const { return regs::dma_error::kValid.get(registers_.get(offset::kDmaError)) != 0; }

void DmaPort::clear_error(std::uint64_t cycle) {
  registers_.set(offset::kDmaError, 0);
  registers_.set64(offset::kDmaErrorAddress, 0);
  if (untold_ != 0) tell_untold(cycle);
}

void DmaPort::note_access(std::uint64_t cycle) { last_access_ = std::max(last_access_, cycle); }

void DmaPort::note_error(bool was_write, std::uint64_t iova, std::size_t bytes) {
  fault_(fmt::format("{} of {} bytes at IOVA {:#x}", was_write ? "write" : "read", bytes, iova));
  if (failed()) return;
  std::uint32_t error = regs::dma_error::kValid.put(0, 1);
  error = regs::dma_error::kWrite.put(error, was_write ? 1 : 0);
  registers_.set(offset::kDmaError, regs::dma_error::kResponse.put(error, kDecodeError));
  registers_.set64(offset::kDmaErrorAddress, iova);
  raise_error();
}

}  // namespace sapulse::model
