// SPDX-License-Identifier: Apache-2.0
// The inside of Monitor.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "packet.h"
#include "sapulse/monitor.h"
#include "token_bucket.h"
#include "watch.h"

namespace sapulse {

/// A time that never comes.
inline constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

inline std::uint64_t nanoseconds_of(std::chrono::nanoseconds time) { return static_cast<std::uint64_t>(time.count()); }

class Monitor::Impl : public std::enable_shared_from_this<Monitor::Impl> {
 public:
  Impl(Card& card, SaManager& sas, Pinger& pinger, const MonitorOptions& options)
      : card_(card),
        sas_(sas),
        pinger_(pinger),
        options_(options),
        random_(options.jitter_seed ? *options.jitter_seed : std::random_device{}()) {}

  void attach();
  void detach();
  void set_handler(Handler handler) { handler_ = std::move(handler); }
  void set_fault_handler(FaultHandler handler) { fault_handler_ = std::move(handler); }
  Result<void> watch(std::uint32_t spi, const LivenessSettings& settings);
  Result<void> unwatch(std::uint32_t spi);
  Result<void> set_mode(std::uint32_t spi, ProbeMode mode);
  Result<void> set_admin_down(std::uint32_t spi, bool down);
  Result<void> set_floor(std::uint32_t spi, std::uint64_t n);
  Result<ProbeStatus> probe_status(std::uint32_t spi);
  Result<void> start_probe_status(std::uint32_t spi, ProbeStatusHandler done);

  [[nodiscard]] std::optional<LivenessInfo> find(std::uint32_t spi) const;
  [[nodiscard]] std::vector<LivenessInfo> list() const;
  [[nodiscard]] std::size_t size() const { return watches_.size(); }
  [[nodiscard]] const MonitorCounts& counts() const { return counts_; }

  bool handle(const Event& event);
  Result<bool> handle(const Exception& exception);
  Result<bool> handle_packet(std::span<const std::uint8_t> packet, std::uint64_t now);
  Result<void> tick(std::uint64_t now);
  [[nodiscard]] std::optional<std::uint64_t> next_tick() const;

 private:
  // SAs that come and go
  void note_installed(const SaInfo& sa);
  void note_moved(const SaInfo& sa);
  void note_removed(const SaInfo& sa);
  Result<void> check_mode(ProbeMode mode) const;
  Watch& add_watch(const SaInfo& sa, const LivenessSettings& settings);
  void join_peer(Watch& watch, const IpAddress& peer);
  void leave_peer(const Watch& watch);
  void drop_watch(std::uint32_t spi);
  void forget_spi_out(const Watch& watch);
  Result<void> begin_watch(const SaInfo& sa, const LivenessSettings& settings);
  Result<ProbeStatus> host_probe_status(const Watch& watch);
  /// Takes an SA away from whoever probes it.
  Result<void> stop_probing(Watch& watch);

  // States
  void change(Watch& watch, Liveness to, LivenessReason reason, std::uint64_t time, const LivenessEvidence& evidence);
  /// What the prober, of the card or of the host, says.
  void take_probe_state(Watch& watch, const ProbeStatus& status, std::uint64_t time);
  void take_reply(const PingResult& result);
  /// The SA is out of use at the peer: only what happens from now on can bring it back.
  void take_out(Watch& watch, Liveness to, LivenessReason reason, std::uint64_t time, const ErrorEvidence& evidence);

  // Errors received
  Result<bool> take_clear_error(const Exception& exception);
  /// Takes a token of the source of a clear error; false if there is none.
  bool take_error_token(const IpAddress& source, std::uint64_t now);
  Result<bool> take_protected_error(const Exception& exception);
  Result<void> take_hint(Watch& watch, std::uint64_t now);
  Watch* find_peer(std::uint32_t spi_out, const IpAddress& own, const IpAddress& peer);
  Watch* find_number(std::uint32_t number);

  // Time
  /// Errors: those of the card. An SA that cannot be probed has its fault afterwards.
  Result<void> start_all(std::span<Watch* const> waiting);
  /// Starts one at the wish of a user, who gets the error.
  Result<void> start_now(Watch& watch);
  void set_fault(Watch& watch, std::uint64_t now, std::string fault);
  Result<void> probe_by_host(Watch& watch, std::uint64_t now);
  void take_host_probe(Watch& watch, const Result<PingResult>& result);
  Result<void> look_for_data(Watch& watch);
  void ask_for_tokens(std::uint64_t now);
  void reschedule(Watch& watch);
  /// When a watch has something to do next; nothing: never.
  [[nodiscard]] static std::optional<std::uint64_t> due(const Watch& watch);
  [[nodiscard]] LivenessInfo describe(const Watch& watch) const;

  /// A peer of watched SAs.
  struct Peer {
    std::size_t watches = 0;
    TokenBucket errors;
  };

  Card& card_;
  SaManager& sas_;
  Pinger& pinger_;
  MonitorOptions options_;
  TokenBucket errors_of_others_{options_.errors_of_peer};
  std::map<IpAddress, Peer> peers_;
  Handler handler_;
  FaultHandler fault_handler_;
  MonitorCounts counts_;
  std::mt19937 random_;
  std::map<std::uint32_t, Watch> watches_;                            ///< by inbound SPI
  std::unordered_multimap<std::uint32_t, std::uint32_t> by_spi_out_;  ///< inbound SPIs
  std::set<std::pair<std::uint64_t, std::uint32_t>> schedule_;        ///< time, inbound SPI
  std::deque<std::uint32_t> token_queue_;                             ///< inbound SPIs
  std::size_t token_pings_ = 0;                                       ///< in flight
  std::uint32_t generations_ = 0;
};

}  // namespace sapulse
