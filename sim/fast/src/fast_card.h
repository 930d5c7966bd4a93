// SPDX-License-Identifier: Apache-2.0
// The fast model behind the Card interface.
#pragma once

#include <array>

#include "answer_path.h"
#include "datapath.h"
#include "host_memory.h"
#include "register_bus.h"
#include "requester.h"
#include "sapulse/sim/card.h"
#include "shell.h"

namespace sapulse::sim::fast {

/// Loosely timed: goes from event to event. What each frame becomes is exact; when it leaves is computed from the
/// latencies of kernels and shell. Stalls slow frames down evenly; there is no back-pressure from one port to another.
class FastCard final : public Card, private CommandTarget {
 public:
  /// SA capacities that the card can be built with.
  static constexpr std::array<unsigned, 3> kCapacities{1024, 16384, 65536};
  [[nodiscard]] static Result<std::unique_ptr<Card>> create(const CardOptions& options, DmaTarget* host_memory);

  [[nodiscard]] std::uint64_t cycle() const override { return cycle_; }
  void step(std::uint64_t cycles) override;
  void reset() override;
  Result<void> send(Port port, Frame frame, bool bad) override;
  [[nodiscard]] std::size_t pending(Port port) const override;
  [[nodiscard]] std::vector<InputTime> take_input_times(Port port) override;
  [[nodiscard]] std::vector<OutputFrame> take_output(Port port) override;
  [[nodiscard]] std::vector<FrameTrace> take_traces() override { return datapath_.take_traces(); }
  [[nodiscard]] PortCount received(Port port) const override;
  [[nodiscard]] PortCount transmitted(Port port) const override;
  [[nodiscard]] std::uint64_t last_activity() const override;
  [[nodiscard]] bool transferring() const override;
  [[nodiscard]] Result<std::uint32_t> read32(std::uint32_t offset) override;
  Result<void> write32(std::uint32_t offset, std::uint32_t value) override;
  Result<std::uint64_t> map(std::size_t bytes, std::size_t alignment) override;
  void unmap(std::uint64_t iova) override;
  [[nodiscard]] std::span<std::byte> memory(std::uint64_t iova) override;
  [[nodiscard]] std::uint32_t interrupts() const override;
  [[nodiscard]] const std::vector<Violation>& violations() const override { return violations_; }

 private:
  FastCard(const CardOptions& options, DmaTarget* host_memory);

  Executed execute(regs::ConstCommand command, regs::Completion completion, std::uint64_t cycle) override;
  void send_frame(Frame frame, std::uint64_t cycle) override;
  void begin_fence() override { answers_.begin_fence(); }
  [[nodiscard]] bool fence_done() const override { return answers_.fence_done(); }
  [[nodiscard]] std::uint64_t now(std::uint64_t cycle) const override { return clock_.now(cycle); }

  void run_until(std::uint64_t cycle);
  /// Lets frames leave up to the current cycle.
  void transmit();
  [[nodiscard]] bool tables_ready() const { return cycle_ >= ready_at_; }
  [[nodiscard]] std::uint32_t status() const;
  [[nodiscard]] Receiver& receiver(Port port) { return receivers_[static_cast<std::size_t>(port)]; }
  [[nodiscard]] const Receiver& receiver(Port port) const { return receivers_[static_cast<std::size_t>(port)]; }
  [[nodiscard]] const Transmitter& output(Port port) const { return outputs_[static_cast<std::size_t>(port)]; }

  HostMemory memory_;
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
  std::array<Receiver, kPortCount> receivers_;
  std::uint64_t cycle_ = 0;
  std::uint64_t ready_at_ = 0;  // the tables have been cleared
  std::uint64_t last_input_ = 0;
  std::vector<Violation> violations_;
};

}  // namespace sapulse::sim::fast
