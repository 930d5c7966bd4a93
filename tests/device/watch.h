// SPDX-License-Identifier: Apache-2.0
// A card under test that watches SAs, and the peer at the other end.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "peer.h"
#include "rig.h"
#include "sapulse/endpoint.h"
#include "traffic/config.h"

namespace sapulse::test {

struct WatchOptions {
  LivenessSettings liveness{};  ///< of every SA
  /// How far the card's clock moves in a cycle, 0: as in hardware.
  std::uint32_t ns_per_cycle = 0;
  LinkConditions link{};
  std::uint64_t seed = 1;  ///< of the losses
  /// How long until() waits, on the card's clock.
  std::chrono::nanoseconds patience = std::chrono::milliseconds(2);
};

/// Every failure of card or library is thrown as std::runtime_error: the test ends there.
class Watch {
 public:
  /// Opens the card, installs the SAs of `config` with paths to the peer, and watches them.
  Watch(Rig& rig, const traffic::Config& config, const WatchOptions& options);

  /// Lets library and peer handle what has arrived.
  void poll();
  /// Until a condition holds. Throws when that takes longer than the patience.
  void until(const std::function<bool()>& condition, const char* what);
  /// Until so much of the card's time has passed.
  void pass(std::chrono::nanoseconds time);
  /// Off: no probes, and the prober's time stands still.
  void set_probing(bool on);
  /// Clock of the card, ns.
  [[nodiscard]] std::uint64_t time();

  [[nodiscard]] Peer& peer() { return peer_; }
  /// Sends frames to the card that are not the peer's.
  void intrude(std::span<const traffic::Bytes> frames) { rig_.send(Side::line, frames); }

  [[nodiscard]] std::uint32_t spi(std::size_t sa) const { return config_.sas.at(sa).in.spi; }
  [[nodiscard]] Liveness state(std::size_t sa) const { return endpoint_->monitor().find(spi(sa))->state; }
  [[nodiscard]] bool all(Liveness state) const;
  [[nodiscard]] bool all_tokens_known() const;
  [[nodiscard]] const std::vector<LivenessChange>& changes() const { return changes_; }
  [[nodiscard]] Endpoint& endpoint() { return *endpoint_; }
  void close();

 private:
  void set_clock(std::uint32_t ns_per_cycle);

  Rig& rig_;
  traffic::Config config_;
  std::chrono::nanoseconds patience_;
  Peer peer_;
  std::unique_ptr<Endpoint> endpoint_;
  std::vector<LivenessChange> changes_;
  std::array<std::size_t, kLivenessCount> in_state_{};  ///< SAs
};

}  // namespace sapulse::test
