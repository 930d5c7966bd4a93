// SPDX-License-Identifier: Apache-2.0
// A card that this process opens itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "sapulse/endpoint.h"
#include "sapulse/frame_tap.h"
#include "sapulse/open_device.h"

namespace sapulse::command {

struct LocalCardOptions {
  DeviceAddress device{};
  EndpointOptions endpoint{};
  /// Simulator: how far its clock moves in a cycle; 0: as its assumed clock frequency says.
  std::uint32_t ns_per_cycle = 0;
  FrameTap tap{};  ///< sees what passes the card, until it is destroyed; empty: nobody does
  /// Others are opened by the same thread afterwards.
  bool keeps_privileges = false;
};

/// An open card. A simulated one has a peer, which `endpoint.report` is told. Not thread-safe.
class LocalCard {
 public:
  /// Errors: not_found (`sim` without simulator), invalid_argument (SAs of the kernel on a simulated card), those of
  /// open_device() and Endpoint::open().
  static Result<std::unique_ptr<LocalCard>> open(const LocalCardOptions& options, Config config);

  LocalCard() = default;
  virtual ~LocalCard() = default;
  LocalCard(const LocalCard&) = delete;
  LocalCard& operator=(const LocalCard&) = delete;

  [[nodiscard]] virtual Endpoint& endpoint() = 0;
  /// How long pings wait, and how far they are apart, where nobody says: a second of the card's clock is a second, but
  /// of a simulated card's it may be hours.
  [[nodiscard]] virtual std::chrono::nanoseconds ping_time() const { return std::chrono::seconds(1); }
  /// Stops cleanly.
  virtual Result<void> close() = 0;
  /// Sleeps until there is something for Endpoint::poll() to do, or the clock of the card says `due`, or a stop signal
  /// has come (catch_stop_signals()), or one of the descriptors `others` is readable, or `most` of real time has
  /// passed.
  Result<void> sleep(std::optional<std::uint64_t> due, std::chrono::nanoseconds most = std::chrono::nanoseconds::max(),
                     std::span<const int> others = {});
};

/// Lets the clock of a simulated card move `ns_per_cycle` in a cycle; leaves it alone for 0.
Result<void> set_increment(Device& device, std::uint32_t ns_per_cycle);

}  // namespace sapulse::command
