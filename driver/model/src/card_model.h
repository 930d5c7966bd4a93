// SPDX-License-Identifier: Apache-2.0
// The card as a program: the kernels run natively, shell and tables are plain C++.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "answer_path.h"
#include "datapath.h"
#include "register_bus.h"
#include "requester.h"
#include "sapulse/model/dma_target.h"
#include "shell.h"
#include "transmitter.h"

namespace sapulse::model {

/// What a card was built with, and where it stands.
struct ModelOptions {
  BuildIdentity build;
  Timing timing{};
  unsigned sink_stall_percent = 0;  ///< cycles in which whoever takes its frames does not, 0..99
  bool trace_frames = false;        ///< whether take_traces() has anything to give
};

/// Goes from event to event: its owner says what cycle it is. What each frame becomes is exact; when it leaves follows
/// from the timing. There is no back-pressure from one port to another. Not thread-safe.
class CardModel final : private CommandTarget {
 public:
  /// SA capacities that the card can be built with.
  static constexpr std::array<unsigned, 3> kCapacities{1024, 16384, 65536};

  /// `memory`: of the host; must outlive the card. `fault` is told about accesses outside of it. In reset until reset()
  /// is called.
  CardModel(const ModelOptions& options, DmaTarget& memory, DmaPort::Fault fault);
  CardModel(const CardModel&) = delete;
  CardModel& operator=(const CardModel&) = delete;

  /// Resets the card, whose time goes on.
  void reset();

  [[nodiscard]] std::uint64_t cycle() const { return cycle_; }
  /// First cycle in which the card has something to do by itself, as things are; it may lie in the past.
  [[nodiscard]] std::optional<std::uint64_t> next() const;
  /// Does what is due up to `cycle`, which becomes the current one.
  void advance(std::uint64_t cycle);

  /// A frame has come in; the cycle of its last beat becomes the current one. What was due before has been done.
  void receive(Port port, Arrival arrival);
  /// Takes the frames that have left a port since the last call.
  [[nodiscard]] std::vector<OutputFrame> take_output(Port port);
  /// As long as a port is held, no frame leaves it. Others go on coming in.
  void hold(Port port, bool held) { outputs_[static_cast<std::size_t>(port)].hold(held, cycle_); }
  [[nodiscard]] std::vector<FrameTrace> take_traces() { return datapath_.take_traces(); }
  [[nodiscard]] const Transmitter& output(Port port) const { return outputs_[static_cast<std::size_t>(port)]; }

  /// Registers, in the current cycle. Nothing and false: a bus error.
  std::optional<std::uint32_t> read32(std::uint32_t offset) { return bus_.read(offset, cycle_); }
  bool write32(std::uint32_t offset, std::uint32_t value) { return bus_.write(offset, value, cycle_); }
  /// Interrupt levels, bit i as in INTERRUPT_STATUS.
  [[nodiscard]] std::uint32_t interrupts() const;
  /// Last cycle in which the card accessed the memory of the host.
  [[nodiscard]] std::uint64_t last_access() const { return rings_.last_access(); }

 private:
  Executed execute(regs::ConstCommand command, regs::Completion completion, std::uint64_t cycle) override;
  void send_frame(Frame frame, std::uint64_t cycle) override;
  void begin_fence() override { answers_.begin_fence(); }
  [[nodiscard]] bool fence_done() const override { return answers_.fence_done(); }
  [[nodiscard]] std::uint64_t now(std::uint64_t cycle) const override { return clock_.now(cycle); }

  /// Lets frames leave up to the current cycle.
  void transmit();
  [[nodiscard]] bool tables_ready() const { return cycle_ >= ready_at_; }
  [[nodiscard]] std::uint32_t status() const;
  [[nodiscard]] Transmitter make_transmitter() const;

  ModelOptions options_;
  RegisterFile registers_;
  SaTables tables_;
  RateLimits limits_;
  SourceLimits sources_;
  CardClock clock_;
  Counters counters_{};
  HostRings rings_;
  Shell shell_;
  Transmitters outputs_;
  AnswerPath answers_;
  Requester requester_;
  Datapath datapath_;
  RegisterBus bus_;
  std::uint64_t cycle_ = 0;
  std::uint64_t ready_at_ = 0;  // the tables have been cleared
};

}  // namespace sapulse::model
