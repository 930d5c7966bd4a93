// SPDX-License-Identifier: Apache-2.0
// The simulated card behind the Device interface.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "sapulse/device.h"
#include "sapulse/sim/card.h"

namespace sapulse {

/// Device over a simulated card. Its DMA buffers must not outlive the card. Simulated time passes in read32, write32,
/// relax, wait_interrupt and reset. Not thread-safe.
class SimDevice final : public Device {
 public:
  /// Cycles that pass in one call of relax().
  static constexpr unsigned kRelaxCycles = 32;

  /// Builds a card of its own. Errors: those of sim::Card::create.
  [[nodiscard]] static Result<std::unique_ptr<SimDevice>> create(const sim::CardOptions& options);

  explicit SimDevice(std::unique_ptr<sim::Card> card);

  /// Lets cycles pass for the card and for whatever it is joined to.
  using PassTime = std::function<Result<void>(std::uint64_t cycles)>;
  /// From now on relax() and wait_interrupt() call `pass` instead of stepping the card alone.
  void set_pass_time(PassTime pass) { pass_ = std::move(pass); }

  /// The card, for its ports and violations.
  [[nodiscard]] sim::Card& card() { return *card_; }

  [[nodiscard]] std::string name() const override;
  [[nodiscard]] bool is_simulated() const override { return true; }
  Result<std::uint32_t> read32(std::uint32_t offset) override;
  Result<void> write32(std::uint32_t offset, std::uint32_t value) override;
  Result<std::unique_ptr<DmaBuffer>> allocate_dma(std::size_t bytes, std::size_t alignment) override;
  void barrier() override;
  Result<bool> wait_interrupt(unsigned vector, std::chrono::nanoseconds timeout) override;
  /// Also does what check() does.
  Result<void> relax() override;
  Result<void> reset() override;

  /// Reports violations that have come up since the last report: dma_fault with the address, or device_error with the
  /// assertion that failed.
  [[nodiscard]] Result<void> check();

 private:
  Result<void> pass(std::uint64_t cycles);

  std::unique_ptr<sim::Card> card_;
  PassTime pass_;             ///< empty: the card is alone
  std::size_t reported_ = 0;  ///< violations that have been returned already
};

}  // namespace sapulse
