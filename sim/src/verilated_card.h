// SPDX-License-Identifier: Apache-2.0
// The Verilated top behind the Card interface.
#pragma once

#include "sapulse/sim/card.h"

namespace sapulse::sim {

/// Cycle-accurate: the card's own RTL, one cycle after the other.
class VerilatedCard final : public Card {
 public:
  [[nodiscard]] static std::vector<unsigned> capacities();
  [[nodiscard]] static Result<std::unique_ptr<Card>> create(const CardOptions& options, DmaTarget* host_memory);

  ~VerilatedCard() override;
  VerilatedCard(const VerilatedCard&) = delete;
  VerilatedCard& operator=(const VerilatedCard&) = delete;

  [[nodiscard]] std::uint64_t cycle() const override;
  void step(std::uint64_t cycles) override;
  void reset() override;
  Result<void> send(Port port, Frame frame, bool bad) override;
  void hold(Port port, bool held) override;
  [[nodiscard]] std::size_t pending(Port port) const override;
  [[nodiscard]] std::vector<InputTime> take_input_times(Port port) override;
  [[nodiscard]] std::vector<OutputFrame> take_output(Port port) override;
  [[nodiscard]] std::vector<FrameTrace> take_traces() override;
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
  [[nodiscard]] const std::vector<Violation>& violations() const override;

 private:
  struct Implementation;
  explicit VerilatedCard(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace sapulse::sim
