// SPDX-License-Identifier: Apache-2.0
#include "host_rings.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "kernel_chain.h"
#include "sapulse_wire.h"

namespace sapulse::sim::fast {
namespace {

namespace offset = regs::offset;

constexpr std::uint32_t decode_error = 3;
// Lookups of the old epoch have entered: sa_pkg::LOOKUP_LATENCY + ENTER_MARGIN and registers (rtl/sa/epoch_fence.sv).
constexpr std::uint64_t fence_settle = 72;
constexpr std::uint64_t fence_poll = 32;
constexpr std::size_t exception_burst = 4;  // entries that share a burst (rtl/host/exception_ring.sv)
constexpr std::size_t exception_limit = 64;
// Cycles of a command besides its accesses to memory (rtl/host/command_executor.sv).
constexpr std::uint64_t command_cycles = 12;
constexpr unsigned interrupt_completion = regs::interrupt_status::kCompletion.lsb;
constexpr unsigned interrupt_exception = regs::interrupt_status::kException.lsb;
constexpr unsigned interrupt_error = regs::interrupt_status::kError.lsb;

}  // namespace

HostRings::HostRings(RegisterFile& registers, DmaTarget& memory, CommandTarget& target, unsigned latency, Fault fault)
    : registers_(registers), memory_(memory), target_(target), latency_(latency), fault_(std::move(fault)) {}

void HostRings::reset(std::uint64_t cycle) {
  command_at_ = exception_at_ = cycle;
  fencing_ = was_implausible_ = false;
  completion_.reset();
  exceptions_.clear();
  untold_ = 0;
}

bool HostRings::failed() const { return regs::dma_error::kValid.get(registers_.get(offset::kDmaError)) != 0; }

bool HostRings::running(std::uint32_t bit) const {
  return (registers_.get(offset::kRingEnable) & bit) != 0 && !failed();
}

std::uint32_t HostRings::ring_size(std::uint32_t log2_register) const {
  return std::uint32_t{1} << registers_.get(log2_register);
}

bool HostRings::completion_room() const {
  const std::uint32_t used = registers_.get(offset::kCompletionProducer) - registers_.get(offset::kCompletionConsumer);
  return used < ring_size(offset::kCompletionLog2);
}

bool HostRings::command_work() const {
  if (!running(regs::ring_enable::kCommand.mask())) return false;
  if (completion_) return true;
  const std::uint32_t waiting = registers_.get(offset::kCommandProducer) - registers_.get(offset::kCommandConsumer);
  return waiting != 0 && waiting <= ring_size(offset::kCommandLog2) && completion_room();
}

bool HostRings::exception_work() const { return running(regs::ring_enable::kException.mask()) && !exceptions_.empty(); }

bool HostRings::implausible() const {
  const auto too_far = [&](std::uint32_t ahead, std::uint32_t behind, std::uint32_t log2) {
    return registers_.get(ahead) - registers_.get(behind) > ring_size(log2);
  };
  const bool command = running(regs::ring_enable::kCommand.mask());
  const bool exception = running(regs::ring_enable::kException.mask());
  const bool event = running(regs::ring_enable::kEvent.mask());
  return (command && (too_far(offset::kCommandProducer, offset::kCommandConsumer, offset::kCommandLog2) ||
                      too_far(offset::kCompletionProducer, offset::kCompletionConsumer, offset::kCompletionLog2))) ||
         (exception && too_far(offset::kExceptionProducer, offset::kExceptionConsumer, offset::kExceptionLog2)) ||
         (event && too_far(offset::kEventProducer, offset::kEventConsumer, offset::kEventLog2));
}

void HostRings::check_doorbells() {
  const bool now = implausible();
  if (now && !was_implausible_) raise(interrupt_error);
  was_implausible_ = now;
}

void HostRings::poke(std::uint64_t cycle) {
  check_doorbells();
  // A ring that has been at rest begins with reading the descriptor.
  command_at_ = std::max(command_at_, cycle + latency_);
  exception_at_ = std::max(exception_at_, cycle);
}

void HostRings::enable(std::uint32_t before, std::uint64_t cycle) {
  const std::uint32_t after = registers_.get(offset::kRingEnable);
  const auto rises = [&](regs::Field field) { return field.get(after) != 0 && field.get(before) == 0; };
  const auto off = [&](regs::Field field) { return field.get(after) == 0; };
  if (rises(regs::ring_enable::kCommand)) {
    for (const std::uint32_t index : {offset::kCommandProducer, offset::kCommandConsumer, offset::kCompletionProducer,
                                      offset::kCompletionConsumer}) {
      registers_.set(index, 0);
    }
  }
  if (rises(regs::ring_enable::kException)) {
    for (const std::uint32_t index : {offset::kExceptionProducer, offset::kExceptionConsumer}) registers_.set(index, 0);
  }
  if (rises(regs::ring_enable::kEvent)) registers_.set(offset::kEventConsumer, 0);
  if (off(regs::ring_enable::kCommand) || rises(regs::ring_enable::kCommand)) {
    completion_.reset();
    fencing_ = false;
  }
  if (off(regs::ring_enable::kException) || rises(regs::ring_enable::kException)) exceptions_.clear();
  poke(cycle);
}

void HostRings::clear_error(std::uint64_t cycle) {
  registers_.set(offset::kDmaError, 0);
  registers_.set64(offset::kDmaErrorAddress, 0);
  if ((untold_ >> interrupt_completion & 1) != 0) tell(interrupt_completion, cycle);
  if ((untold_ >> interrupt_exception & 1) != 0) tell(interrupt_exception, cycle);
  poke(cycle);
}

void HostRings::raise(unsigned interrupt) {
  registers_.set(offset::kInterruptStatus, registers_.get(offset::kInterruptStatus) | 1U << interrupt);
}

std::optional<std::uint64_t> HostRings::next() const {
  std::optional<std::uint64_t> cycle;
  if (command_work()) cycle = command_at_;
  if (exception_work()) cycle = std::min(cycle.value_or(exception_at_), exception_at_);
  return cycle;
}

void HostRings::advance(std::uint64_t cycle) {
  for (auto due = next(); due && *due <= cycle; due = next()) {
    if (command_work() && command_at_ == *due) {
      step_command(*due);
    } else {
      step_exceptions(*due);
    }
  }
}

void HostRings::step_command(std::uint64_t cycle) {
  if (fencing_ && !target_.fence_done()) {
    command_at_ = cycle + fence_poll;
    return;
  }
  fencing_ = false;
  if (completion_) {
    write_completion(cycle);
    return;
  }
  const std::uint32_t consumer = registers_.get(offset::kCommandConsumer);
  const std::uint32_t slot = consumer % ring_size(offset::kCommandLog2);
  std::array<std::byte, regs::kCommandBytes> bytes{};
  const std::uint64_t iova = registers_.get64(offset::kCommandBase) + std::uint64_t{slot} * regs::kCommandBytes;
  if (!read(iova, bytes, cycle)) return;
  completion_.emplace();
  completion_->fill(std::byte{0});
  execute(regs::ConstCommand(bytes), regs::Completion(*completion_), cycle);
  std::ranges::fill(bytes, std::byte{0});  // it may have held keys
  registers_.set(offset::kCommandConsumer, consumer + 1);
  command_at_ = cycle + (fencing_ ? fence_settle : command_cycles);
}

void HostRings::execute(regs::ConstCommand command, regs::Completion completion, std::uint64_t cycle) {
  regs::Status status = regs::Status::kOk;
  if (command.opcode() == regs::Opcode::kFence) {
    target_.begin_fence();
    fencing_ = true;
  } else if (command.opcode() == regs::Opcode::kFrame) {
    status = read_frame(regs::ConstFrame(command.bytes()), cycle);
  } else {
    status = target_.execute(command, completion);
  }
  completion.set_opcode(command.opcode());
  completion.set_status(status);
  completion.set_cookie(command.cookie());
  completion.set_sa(command.sa());
  completion.set_time(target_.now(cycle));
}

regs::Status HostRings::read_frame(regs::ConstFrame command, std::uint64_t cycle) {
  const std::size_t length = command.length();
  if (length < wire::ethernet_bytes || length > regs::kMaxFrameBytes || command.address() % beat_size != 0) {
    return regs::Status::kBadArgument;
  }
  Frame frame(beats_of(length) * beat_size);  // the card reads whole beats
  if (!read(command.address(), frame, cycle)) return regs::Status::kDmaError;
  frame.resize(length);
  frame.resize(std::max<std::size_t>(length, wire::frame_min_bytes));
  target_.send_frame(std::move(frame), cycle + latency_);
  return regs::Status::kOk;
}

void HostRings::write_completion(std::uint64_t cycle) {
  const std::uint32_t producer = registers_.get(offset::kCompletionProducer);
  const std::uint32_t slot = producer % ring_size(offset::kCompletionLog2);
  const std::uint64_t iova = registers_.get64(offset::kCompletionBase) + std::uint64_t{slot} * regs::kCompletionBytes;
  if (!write(iova, *completion_, cycle)) return;
  completion_.reset();
  registers_.set(offset::kCompletionProducer, producer + 1);
  tell(interrupt_completion, cycle);
  command_at_ = cycle + latency_;
}

bool HostRings::deliver(const ExceptionBytes& exception, std::uint64_t cycle) {
  const std::uint32_t accepted =
      registers_.get(offset::kExceptionProducer) + static_cast<std::uint32_t>(exceptions_.size());
  const std::uint32_t used = accepted - registers_.get(offset::kExceptionConsumer);
  const bool enabled = (registers_.get(offset::kRingEnable) & regs::ring_enable::kException.mask()) != 0;
  if (!enabled || used >= ring_size(offset::kExceptionLog2) || exceptions_.size() == exception_limit) return false;
  if (exceptions_.empty()) exception_at_ = std::max(exception_at_, cycle + latency_);
  exceptions_.push_back(exception);
  regs::Exception(exceptions_.back()).set_count(accepted);
  return true;
}

void HostRings::step_exceptions(std::uint64_t cycle) {
  const std::uint32_t size = ring_size(offset::kExceptionLog2);
  std::uint32_t producer = registers_.get(offset::kExceptionProducer);
  for (std::size_t i = 0; i < exception_burst && !exceptions_.empty(); ++i) {
    const std::uint64_t iova =
        registers_.get64(offset::kExceptionBase) + std::uint64_t{producer % size} * regs::kExceptionBytes;
    if (!write(iova, exceptions_.front(), cycle)) return;
    exceptions_.pop_front();
    registers_.set(offset::kExceptionProducer, ++producer);
  }
  tell(interrupt_exception, cycle);
  exception_at_ = cycle + latency_;
}

void HostRings::tell(unsigned interrupt, std::uint64_t cycle) {
  untold_ |= 1U << interrupt;
  if (!write_status(cycle)) return;  // once more when the error has been cleared
  for (const unsigned told : {interrupt_completion, interrupt_exception}) {
    if ((untold_ >> told & 1) != 0) raise(told);
  }
  untold_ = 0;
}

bool HostRings::write_status(std::uint64_t cycle) {
  std::array<std::byte, 64> bytes{};
  regs::StatusBlock block(bytes);
  block.set_command_consumer(registers_.get(offset::kCommandConsumer));
  block.set_completion_producer(registers_.get(offset::kCompletionProducer));
  block.set_exception_producer(registers_.get(offset::kExceptionProducer));
  return write(registers_.get64(offset::kStatusBlock), bytes, cycle);
}

bool HostRings::read(std::uint64_t iova, std::span<std::byte> data, std::uint64_t cycle) {
  note_access(cycle);
  if (memory_.read(iova, data)) return true;
  note_error(false, iova, data.size());
  return false;
}

bool HostRings::write(std::uint64_t iova, std::span<const std::byte> data, std::uint64_t cycle) {
  note_access(cycle);
  if (memory_.write(iova, data)) return true;
  note_error(true, iova, data.size());
  return false;
}

void HostRings::note_access(std::uint64_t cycle) { last_access_ = std::max(last_access_, cycle); }

void HostRings::note_error(bool was_write, std::uint64_t iova, std::size_t bytes) {
  fault_(fmt::format("{} of {} bytes at IOVA {:#x}", was_write ? "write" : "read", bytes, iova));
  if (failed()) return;
  std::uint32_t error = regs::dma_error::kValid.put(0, 1);
  error = regs::dma_error::kWrite.put(error, was_write ? 1 : 0);
  registers_.set(offset::kDmaError, regs::dma_error::kResponse.put(error, decode_error));
  registers_.set64(offset::kDmaErrorAddress, iova);
  raise(interrupt_error);
}

}  // namespace sapulse::sim::fast
