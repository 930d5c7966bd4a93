// SPDX-License-Identifier: Apache-2.0
// A card under test that watches SAs, and the peer at the other end: the reference, in plain C++ on OpenSSL.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <vector>

#include "rig.h"
#include "sapulse/endpoint.h"
#include "traffic/config.h"
#include "traffic/reference.h"

namespace sapulse::test {

/// Every failure of card or library is thrown as std::runtime_error: the test ends there.
class Watch {
 public:
  /// Opens the card, installs the SAs of `config` with paths to the peer, and watches them.
  Watch(Rig& rig, const traffic::Config& config, const LivenessSettings& settings);

  /// Lets library and peer handle what has arrived.
  void poll();
  /// Until a condition holds. Throws when that takes longer than `patience` of the card's time.
  void until(const std::function<bool()>& condition, const char* what);
  /// Until so much of the card's time has passed.
  void pass(std::chrono::nanoseconds time);

  /// Packets of an SA vanish, both ways.
  void silence(std::size_t sa, bool silent);
  /// The peer forgets an SA.
  void forget(std::size_t sa) { peer_.remove(config_.sas.at(sa).out.spi); }
  /// The peer loses its secret: crash tokens of before cannot be made any more.
  void lose_secret();
  /// Frames of the peer that have been sent to the card.
  [[nodiscard]] const std::vector<traffic::Bytes>& answers() const { return answers_; }
  /// Sends a frame to the card that is not the peer's.
  void intrude(const traffic::Bytes& frame) { rig_.send(Side::line, frame); }

  [[nodiscard]] std::uint32_t spi(std::size_t sa) const { return config_.sas.at(sa).in.spi; }
  [[nodiscard]] Liveness state(std::size_t sa) const { return endpoint_->monitor().find(spi(sa))->state; }
  [[nodiscard]] bool all(Liveness state) const;
  [[nodiscard]] const std::vector<LivenessChange>& changes() const { return changes_; }
  [[nodiscard]] Endpoint& endpoint() { return *endpoint_; }
  void close();

 private:
  static constexpr std::chrono::nanoseconds patience = std::chrono::milliseconds(2);

  void answer(const traffic::Bytes& frame);

  Rig& rig_;
  traffic::Config config_;
  traffic::Reference peer_;
  std::unique_ptr<Endpoint> endpoint_;
  std::set<std::uint32_t> silent_;  // SPIs to the peer
  std::vector<traffic::Bytes> answers_;
  std::uint64_t peer_time_ = 0;  // a clock of its own
  std::vector<LivenessChange> changes_;
};

}  // namespace sapulse::test
