// SPDX-License-Identifier: Apache-2.0
#include "fast_card.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sapulse::sim::fast {
namespace {

constexpr std::uint64_t kResetCycles = 16;
// An AXI4-Lite transaction of the simulated bus master, in the mean.
constexpr std::uint64_t kRegisterCycles = 8;
constexpr std::size_t kViolationLimit = 100;
// 10^6 / kHz ns in 16.32 fixed point, rounded (rtl/host/device_registers.sv).
constexpr std::uint64_t kClockIncrement =
    ((std::uint64_t{1'000'000} << 32) + SAPULSE_FAST_CLOCK_KHZ / 2) / SAPULSE_FAST_CLOCK_KHZ;

Result<void> check_register(const char* what, std::uint32_t offset) {
  if (offset < regs::kWindowBytes && offset % 4 == 0) return {};
  return failure(Errc::invalid_argument,
                 fmt::format("{} register {:#x}: not a multiple of 4 below 0x10000", what, offset));
}

tl::unexpected<Error> bus_error(const char* what, std::uint32_t offset) {
  return failure(Errc::device_error, fmt::format("{} register {:#06x}: bus error", what, offset));
}

}  // namespace

Result<std::unique_ptr<Card>> FastCard::create(const CardOptions& options, DmaTarget* host_memory) {
  if (std::ranges::find(kCapacities, options.sa_capacity) == kCapacities.end()) {
    return failure(Errc::invalid_argument,
                   fmt::format("SA capacity {} is not one of {}", options.sa_capacity, fmt::join(kCapacities, ", ")));
  }
  if (!options.trace.empty()) {
    return failure(Errc::invalid_argument, "the fast model has no signals that could be traced");
  }
  std::unique_ptr<FastCard> card(new FastCard(options, host_memory));
  card->reset();
  return card;
}

FastCard::FastCard(const CardOptions& options, DmaTarget* host_memory)
    : Card(options),
      tables_(options.sa_capacity),
      clock_(0, kClockIncrement),
      rings_(registers_, host_memory != nullptr ? *host_memory : memory_, *this,
             (options.memory_latency_min + options.memory_latency_max) / 2,
             [this](std::string message) {
               if (violations_.size() == kViolationLimit) return;
               violations_.push_back({Violation::Kind::dma_fault, cycle_, std::move(message)});
             }),
      shell_{registers_, tables_, limits_, sources_, rings_, clock_, counters_},
      outputs_{Transmitter{options.sink_stall_percent, [this] { return registers_.get(regs::offset::kTxShare); }},
               Transmitter{options.sink_stall_percent, [this] { return registers_.get(regs::offset::kTxShare); }}},
      answers_(shell_, outputs_[static_cast<std::size_t>(Port::line)]),
      requester_(shell_, answers_),
      datapath_(shell_, outputs_, answers_, requester_, options.trace_frames),
      bus_(shell_, requester_, [this] { return status(); }),
      receivers_{Receiver{options.pacing, options.clock_mhz, options.source_stall_percent},
                 Receiver{options.pacing, options.clock_mhz, options.source_stall_percent}} {}

void FastCard::reset() {
  cycle_ += kResetCycles;
  registers_.reset();
  tables_.clear();
  limits_ = {};
  sources_ = {};
  clock_ = CardClock(cycle_, kClockIncrement);
  counters_ = {};
  rings_.reset(cycle_);
  for (Transmitter& output : outputs_) output.reset(cycle_);
  answers_.reset(cycle_);
  requester_.reset(cycle_);
  datapath_.reset(cycle_);
  bus_.identify(options().sa_capacity);
  for (Receiver& receiver : receivers_) receiver.hold_until(cycle_);
  ready_at_ = cycle_ + options().sa_capacity;
}

void FastCard::step(std::uint64_t cycles) { run_until(cycle_ + cycles); }

void FastCard::run_until(std::uint64_t cycle) {
  for (;;) {
    const auto line = receiver(Port::line).next();
    const auto core = receiver(Port::core).next();
    std::uint64_t due = cycle + 1;
    for (const auto& event : {line, core, rings_.next(), requester_.next()}) due = std::min(due, event.value_or(due));
    if (due > cycle) break;
    cycle_ = std::max(cycle_, due);
    transmit();
    if (line && *line <= cycle_) {
      last_input_ = *line;
      datapath_.line_frame(receiver(Port::line).pop(),
                           tables_ready() && regs::control::kEnable.get(registers_.get(regs::offset::kControl)) != 0);
    }
    if (core && *core <= cycle_) {
      last_input_ = *core;
      datapath_.core_frame(receiver(Port::core).pop());
    }
    rings_.advance(cycle_);
    requester_.advance(cycle_);
  }
  cycle_ = cycle;
  transmit();
}

void FastCard::transmit() {
  for (Transmitter& output : outputs_) output.advance(cycle_);
}

Result<void> FastCard::send(Port port, Frame frame, bool bad) {
  if (frame.empty()) return failure(Errc::invalid_argument, "a frame of 0 bytes cannot be sent");
  receiver(port).push(std::move(frame), bad, cycle_);
  return {};
}

std::size_t FastCard::pending(Port port) const { return receiver(port).pending(); }
std::vector<InputTime> FastCard::take_input_times(Port port) { return receiver(port).take_times(); }
std::vector<OutputFrame> FastCard::take_output(Port port) {
  return outputs_[static_cast<std::size_t>(port)].take_frames();
}
PortCount FastCard::received(Port port) const { return receiver(port).count(); }
PortCount FastCard::transmitted(Port port) const { return output(port).count(); }

std::uint64_t FastCard::last_activity() const {
  return std::max(
      {last_input_, rings_.last_access(), output(Port::line).last_activity(), output(Port::core).last_activity()});
}

bool FastCard::transferring() const { return output(Port::line).active(cycle_) || output(Port::core).active(cycle_); }

Result<std::uint32_t> FastCard::read32(std::uint32_t offset) {
  if (auto good = check_register("read of", offset); !good) return tl::unexpected(good.error());
  step(kRegisterCycles);
  const auto value = bus_.read(offset, cycle_);
  if (!value) return bus_error("read of", offset);
  return *value;
}

Result<void> FastCard::write32(std::uint32_t offset, std::uint32_t value) {
  if (auto good = check_register("write to", offset); !good) return good;
  step(kRegisterCycles);
  if (!bus_.write(offset, value, cycle_)) return bus_error("write to", offset);
  return {};
}

std::uint32_t FastCard::status() const {
  using namespace regs::status;
  std::uint32_t value = kReady.put(0, tables_ready() ? 1 : 0);
  value = kDmaError.put(value, regs::dma_error::kValid.get(registers_.get(regs::offset::kDmaError)));
  value = kIdle.put(value, answers_.idle() && output(Port::core).empty() && rings_.idle() ? 1 : 0);
  value = kDoorbell.put(value, rings_.implausible() ? 1 : 0);
  return kDmaIdle.put(value, 1);  // accesses take no time
}

std::uint32_t FastCard::interrupts() const {
  return registers_.get(regs::offset::kInterruptStatus) & registers_.get(regs::offset::kInterruptEnable);
}

Executed FastCard::execute(regs::ConstCommand command, regs::Completion completion, std::uint64_t cycle) {
  return requester_.execute(command, completion, cycle);
}

void FastCard::send_frame(Frame frame, std::uint64_t cycle) { datapath_.host_frame(std::move(frame), cycle); }

Result<std::uint64_t> FastCard::map(std::size_t bytes, std::size_t alignment) { return memory_.map(bytes, alignment); }
void FastCard::unmap(std::uint64_t iova) { memory_.unmap(iova); }
std::span<std::byte> FastCard::memory(std::uint64_t iova) { return memory_.region(iova); }

}  // namespace sapulse::sim::fast
