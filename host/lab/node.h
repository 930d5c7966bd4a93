// SPDX-License-Identifier: Apache-2.0
// One gateway of a lab: the host of a simulated card.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sapulse/endpoint.h"
#include "sapulse/sim/network.h"

namespace sapulse::lab {

/// What has become of the exceptions of a node, over all its lives.
using VerdictCounts = std::array<std::uint64_t, kErrorVerdictCount>;

/// A host that runs libsapulse. Not thread-safe.
class Node {
 public:
  using ChangeHandler = std::function<void(const LivenessChange&)>;

  /// `id`: of its card in the network, which must outlive the node.
  Node(sim::Network& network, sim::NodeId id, Config config, std::uint32_t ns_per_cycle, ChangeHandler handler);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  /// Starts the host: opens the card and installs `sas`. Errors: those of Endpoint::open.
  Result<void> start(std::span<const SaParameters> sas);
  /// Power goes: the card is reset, nothing of the host's state is left but its secret.
  Result<void> crash();
  void set_secret(DeviceSecret secret) { config_.secret = std::move(secret); }
  /// Installs an SA, in place of the one with the same inbound SPI if there is one.
  Result<void> install(const SaParameters& sa);
  /// Nobody handles what the card has to tell any more.
  void stop_host() { network_.set_host(id_, {}); }
  /// Stops cleanly.
  Result<void> close();

  /// While it is started.
  [[nodiscard]] Endpoint& endpoint() { return *endpoint_; }
  /// SAs in a state.
  [[nodiscard]] std::size_t count(Liveness state) const;
  [[nodiscard]] const VerdictCounts& verdicts() const { return verdicts_; }
  /// Cycle of the network up to which the host has heard of everything.
  [[nodiscard]] std::uint64_t heard() const { return heard_; }

 private:
  Result<void> set_clock();

  sim::Network& network_;
  sim::NodeId id_;
  Config config_;
  std::uint32_t ns_per_cycle_;
  ChangeHandler handler_;
  std::unique_ptr<Endpoint> endpoint_;
  VerdictCounts verdicts_{};
  std::uint64_t heard_ = 0;
};

}  // namespace sapulse::lab
