// SPDX-License-Identifier: Apache-2.0
// Liveness of an SA: how it is watched, its states, and changes with their evidence.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sapulse/address.h"
#include "sapulse/error.h"
#include "sapulse_wire.h"

#pragma GCC visibility push(default)
namespace sapulse {

/// Who sends the probes of an SA.
enum class ProbeMode : std::uint8_t {
  card,  ///< the card's prober; the host hears of changes only
  host   ///< the host, with a ping for each probe
};

/// How an SA is watched. An SA is found dead after `multiplier` x `interval` without a sign of life.
struct LivenessSettings {
  ProbeMode mode = ProbeMode::card;
  std::chrono::nanoseconds interval = std::chrono::milliseconds(100);  ///< 1 us .. 18 minutes
  unsigned multiplier = 3;                                             ///< 1..255
  /// Suspect after so many intervals, less than `multiplier`; 0: never. Absent: half the multiplier, rounded up, if
  /// that is less.
  std::optional<unsigned> suspect{};
  unsigned jitter_percent = 25;                    ///< 0..25: each interval is shortened by a random part up to this
  std::size_t data_bytes = wire::telemetry_bytes;  ///< of each probe, 56..9000
  /// Customer packets seen on the SA are signs of life, too. They are not authenticated: whoever can forge the SPI can
  /// hide a death.
  bool data_alive = false;

  [[nodiscard]] std::chrono::nanoseconds detection_time() const { return interval * multiplier; }
  /// 0: never.
  [[nodiscard]] std::chrono::nanoseconds suspect_time() const;

  friend bool operator==(const LivenessSettings&, const LivenessSettings&) = default;
};

/// Errors: invalid_argument (what is out of range). Thread-safe.
Result<void> validate(const LivenessSettings& settings);

enum class Liveness : std::uint8_t {
  init,       ///< watched, nothing heard yet
  up,         ///< signs of life
  suspect,    ///< none for longer than the suspect time
  down,       ///< none for longer than the detection time
  lost,       ///< the peer has proved with its crash token that it does not have the SA any more
  admin_down  ///< taken down by the operator, here or (protected error) at the peer
};
inline constexpr std::size_t kLivenessCount = 6;

enum class LivenessReason : std::uint8_t {
  started,       ///< watching has begun, or begun anew
  sign_of_life,  ///< a reply, or customer data where they count
  silence,       ///< no sign of life for too long
  crash_token,   ///< clear error `unknown SPI` with the right crash token
  admin,         ///< Monitor::set_admin_down()
  peer_admin     ///< protected error `SA down`
};
inline constexpr std::size_t kLivenessReasonCount = 6;

/// "up", "admin-down", "sign-of-life", ... "?" for values out of range. Thread-safe.
[[nodiscard]] std::string_view name(Liveness state);
[[nodiscard]] std::string_view name(LivenessReason reason);
[[nodiscard]] std::string_view name(ProbeMode mode);

/// What an error message said that was taken as evidence.
struct ErrorEvidence {
  std::uint8_t code = 0;
  bool is_protected = false;  ///< its ICV was verified
  std::uint32_t spi = 0;      ///< of the packet it is about
  std::uint32_t sequence = 0;
};

/// Why the state is what it is.
struct LivenessEvidence {
  std::optional<std::chrono::nanoseconds> rtt;    ///< of the last reply
  std::optional<std::chrono::nanoseconds> heard;  ///< age of the last sign of life at the change
  std::uint32_t probes = 0;                       ///< sent since watching began (anew)
  std::uint32_t replies = 0;                      ///< of these, answered in time
  std::optional<ErrorEvidence> error;             ///< the error that decided
};

/// One change of state.
struct LivenessChange {
  std::uint32_t spi_in = 0;
  std::uint32_t spi_out = 0;
  std::string name;  ///< of the SA
  IpAddress peer;
  Liveness from{};
  Liveness to{};
  LivenessReason reason{};
  ProbeMode mode{};
  std::uint64_t time = 0;  ///< clock of the card, ns
  LivenessEvidence evidence;
};

/// One line of key=value pairs, for logs; quoted where needed, no line break whatever the name is. Thread-safe.
[[nodiscard]] std::string to_line(const LivenessChange& change);

/// What is known about a watched SA.
struct LivenessInfo {
  std::uint32_t spi_in = 0;
  Liveness state{};
  LivenessReason reason{};  ///< of the last change
  std::uint64_t since = 0;  ///< clock of the card at the last change, ns
  LivenessSettings settings{};
  LivenessEvidence evidence;  ///< at the last change, or at the last reply of a ping since
  bool token_known = false;   ///< a crash token has been learnt from a reply
  std::uint64_t changes = 0;  ///< of state
  std::uint64_t hints = 0;    ///< errors that proved nothing
  std::string fault{};        ///< why it cannot be probed, which is tried again every second; empty: it is
};

}  // namespace sapulse
#pragma GCC visibility pop
