// SPDX-License-Identifier: Apache-2.0
#include "fast_card.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "card_timing.h"
#include "git_hash.h"
#include "register_errors.h"

namespace sapulse::sim::fast {
namespace {

using model::bus_error;
using model::CardModel;
using model::check_register;

// An AXI4-Lite transaction of the simulated bus master, in the mean.
constexpr std::uint64_t kRegisterCycles = 8;
constexpr std::size_t kViolationLimit = 100;

model::ModelOptions model_options(const CardOptions& options) {
  return {.build = {.sa_capacity = options.sa_capacity, .clock_khz = SAPULSE_FAST_CLOCK_KHZ, .git_hash = git_hash()},
          .timing = card_timing((options.memory_latency_min + options.memory_latency_max) / 2),
          .sink_stall_percent = options.sink_stall_percent,
          .trace_frames = options.trace_frames};
}

}  // namespace

Result<std::unique_ptr<Card>> FastCard::create(const CardOptions& options, DmaTarget* host_memory) {
  if (std::ranges::find(CardModel::kCapacities, options.sa_capacity) == CardModel::kCapacities.end()) {
    return failure(Errc::invalid_argument, fmt::format("SA capacity {} is not one of {}", options.sa_capacity,
                                                       fmt::join(CardModel::kCapacities, ", ")));
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
      model_(model_options(options), host_memory != nullptr ? *host_memory : memory_,
             [this](std::string message) { note_fault(std::move(message)); }),
      receivers_{Receiver{options.pacing, options.clock_mhz, options.source_stall_percent},
                 Receiver{options.pacing, options.clock_mhz, options.source_stall_percent}} {}

void FastCard::note_fault(std::string message) {
  if (violations_.size() == kViolationLimit) return;
  violations_.push_back({Violation::Kind::dma_fault, cycle(), std::move(message)});
}

void FastCard::reset() {
  model_.reset();
  for (Receiver& receiver : receivers_) receiver.hold_until(cycle());
}

void FastCard::run_until(std::uint64_t cycle) {
  for (;;) {
    const auto line = receiver(Port::line).next();
    const auto core = receiver(Port::core).next();
    const std::uint64_t due = std::min(line.value_or(cycle + 1), core.value_or(cycle + 1));
    if (due > cycle) break;
    // What the card does by itself in that cycle comes after the frames.
    if (due > 0) model_.advance(due - 1);
    if (line == due) receive(Port::line);
    if (core == due) receive(Port::core);
  }
  model_.advance(cycle);
}

void FastCard::receive(Port port) {
  model::Arrival arrival = receiver(port).pop();
  last_input_ = arrival.time.last_cycle;
  model_.receive(port, std::move(arrival));
}

Result<void> FastCard::send(Port port, Frame frame, bool bad) {
  if (frame.empty()) return failure(Errc::invalid_argument, "a frame of 0 bytes cannot be sent");
  receiver(port).push(std::move(frame), bad, cycle());
  return {};
}

std::uint64_t FastCard::last_activity() const {
  return std::max({last_input_, model_.last_access(), model_.output(Port::line).last_activity(),
                   model_.output(Port::core).last_activity()});
}

bool FastCard::transferring() const {
  return model_.output(Port::line).active(cycle()) || model_.output(Port::core).active(cycle());
}

Result<std::uint32_t> FastCard::read32(std::uint32_t offset) {
  if (auto good = check_register("read of", offset); !good) return tl::unexpected(good.error());
  step(kRegisterCycles);
  const auto value = model_.read32(offset);
  if (!value) return bus_error("read of", offset);
  return *value;
}

Result<void> FastCard::write32(std::uint32_t offset, std::uint32_t value) {
  if (auto good = check_register("write to", offset); !good) return good;
  step(kRegisterCycles);
  if (!model_.write32(offset, value)) return bus_error("write to", offset);
  return {};
}

}  // namespace sapulse::sim::fast
