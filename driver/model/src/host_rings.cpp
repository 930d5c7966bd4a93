// SPDX-License-Identifier: Apache-2.0
#include "host_rings.h"

#include <algorithm>
#include <utility>

#include "kernel_chain.h"
#include "sapulse_wire.h"

namespace sapulse::model {
namespace {

namespace offset = regs::offset;

constexpr std::uint64_t kFencePoll = 32;

// Bursts of 16 beats, and LOG2_DEPTH (rtl/host/host_interface.sv).
constexpr EntryRingLayout kExceptionLayout{.base = offset::kExceptionBase,
                                           .log2 = offset::kExceptionLog2,
                                           .consumer = offset::kExceptionConsumer,
                                           .producer = offset::kExceptionProducer,
                                           .enable = regs::ring_enable::kException,
                                           .interrupt = regs::interrupt_status::kException,
                                           .entry_bytes = regs::kExceptionBytes,
                                           .burst = 4,
                                           .buffered = 64};
constexpr EntryRingLayout kEventLayout{.base = offset::kEventBase,
                                       .log2 = offset::kEventLog2,
                                       .consumer = offset::kEventConsumer,
                                       .producer = offset::kEventProducer,
                                       .enable = regs::ring_enable::kEvent,
                                       .interrupt = regs::interrupt_status::kEvent,
                                       .entry_bytes = regs::kEventBytes,
                                       .burst = 8,
                                       .buffered = 128};

}  // namespace

HostRings::HostRings(RegisterFile& registers, DmaTarget& memory, CommandTarget& target, const Timing& timing,
                     DmaPort::Fault fault)
    : registers_(registers),
      target_(target),
      timing_(timing),
      dma_(registers, memory, std::move(fault)),
      exceptions_(kExceptionLayout, registers, dma_, timing.memory),
      events_(kEventLayout, registers, dma_, timing.memory) {}

void HostRings::reset(std::uint64_t cycle) {
  command_at_ = cycle;
  fencing_ = was_implausible_ = false;
  completion_.reset();
  dma_.reset();
  exceptions_.reset(cycle);
  events_.reset(cycle);
}

bool HostRings::commands_run() const {
  return regs::ring_enable::kCommand.get(registers_.get(offset::kRingEnable)) != 0 && !dma_.failed();
}

std::uint32_t HostRings::ring_size(std::uint32_t log2_register) const {
  return std::uint32_t{1} << registers_.get(log2_register);
}

bool HostRings::completion_room() const {
  const std::uint32_t used = registers_.get(offset::kCompletionProducer) - registers_.get(offset::kCompletionConsumer);
  return used < ring_size(offset::kCompletionLog2);
}

bool HostRings::command_work() const {
  if (!commands_run()) return false;
  if (completion_) return true;
  const std::uint32_t waiting = registers_.get(offset::kCommandProducer) - registers_.get(offset::kCommandConsumer);
  return waiting != 0 && waiting <= ring_size(offset::kCommandLog2) && completion_room();
}

bool HostRings::implausible() const {
  const auto too_far = [&](std::uint32_t ahead, std::uint32_t behind, std::uint32_t log2) {
    return registers_.get(ahead) - registers_.get(behind) > ring_size(log2);
  };
  return (commands_run() &&
          (too_far(offset::kCommandProducer, offset::kCommandConsumer, offset::kCommandLog2) ||
           too_far(offset::kCompletionProducer, offset::kCompletionConsumer, offset::kCompletionLog2))) ||
         exceptions_.implausible() || events_.implausible();
}

void HostRings::check_doorbells() {
  const bool now = implausible();
  if (now && !was_implausible_) dma_.raise_error();
  was_implausible_ = now;
}

void HostRings::poke(std::uint64_t cycle) {
  check_doorbells();
  // A ring that has been at rest begins with reading the descriptor.
  command_at_ = std::max(command_at_, cycle + timing_.memory);
  exceptions_.poke(cycle);
  events_.poke(cycle);
}

void HostRings::enable(std::uint32_t before, std::uint64_t cycle) {
  const bool enabled = regs::ring_enable::kCommand.get(registers_.get(offset::kRingEnable)) != 0;
  const bool rises = enabled && regs::ring_enable::kCommand.get(before) == 0;
  if (rises) {
    for (const std::uint32_t index : {offset::kCommandProducer, offset::kCommandConsumer, offset::kCompletionProducer,
                                      offset::kCompletionConsumer}) {
      registers_.set(index, 0);
    }
  }
  if (rises || !enabled) {
    completion_.reset();
    fencing_ = false;
  }
  exceptions_.enable(before);
  events_.enable(before);
  poke(cycle);
}

void HostRings::clear_error(std::uint64_t cycle) {
  dma_.clear_error(cycle);
  poke(cycle);
}

std::optional<std::uint64_t> HostRings::next() const {
  std::optional<std::uint64_t> cycle;
  if (command_work()) cycle = command_at_;
  for (const EntryRing* ring : {&exceptions_, &events_}) {
    if (const auto due = ring->next()) cycle = std::min(cycle.value_or(*due), *due);
  }
  return cycle;
}

void HostRings::advance(std::uint64_t cycle) {
  for (auto due = next(); due && *due <= cycle; due = next()) {
    if (command_work() && command_at_ == *due) {
      step_command(*due);
    } else if (exceptions_.next() == due) {
      exceptions_.write(*due);
    } else {
      events_.write(*due);
    }
  }
}

void HostRings::step_command(std::uint64_t cycle) {
  if (fencing_ && !target_.fence_done()) {
    command_at_ = cycle + kFencePoll;
    return;
  }
  fencing_ = false;
  if (completion_) {
    write_completion(*completion_, cycle);
    return;
  }
  const std::uint32_t consumer = registers_.get(offset::kCommandConsumer);
  const std::uint32_t slot = consumer % ring_size(offset::kCommandLog2);
  std::array<std::byte, regs::kCommandBytes> bytes{};
  const std::uint64_t iova = registers_.get64(offset::kCommandBase) + std::uint64_t{slot} * regs::kCommandBytes;
  if (!dma_.read(iova, bytes, cycle)) return;
  completion_.emplace();
  completion_->fill(std::byte{0});
  const regs::ConstCommand command(bytes);
  const regs::Completion completion(*completion_);
  const Executed executed = execute(command, completion, cycle);
  completion.set_opcode(command.opcode());
  completion.set_status(executed.status);
  completion.set_cookie(command.cookie());
  completion.set_sa(command.sa());
  completion.set_time(target_.now(executed.done));
  std::ranges::fill(bytes, std::byte{0});  // it may have held keys
  registers_.set(offset::kCommandConsumer, consumer + 1);
  command_at_ = executed.done + (fencing_ ? timing_.fence_settle : timing_.command);
}

Executed HostRings::execute(regs::ConstCommand command, regs::Completion completion, std::uint64_t cycle) {
  if (command.opcode() == regs::Opcode::fence) {
    target_.begin_fence();
    fencing_ = true;
    return {regs::Status::ok, cycle};
  }
  if (command.opcode() == regs::Opcode::frame) return {read_frame(regs::ConstFrame(command.bytes()), cycle), cycle};
  return target_.execute(command, completion, cycle);
}

regs::Status HostRings::read_frame(regs::ConstFrame command, std::uint64_t cycle) {
  const std::size_t length = command.length();
  if (length < wire::ethernet_bytes || length > regs::kMaxFrameBytes || command.address() % kBeatSize != 0) {
    return regs::Status::bad_argument;
  }
  Frame frame(beats_of(length) * kBeatSize);  // the card reads whole beats
  if (!dma_.read(command.address(), frame, cycle)) return regs::Status::dma_error;
  frame.resize(length);
  frame.resize(std::max<std::size_t>(length, wire::frame_min_bytes));
  target_.send_frame(std::move(frame), cycle + timing_.memory);
  return regs::Status::ok;
}

void HostRings::write_completion(const CompletionBytes& completion, std::uint64_t cycle) {
  const std::uint32_t producer = registers_.get(offset::kCompletionProducer);
  const std::uint32_t slot = producer % ring_size(offset::kCompletionLog2);
  const std::uint64_t iova = registers_.get64(offset::kCompletionBase) + std::uint64_t{slot} * regs::kCompletionBytes;
  if (!dma_.write(iova, completion, cycle)) return;
  completion_.reset();
  registers_.set(offset::kCompletionProducer, producer + 1);
  dma_.tell(regs::interrupt_status::kCompletion, cycle);
  command_at_ = cycle + timing_.memory;
}

bool HostRings::deliver(ExceptionBytes exception, std::uint64_t cycle) {
  if (!exceptions_.room()) return false;
  regs::Exception(exception).set_count(exceptions_.accepted());
  exceptions_.push(exception, cycle);
  return true;
}

bool HostRings::deliver(EventBytes event, std::uint64_t cycle) {
  if (!events_.room()) return false;
  regs::Event(event).set_count(events_.accepted());
  events_.push(event, cycle);
  return true;
}

}  // namespace sapulse::model
