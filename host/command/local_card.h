// SPDX-License-Identifier: Apache-2.0
// A card that this process opens itself; a simulated one comes with a peer.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "sapulse/endpoint.h"
#include "sapulse/open_device.h"
#include "sapulse/sim/network.h"

namespace sapulse::command {

struct LocalCardOptions {
  DeviceAddress device;
  EndpointOptions endpoint;
  /// Simulated card: how far its clock moves in a cycle; 0: as its assumed clock frequency says.
  std::uint32_t ns_per_cycle = 0;
};

/// An open card. A simulated one is joined by a wire to a second simulated card, which has the other ends of all SAs
/// and answers for all peers. Not thread-safe.
class LocalCard {
 public:
  /// Errors: those of open_device() and Endpoint::open().
  static Result<std::unique_ptr<LocalCard>> open(const LocalCardOptions& options, Config config);
  ~LocalCard();
  LocalCard(const LocalCard&) = delete;
  LocalCard& operator=(const LocalCard&) = delete;

  [[nodiscard]] Endpoint& endpoint() { return *endpoint_; }
  /// Waits until there is something for Endpoint::poll() to do, at most `timeout` of the card's time.
  Result<void> wait(std::chrono::nanoseconds timeout);
  /// Stops cleanly.
  Result<void> close();

 private:
  LocalCard() = default;
  Result<Device*> open_device(const LocalCardOptions& options, Config& config);
  Result<Device*> build_simulation(Config& config);
  Result<void> start_peer(const LocalCardOptions& options, const Config& config);

  std::unique_ptr<sim::Network> network_;  // a simulated card: both cards
  std::unique_ptr<Device> device_;         // any other
  std::unique_ptr<Endpoint> peer_;
  std::unique_ptr<Endpoint> endpoint_;
};

}  // namespace sapulse::command
