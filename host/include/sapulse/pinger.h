// SPDX-License-Identifier: Apache-2.0
// Encrypted pings of single SAs.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "sapulse/card.h"
#include "sapulse/error.h"
#include "sapulse/event.h"
#include "sapulse/sa.h"

#pragma GCC visibility push(default)
namespace sapulse {

struct PingOptions {
  std::size_t data_bytes = wire::telemetry_bytes;  ///< 0..9000; less than 56: no telemetry
  std::chrono::nanoseconds timeout = std::chrono::seconds(1);
};

/// What became of a ping.
struct PingResult {
  std::uint32_t spi_in = 0;
  std::uint32_t sa = 0;   ///< SA number when the request was sent
  bool answered = false;  ///< false: no reply within the timeout; only transaction, n and t_origin mean something
  std::uint32_t transaction = 0;
  std::uint64_t n = 0;             ///< control sequence number of the request
  std::uint64_t reply_n = 0;       ///< of the reply
  std::uint64_t t_origin = 0;      ///< the request entered encryption, ns of the card's clock
  std::uint64_t t_arrival = 0;     ///< first beat of the reply in
  std::uint16_t frame_length = 0;  ///< of the reply on the line, bytes without FCS
  Telemetry telemetry{};

  [[nodiscard]] std::chrono::nanoseconds rtt() const;
  /// Differences of the two clocks: one-way times if the clocks agree, else off by as much as they differ.
  [[nodiscard]] std::optional<std::chrono::nanoseconds> forward() const;
  [[nodiscard]] std::optional<std::chrono::nanoseconds> backward() const;
  /// Time that the peer took.
  [[nodiscard]] std::optional<std::chrono::nanoseconds> turnaround() const;
};

struct PathMtuOptions {
  std::size_t least = 0;    ///< IP packet that is taken to pass, bytes; 0: that of the smallest telemetry ping
  std::size_t most = 9000;  ///< largest IP packet to try, bytes
  unsigned attempts = 3;    ///< pings of a size without an answer before it is taken not to pass
  std::chrono::nanoseconds timeout = std::chrono::milliseconds(500);  ///< of each
};

/// Result of a search by size. Sizes are those of IP packets, bytes; they go in steps of 4.
struct PathMtu {
  std::size_t passed = 0;  ///< largest that was answered; 0: none was
  std::size_t failed = 0;  ///< smallest that was not; 0: all were
  unsigned pings = 0;      ///< sent
};

/// Sends pings and matches their events. Destroy it before the card and the SAs.
///
/// Not thread-safe: no function may be called while another thread uses the same card. Handlers run in handle() and may
/// call start(), but neither ping() nor probe_path_mtu().
class Pinger {
 public:
  /// Called once for each ping that was started; an error instead of a result: the card could not send it (not_found:
  /// no path or no such SA; no_space: as many pings as the card keeps are outstanding).
  using Handler = std::function<void(const Result<PingResult>&)>;
  /// Lets the card make progress and hands what has arrived to whom it concerns, handle() among them; waits at most so
  /// long (card's time) for something to arrive.
  using Pump = std::function<Result<void>(std::chrono::nanoseconds)>;

  /// `pump`: used by ping() and probe_path_mtu(). Endpoint brings its own.
  Pinger(Card& card, const SaManager& sas, Pump pump);
  ~Pinger();
  Pinger(const Pinger&) = delete;
  Pinger& operator=(const Pinger&) = delete;

  /// Sends a ping on the SA with inbound SPI `spi_in`; `done` is called from handle() or Card::poll(). Errors:
  /// unsupported (the card cannot ask), not_found, invalid_argument (options), no_space (command ring full).
  Result<void> start(std::uint32_t spi_in, const PingOptions& options, Handler done);
  /// Sends one ping to another place than that to which the SA's path leads; the path stays. Waits for the card, so it
  /// must not be called from callbacks of Card. Errors: as start(); device_error.
  Result<void> start_to(std::uint32_t spi_in, const Place& place, const PingOptions& options, Handler done);

  /// Sends a ping and waits for what becomes of it. Errors: those of start(), of the pump, and timeout (the card did
  /// not tell).
  Result<PingResult> ping(std::uint32_t spi_in, const PingOptions& options = {});

  /// Called once with what a search has found; errors: those of start() and of Handler.
  using PathMtuHandler = std::function<void(const Result<PathMtu>&)>;
  /// Searches the largest IP packet that reaches the peer and comes back; pings never may be fragmented. `done` is
  /// called from handle() or Card::poll(). Errors: those of start(), invalid_argument (options).
  Result<void> start_path_mtu(std::uint32_t spi_in, const PathMtuOptions& options, PathMtuHandler done);
  /// Same, and waits for it. Errors: also those of ping().
  Result<PathMtu> probe_path_mtu(std::uint32_t spi_in, const PathMtuOptions& options = {});

  /// Takes an event; false if it is not about a ping of this pinger.
  bool handle(const Event& event);

  /// Pings whose end has not been told yet.
  [[nodiscard]] std::size_t outstanding() const;

  /// Called with the result of every ping, before its own handler.
  void set_observer(std::function<void(const PingResult&)> observer);

 private:
  class [[gnu::visibility("hidden")]] Impl;
  std::shared_ptr<Impl> impl_;  ///< commands in flight may outlive the pinger
};

}  // namespace sapulse
#pragma GCC visibility pop
