// SPDX-License-Identifier: Apache-2.0
// Liveness of SAs.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sapulse/card.h"
#include "sapulse/error.h"
#include "sapulse/event.h"
#include "sapulse/exception.h"
#include "sapulse/liveness.h"
#include "sapulse/pinger.h"
#include "sapulse/sa.h"

#pragma GCC visibility push(default)
namespace sapulse {

struct MonitorOptions {
  /// Pings in flight at a time that learn crash tokens for SAs probed by the card.
  std::size_t token_pings = 16;
  /// A token is asked for again when it is older.
  std::chrono::nanoseconds token_refresh = std::chrono::minutes(5);
  /// Probes that follow an error which proves nothing, 1..15.
  unsigned burst = 3;
  /// Clear errors that are looked at: of each peer that has an SA which is watched, and of all other sources together.
  /// Who can forge one peer's address uses up that peer's only, and then the peer's own silence decides.
  RateLimit errors_of_peer{std::chrono::microseconds(10), 4096};
  /// Of the jitter of probes sent by the host; absent: by chance.
  std::optional<std::uint32_t> jitter_seed{};
};

/// What has been counted since construction.
struct MonitorCounts {
  std::uint64_t changes = 0;       ///< of state
  std::uint64_t errors = 0;        ///< messages and ICMP failures taken in
  std::uint64_t malformed = 0;     ///< of these, not understood
  std::uint64_t strangers = 0;     ///< of these, about no SA that is watched
  std::uint64_t limited = 0;       ///< of these, over the limit of their source
  std::uint64_t stale = 0;         ///< protected ones of an earlier life of the SA: replayed
  std::uint64_t hints = 0;         ///< of these, without proof
  std::uint64_t bursts = 0;        ///< started because of hints
  std::uint64_t wrong_tokens = 0;  ///< hints with a token that is not the peer's
};

/// Watches SAs: probes by the card or by the host, errors, administrative state. Every SA that has been installed with
/// liveness settings (SaParameters::liveness) is watched from the next tick() on; watch() and unwatch() change that at
/// any time. Replacing an SA keeps its settings, and its state unless it was down, lost or taken down by the peer;
/// removing it ends watching.
///
/// Evidence, and what it can do:
/// * a reply, verified and asked for: up, whatever the state was (administratively down here excepted);
/// * silence: suspect, then down;
/// * clear error `unknown SPI` with the crash token learnt from an encrypted reply: lost. A token proves a loss once:
///   it was sent in clear, so if the SA comes back with the same token, later errors with it are hints;
/// * protected error `SA down` with a control sequence number above all that were seen: admin-down, until a reply;
/// * every other error, and ICMP security failures (RFC 2521): a hint. At most one burst of probes per SA and interval.
///
/// An SA that the card refuses to probe keeps its state, and is tried again every second (LivenessInfo::fault).
///
/// Not thread-safe: no function may be called while another thread uses the same card. The handler runs inside the
/// functions that take input; it must not change SAs, nor call watch(), unwatch(), set_mode() and set_admin_down().
class Monitor {
 public:
  using Handler = std::function<void(const LivenessChange&)>;
  /// Gets one line about an SA that cannot be probed. The others go on.
  using FaultHandler = std::function<void(const std::string& line)>;

  /// All must outlive the monitor. Takes the place of SaManager's and Pinger's observer.
  Monitor(Card& card, SaManager& sas, Pinger& pinger, const MonitorOptions& options = {});
  ~Monitor();
  Monitor(const Monitor&) = delete;
  Monitor& operator=(const Monitor&) = delete;

  /// Called with each change of state.
  void set_handler(Handler handler);
  void set_fault_handler(FaultHandler handler);

  /// Watches an installed SA, or changes how. Errors: not_found (no such SA, or no path), invalid_argument, unsupported
  /// (card without requester, or kCard without prober: kHost works), device_error.
  Result<void> watch(std::uint32_t spi_in, const LivenessSettings& settings);
  /// Errors: not_found (not watched), device_error.
  Result<void> unwatch(std::uint32_t spi_in);
  /// Switches between card and host while it runs; the state stays. Errors: as watch().
  Result<void> set_mode(std::uint32_t spi_in, ProbeMode mode);

  /// Takes an SA down or up again administratively: its pings are answered with protected errors (ErrorResponder)
  /// instead of replies, and it is not probed. Works without watch(), too. Errors: not_found, unsupported,
  /// device_error.
  Result<void> set_admin_down(std::uint32_t spi_in, bool down);

  /// Protected errors with control sequence numbers up to `n` are not believed: they may be replays from before the
  /// card's replay window was lost (SaStore::floor()). Errors: not_found (not watched).
  Result<void> set_floor(std::uint32_t spi_in, std::uint64_t n);

  /// Nothing if it is not watched.
  [[nodiscard]] std::optional<LivenessInfo> find(std::uint32_t spi_in) const;
  /// All watched SAs, in the order of their SPIs.
  [[nodiscard]] std::vector<LivenessInfo> list() const;
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] const MonitorCounts& counts() const;

  /// State of the prober of an SA, that of the card or of the host, read now. Errors: not_found, unsupported,
  /// device_error.
  Result<ProbeStatus> probe_status(std::uint32_t spi_in);
  /// Same of a watched SA without waiting: `done` is called now or from Card::poll() or its like. Errors: not_found,
  /// no_space (command ring full: poll first), device_error; `done` is not called then.
  using ProbeStatusHandler = std::function<void(const Result<ProbeStatus>&)>;
  Result<void> start_probe_status(std::uint32_t spi_in, ProbeStatusHandler done);

  /// Takes an event; false if it is not about a watched SA.
  bool handle(const Event& event);
  /// Takes an exception: errors received. False if it is of another kind. Errors: those of Card.
  Result<bool> handle(const Exception& exception);
  /// Takes an Ethernet frame, or an IP packet, that the host has received otherwise (for instance from a raw socket) at
  /// `now`, ns of the card's clock: ICMP security failures are hints. False if it is something else.
  Result<bool> handle_frame(std::span<const std::uint8_t> frame, std::uint64_t now);
  Result<bool> handle_packet(std::span<const std::uint8_t> packet, std::uint64_t now);

  /// Does what is due at `now` (ns of the card's clock): probes and timeouts of SAs probed by the host, refreshing of
  /// tokens. Errors: those of Card.
  Result<void> tick(std::uint64_t now);
  /// When tick() has something to do next, ns of the card's clock; nothing: never.
  [[nodiscard]] std::optional<std::uint64_t> next_tick() const;

 private:
  class [[gnu::visibility("hidden")]] Impl;
  std::shared_ptr<Impl> impl_;  ///< commands in flight may outlive the monitor
};

}  // namespace sapulse
#pragma GCC visibility pop
