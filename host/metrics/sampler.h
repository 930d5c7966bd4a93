// SPDX-License-Identifier: Apache-2.0
// Takes snapshots of an endpoint, a little at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "rtt_histories.h"
#include "sapulse/endpoint.h"
#include "snapshot_exchange.h"

namespace sapulse::metrics {

/// Makes a snapshot whenever one is wanted. SAs are asked about without waiting, some in each call of poll(), so that
/// the largest card holds up nobody. Not thread-safe; the endpoint and the exchange must outlive it, commands under way
/// may end afterwards.
class Sampler {
 public:
  static constexpr std::uint32_t kNumbersPerPoll = 4096;  ///< SA numbers, most of which may be free
  static constexpr std::size_t kMostUnanswered = 64;      ///< commands: others want some of the ring, too

  /// `card`: its name, for the snapshots.
  Sampler(Endpoint& endpoint, SnapshotExchange& exchange, std::string card = {});
  ~Sampler();
  Sampler(const Sampler&) = delete;
  Sampler& operator=(const Sampler&) = delete;

  /// Goes on. Errors: those of Card.
  Result<void> poll();
  /// How long the caller may sleep if nothing else happens: 0 while there are SAs to be asked about.
  [[nodiscard]] std::chrono::nanoseconds longest_sleep() const;

 private:
  struct Run;

  Result<void> begin();
  void ask();
  void ask_about(const SaInfo& sa);
  void finish();

  Endpoint& endpoint_;
  SnapshotExchange& exchange_;
  std::string card_;
  std::shared_ptr<RttHistories> histories_;
  std::shared_ptr<Run> run_;  // nullptr: none
};

}  // namespace sapulse::metrics
