// SPDX-License-Identifier: Apache-2.0
#include "card_model.h"

#include <algorithm>
#include <utility>

namespace sapulse::model {
namespace {

/// 10^6 / kHz ns in 16.32 fixed point, rounded (rtl/host/device_registers.sv).
std::uint64_t clock_increment(std::uint32_t khz) { return ((std::uint64_t{1'000'000} << 32) + khz / 2) / khz; }

}  // namespace

CardModel::CardModel(const ModelOptions& options, DmaTarget& memory, DmaPort::Fault fault)
    : options_(options),
      tables_(options.build.sa_capacity),
      clock_(0, clock_increment(options.build.clock_khz)),
      rings_(registers_, memory, *this, options_.timing, std::move(fault)),
      shell_{registers_, tables_, limits_, sources_, rings_, clock_, counters_, options_.timing},
      outputs_{make_transmitter(), make_transmitter()},
      answers_(shell_, outputs_[static_cast<std::size_t>(Port::line)]),
      requester_(shell_, answers_),
      datapath_(shell_, outputs_, answers_, requester_, options.trace_frames),
      bus_(shell_, requester_, [this] { return status(); }) {}

Transmitter CardModel::make_transmitter() const {
  return {options_.timing, options_.sink_stall_percent, [this] { return registers_.get(regs::offset::kTxShare); }};
}

void CardModel::reset() {
  cycle_ += options_.timing.reset;
  registers_.reset();
  tables_.clear();
  limits_ = {};
  sources_ = {};
  clock_ = CardClock(cycle_, clock_increment(options_.build.clock_khz));
  counters_ = {};
  rings_.reset(cycle_);
  for (Transmitter& output : outputs_) output.reset(cycle_);
  answers_.reset(cycle_);
  requester_.reset(cycle_);
  datapath_.reset(cycle_);
  bus_.identify(options_.build);
  ready_at_ = cycle_ + std::uint64_t{options_.timing.clear_entry} * options_.build.sa_capacity;
}

std::optional<std::uint64_t> CardModel::next() const {
  std::optional<std::uint64_t> first;
  for (const auto& event : {rings_.next(), requester_.next(), output(Port::line).next(), output(Port::core).next()}) {
    if (event) first = std::min(first.value_or(*event), *event);
  }
  return first;
}

void CardModel::advance(std::uint64_t cycle) {
  for (;;) {
    std::uint64_t due = cycle + 1;
    for (const auto& event : {rings_.next(), requester_.next()}) due = std::min(due, event.value_or(due));
    if (due > cycle) break;
    cycle_ = std::max(cycle_, due);
    transmit();
    rings_.advance(cycle_);
    requester_.advance(cycle_);
  }
  cycle_ = std::max(cycle_, cycle);
  transmit();
}

void CardModel::transmit() {
  for (Transmitter& output : outputs_) output.advance(cycle_);
}

void CardModel::receive(Port port, Arrival arrival) {
  cycle_ = std::max(cycle_, arrival.time.last_cycle);
  transmit();
  if (port == Port::core) {
    datapath_.core_frame(std::move(arrival));
    return;
  }
  datapath_.line_frame(std::move(arrival),
                       tables_ready() && regs::control::kEnable.get(registers_.get(regs::offset::kControl)) != 0);
}

std::vector<OutputFrame> CardModel::take_output(Port port) {
  return outputs_[static_cast<std::size_t>(port)].take_frames();
}

std::uint32_t CardModel::status() const {
  using namespace regs::status;
  std::uint32_t value = kReady.put(0, tables_ready() ? 1 : 0);
  value = kDmaError.put(value, regs::dma_error::kValid.get(registers_.get(regs::offset::kDmaError)));
  value = kIdle.put(value, answers_.idle() && output(Port::core).empty() && rings_.idle() ? 1 : 0);
  value = kDoorbell.put(value, rings_.implausible() ? 1 : 0);
  return kDmaIdle.put(value, 1);  // accesses take no time
}

std::uint32_t CardModel::interrupts() const {
  return registers_.get(regs::offset::kInterruptStatus) & registers_.get(regs::offset::kInterruptEnable);
}

Executed CardModel::execute(regs::ConstCommand command, regs::Completion completion, std::uint64_t cycle) {
  return requester_.execute(command, completion, cycle);
}

void CardModel::send_frame(Frame frame, std::uint64_t cycle) { datapath_.host_frame(std::move(frame), cycle); }

}  // namespace sapulse::model
