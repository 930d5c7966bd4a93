// SPDX-License-Identifier: Apache-2.0
// The fast model with its rings, driven by its registers and commands alone.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <vector>

#include "fast_card.h"
#include "traffic/config.h"
#include "traffic/requester.h"

namespace sapulse::sim::fast::test {

class CardBench {
 public:
  /// A card that knows the SAs of the configuration, numbered in their order, and whatever else is in it.
  explicit CardBench(const traffic::Config& config);

  Card& card() { return *card_; }
  void write(std::uint32_t offset, std::uint32_t value);
  void write64(std::uint32_t offset, std::uint64_t value);
  std::uint64_t counter(regs::Counter counter);

  /// Carries out a command; anything but OK fails the test. Returns the completion.
  std::array<std::byte, regs::kCompletionBytes> command(regs::Opcode opcode, std::uint32_t sa,
                                                        std::array<std::byte, regs::kCommandBytes> bytes = {});
  /// Writes an inbound half, its window up to `window_top`.
  void write_in(std::uint32_t number, const traffic::Association& sa, std::uint64_t window_top = 0);

  /// How the peer of an SA is reached.
  void write_path(std::uint32_t number, const traffic::PeerPath& path);

  void send(const traffic::Bytes& frame, Port port = Port::line);
  /// Lets everything leave, and returns it.
  std::vector<traffic::Bytes> take(Port port);
  /// Exceptions since the last call.
  std::vector<std::array<std::byte, regs::kExceptionBytes>> take_exceptions();

 private:
  void configure(const traffic::Config& config);
  void install(std::uint32_t number, const traffic::Association& sa);
  void settle();

  std::unique_ptr<Card> card_;
  traffic::Config config_;
  std::uint64_t commands_ = 0;
  std::uint64_t completions_ = 0;
  std::uint64_t exceptions_ = 0;
  std::uint32_t issued_ = 0;
  std::uint32_t taken_ = 0;
  std::map<std::uint32_t, unsigned> slots_;  ///< used in each bucket of the first bank
};

}  // namespace sapulse::sim::fast::test
