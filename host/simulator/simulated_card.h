// SPDX-License-Identifier: Apache-2.0
// A simulated card with a peer.
#pragma once

#include <chrono>
#include <memory>

#include "local_card.h"
#include "sapulse/background_device.h"
#include "sapulse/sim/network.h"

namespace sapulse::command {

/// A card that is joined by a wire to a second one, which has the other ends of all SAs and answers for all peers. Both
/// have a thread of their own while their user sleeps. Not thread-safe.
class SimulatedCard final : public LocalCard {
 public:
  /// Errors: invalid_argument (more peer addresses than a card has room for), those of sim::Card::create() and
  /// Endpoint::open().
  static Result<std::unique_ptr<LocalCard>> open(const LocalCardOptions& options, Config config);

  ~SimulatedCard() override;
  SimulatedCard(const SimulatedCard&) = delete;
  SimulatedCard& operator=(const SimulatedCard&) = delete;

  [[nodiscard]] Endpoint& endpoint() override { return *endpoint_; }
  Result<void> close() override;
  [[nodiscard]] std::chrono::nanoseconds ping_time() const override { return ping_time_; }

 private:
  explicit SimulatedCard(const LocalCardOptions& options);
  Result<void> build(Config& config);
  /// From here on the peer only answers by its card.
  void stop_peer();
  void tap(const LocalCardOptions& options);
  Result<void> start_peer(const LocalCardOptions& options, const Config& config);

  std::chrono::nanoseconds ping_time_;
  sim::Network network_;
  std::unique_ptr<Endpoint> peer_;
  std::unique_ptr<BackgroundDevice> device_;  ///< the own node's, which lets the whole network go on
  std::unique_ptr<Endpoint> endpoint_;
};

}  // namespace sapulse::command
