// SPDX-License-Identifier: Apache-2.0
#include "verilated_card.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <utility>

#include "assertions.h"
#include "axi_memory.h"
#include "axil_master.h"
#include "axis_sink.h"
#include "axis_source.h"
#include "frame_tracker.h"
#include "git_hash.h"
#include "host_memory.h"
#include "load_model.h"
#include "models.h"
#include "pins.h"

namespace sapulse::sim {
namespace {

constexpr std::uint64_t kResetCycles = 16;
// Registers hold random values until reset has reached them: what assertions say before means nothing.
constexpr std::uint64_t kPowerUpCycles = 4;
constexpr std::uint64_t kRegisterTimeoutCycles = 10'000;
constexpr std::size_t kViolationLimit = 100;
constexpr std::array kPorts{Port::line, Port::core};

constexpr std::size_t index(Port port) { return static_cast<std::size_t>(port); }

const ModelEntry* find_model(unsigned capacity) {
  const auto* found = std::ranges::find(kModels, capacity, &ModelEntry::sa_capacity);
  return found == kModels.end() ? nullptr : found;
}

std::string list_capacities() {
  std::string list;
  for (const ModelEntry& model : kModels) list += fmt::format("{}{}", list.empty() ? "" : ", ", model.sa_capacity);
  return list;
}

/// What only this model needs; see Card::create for the rest.
Result<void> check(const CardOptions& options) {
  const auto invalid = [](std::string message) { return failure(Errc::invalid_argument, std::move(message)); };
  if (find_model(options.sa_capacity) == nullptr) {
    return invalid(fmt::format("SA capacity {} has no model; there are {}", options.sa_capacity, list_capacities()));
  }
  const ModelEntry& model = *find_model(options.sa_capacity);
  if (!options.trace.empty() && !model.traceable) {
    return invalid(fmt::format("the model of {} SAs has been built without tracing", options.sa_capacity));
  }
  if (options.kernels == KernelKind::rtl && !model.has_rtl) {
    return invalid(
        fmt::format("the model of {} SAs has been built with views of the kernels alone", options.sa_capacity));
  }
  if (!options.trace.empty() && !std::ofstream(options.trace)) {
    return failure(Errc::io_error, fmt::format("{}: cannot be written", options.trace.string()));
  }
  return {};
}

std::string model_name(const CardOptions& options) {
  const bool has_views = options.kernels == KernelKind::view;
  return fmt::format("card_{}{}", options.sa_capacity, !options.trace.empty() ? "_traced" : has_views ? "_view" : "");
}

}  // namespace

struct VerilatedCard::Implementation {
  Implementation(const CardOptions& card_options, std::unique_ptr<Model> verilated, DmaTarget* host_memory)
      : options(card_options),
        sources{AxisSource{options.pacing, options.clock_mhz, options.source_stall_percent, options.seed * 8 + 1},
                AxisSource{options.pacing, options.clock_mhz, options.source_stall_percent, options.seed * 8 + 2}},
        sinks{AxisSink{options.sink_stall_percent, options.seed * 8 + 3},
              AxisSink{options.sink_stall_percent, options.seed * 8 + 4}},
        registers(options.seed * 8 + 5),
        axi(host_memory != nullptr ? *host_memory : memory, options.memory_latency_min, options.memory_latency_max,
            options.seed * 8 + 6,
            [this](std::string message) { violate(Violation::Kind::dma_fault, std::move(message)); }),
        report([this](std::string message) { violate(Violation::Kind::assertion, std::move(message)); }),
        tracker(report),
        model(std::move(verilated)) {}

  void violate(Violation::Kind kind, std::string message) {
    if (cycle < kPowerUpCycles || violations.size() == kViolationLimit) return;
    violations.push_back({kind, cycle, std::move(message)});
  }

  void step() {
    drive();
    if (!dead) {
      try {
        model->settle(inputs, outputs);
        if (!inputs.reset) observe();
        model->clock();
      } catch (const ModelFailure& failure) {
        dead = true;
        outputs = {};
        violate(Violation::Kind::assertion, failure.what());
      }
    }
    ++cycle;
  }

  void drive() {
    if (inputs.reset) return;
    for (const Port port : kPorts) {
      const std::size_t i = index(port);
      bool valid = false;
      sources[i].drive(cycle, valid, inputs.rx[i]);
      inputs.rx_valid[i] = valid;
      inputs.tx_ready[i] = sinks[i].drive();
    }
    registers.drive(inputs.axil);
    axi.drive(cycle, inputs.axi);
  }

  void observe() {
    bool active = false;
    for (const Port port : kPorts) {
      const std::size_t i = index(port);
      const bool taken = inputs.rx_valid[i] && outputs.rx_ready[i];
      sources[i].observe(cycle, taken);
      active = sinks[i].observe(cycle, outputs.tx_valid[i], inputs.tx_ready[i], outputs.tx[i]) || taken || active;
    }
    registers.observe(inputs.axil, outputs.axil);
    active = axi.observe(cycle, outputs.axi, inputs.axi) || active;
    if (active) last_activity = cycle;
    if (options.trace_frames) tracker.observe(cycle, outputs.events);
  }

  void reset() {
    inputs = {};
    for (AxisSource& source : sources) source.reset();
    for (AxisSink& sink : sinks) sink.reset();
    registers.reset();
    axi.reset();
    tracker.reset();
    registers_dead = false;
    const AssertionScope scope(report);
    for (std::uint64_t i = 0; i < kResetCycles; ++i) step();
    inputs.reset = false;
  }

  /// Runs the register transaction that has been started.
  Result<void> transact(const char* what, std::uint32_t offset) {
    const AssertionScope scope(report);
    const std::uint64_t end = cycle + kRegisterTimeoutCycles;
    while (!registers.idle() && cycle < end) step();
    if (!registers.idle()) {
      registers_dead = true;
      return failure(Errc::device_error, fmt::format("{} register {:#06x}: no response within {} cycles", what, offset,
                                                     kRegisterTimeoutCycles));
    }
    if (registers.response() != 0) {
      return failure(Errc::device_error, fmt::format("{} register {:#06x}: bus error", what, offset));
    }
    return {};
  }

  Result<void> check_register(const char* what, std::uint32_t offset) const {
    if (offset > 0xfffc || offset % 4 != 0) {
      return failure(Errc::invalid_argument,
                     fmt::format("{} register {:#x}: not a multiple of 4 below 0x10000", what, offset));
    }
    if (registers_dead) {
      return failure(Errc::device_error,
                     fmt::format("{} register {:#06x}: an earlier access was never answered", what, offset));
    }
    return {};
  }

  CardOptions options;
  std::array<AxisSource, kPortCount> sources;
  std::array<AxisSink, kPortCount> sinks;
  AxilMaster registers;
  model::HostMemory memory;
  AxiMemory axi;
  AssertionScope::Report report;
  FrameTracker tracker;
  std::unique_ptr<Model> model;
  Inputs inputs;
  Outputs outputs;
  std::uint64_t cycle = 0;
  std::uint64_t last_activity = 0;
  bool dead = false;            // the model has failed: cycles pass, nothing happens
  bool registers_dead = false;  // a transaction was never answered
  std::vector<Violation> violations;
};

std::vector<unsigned> VerilatedCard::capacities() {
  std::vector<unsigned> capacities;
  capacities.reserve(kModels.size());
  for (const ModelEntry& model : kModels) capacities.push_back(model.sa_capacity);
  return capacities;
}

Result<std::unique_ptr<Card>> VerilatedCard::create(const CardOptions& options, DmaTarget* host_memory) {
  if (auto good = check(options); !good) return tl::unexpected(good.error());
  auto model = load_model(
      model_name(options),
      {.seed = options.seed, .clock_mhz = options.clock_mhz, .trace = options.trace, .git_hash = git_hash()});
  if (!model) return tl::unexpected(model.error());
  std::unique_ptr<Card> card(
      new VerilatedCard(std::make_unique<Implementation>(options, *std::move(model), host_memory)));
  card->reset();
  return card;
}

VerilatedCard::VerilatedCard(std::unique_ptr<Implementation> implementation)
    : Card(implementation->options), implementation_(std::move(implementation)) {}
VerilatedCard::~VerilatedCard() = default;

std::uint64_t VerilatedCard::cycle() const { return implementation_->cycle; }

void VerilatedCard::step(std::uint64_t cycles) {
  const AssertionScope scope(implementation_->report);
  for (std::uint64_t i = 0; i < cycles; ++i) implementation_->step();
}

void VerilatedCard::reset() { implementation_->reset(); }

Result<void> VerilatedCard::send(Port port, Frame frame, bool bad) {
  if (frame.empty()) return failure(Errc::invalid_argument, "a frame of 0 bytes cannot be sent");
  implementation_->sources[index(port)].push(std::move(frame), bad);
  return {};
}

void VerilatedCard::hold(Port port, bool held) { implementation_->sinks[index(port)].hold(held); }
std::size_t VerilatedCard::pending(Port port) const { return implementation_->sources[index(port)].pending(); }
std::vector<InputTime> VerilatedCard::take_input_times(Port port) {
  return implementation_->sources[index(port)].take_times();
}
std::vector<OutputFrame> VerilatedCard::take_output(Port port) {
  return implementation_->sinks[index(port)].take_frames();
}
std::vector<FrameTrace> VerilatedCard::take_traces() { return implementation_->tracker.take_traces(); }
PortCount VerilatedCard::received(Port port) const { return implementation_->sources[index(port)].count(); }
PortCount VerilatedCard::transmitted(Port port) const { return implementation_->sinks[index(port)].count(); }
std::uint64_t VerilatedCard::last_activity() const { return implementation_->last_activity; }

bool VerilatedCard::transferring() const {
  const Implementation& card = *implementation_;
  return card.axi.busy() || std::ranges::any_of(card.sinks, &AxisSink::frame_open) ||
         std::ranges::any_of(card.outputs.tx_valid, std::identity{});
}

Result<std::uint32_t> VerilatedCard::read32(std::uint32_t offset) {
  Implementation& card = *implementation_;
  if (auto good = card.check_register("read of", offset); !good) return tl::unexpected(good.error());
  card.registers.start_read(static_cast<std::uint16_t>(offset));
  if (auto done = card.transact("read of", offset); !done) return tl::unexpected(done.error());
  return card.registers.data();
}

Result<void> VerilatedCard::write32(std::uint32_t offset, std::uint32_t value) {
  Implementation& card = *implementation_;
  if (auto good = card.check_register("write to", offset); !good) return good;
  card.registers.start_write(static_cast<std::uint16_t>(offset), value);
  return card.transact("write to", offset);
}

Result<std::uint64_t> VerilatedCard::map(std::size_t bytes, std::size_t alignment) {
  return implementation_->memory.map(bytes, alignment);
}

void VerilatedCard::unmap(std::uint64_t iova) { implementation_->memory.unmap(iova); }
std::span<std::byte> VerilatedCard::memory(std::uint64_t iova) { return implementation_->memory.region(iova); }
std::uint32_t VerilatedCard::interrupts() const { return implementation_->outputs.interrupts; }
const std::vector<Violation>& VerilatedCard::violations() const { return implementation_->violations; }

}  // namespace sapulse::sim
