// SPDX-License-Identifier: Apache-2.0
// The fast model behind the Card interface.
#pragma once

#include <array>

#include "card_model.h"
#include "host_memory.h"
#include "receiver.h"
#include "sapulse/sim/card.h"

namespace sapulse::sim::fast {

/// Loosely timed: goes from event to event. What each frame becomes is exact; when it leaves is computed from the
/// latencies of kernels and shell. Stalls slow frames down evenly; there is no back-pressure from one port to another.
class FastCard final : public Card {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Card>> create(const CardOptions& options, DmaTarget* host_memory);

  [[nodiscard]] std::uint64_t cycle() const override { return model_.cycle(); }
  void step(std::uint64_t cycles) override { run_until(cycle() + cycles); }
  void reset() override;
  Result<void> send(Port port, Frame frame, bool bad) override;
  void hold(Port port, bool held) override { model_.hold(port, held); }
  [[nodiscard]] std::size_t pending(Port port) const override { return receiver(port).pending(); }
  [[nodiscard]] std::vector<InputTime> take_input_times(Port port) override { return receiver(port).take_times(); }
  [[nodiscard]] std::vector<OutputFrame> take_output(Port port) override { return model_.take_output(port); }
  [[nodiscard]] std::vector<FrameTrace> take_traces() override { return model_.take_traces(); }
  [[nodiscard]] PortCount received(Port port) const override { return receiver(port).count(); }
  [[nodiscard]] PortCount transmitted(Port port) const override { return model_.output(port).count(); }
  [[nodiscard]] std::uint64_t last_activity() const override;
  [[nodiscard]] bool transferring() const override;
  [[nodiscard]] Result<std::uint32_t> read32(std::uint32_t offset) override;
  Result<void> write32(std::uint32_t offset, std::uint32_t value) override;
  Result<std::uint64_t> map(std::size_t bytes, std::size_t alignment) override { return memory_.map(bytes, alignment); }
  void unmap(std::uint64_t iova) override { memory_.unmap(iova); }
  [[nodiscard]] std::span<std::byte> memory(std::uint64_t iova) override { return memory_.region(iova); }
  [[nodiscard]] std::uint32_t interrupts() const override { return model_.interrupts(); }
  [[nodiscard]] const std::vector<Violation>& violations() const override { return violations_; }

 private:
  FastCard(const CardOptions& options, DmaTarget* host_memory);

  void run_until(std::uint64_t cycle);
  /// The frame of a port that comes in next has done so.
  void receive(Port port);
  void note_fault(std::string message);
  [[nodiscard]] Receiver& receiver(Port port) { return receivers_[static_cast<std::size_t>(port)]; }
  [[nodiscard]] const Receiver& receiver(Port port) const { return receivers_[static_cast<std::size_t>(port)]; }

  model::HostMemory memory_;
  model::CardModel model_;
  std::array<Receiver, kPortCount> receivers_;
  std::uint64_t last_input_ = 0;
  std::vector<Violation> violations_;
};

}  // namespace sapulse::sim::fast
