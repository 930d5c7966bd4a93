// SPDX-License-Identifier: Apache-2.0
// A card: identification, configuration, rings, counters.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "sapulse/address.h"
#include "sapulse/command.h"
#include "sapulse/counters.h"
#include "sapulse/device.h"
#include "sapulse/error.h"
#include "sapulse/event.h"
#include "sapulse/exception.h"
#include "sapulse/registers.h"
#include "sapulse_wire.h"

#pragma GCC visibility push(default)
namespace sapulse {

using regs::Action;

/// What a life of a card begins with. A reply that was recorded in an earlier life must not fit into this one, and
/// nobody must foretell which sources share a bucket.
struct CardStart {
  std::uint64_t time = 0;              ///< clock of the card, ns
  std::uint32_t transaction_seed = 0;  ///< where transactions and probe numbers begin; the card takes 30 bits
  std::uint64_t source_key = 0;        ///< of the hash that chooses the bucket of a source

  /// The Unix time, and random numbers of the operating system. Errors: io_error (it has none).
  static Result<CardStart> fresh();
};

/// Sizes of the rings and limits of waiting. All times are times of the card's clock.
struct CardOptions {
  unsigned command_entries = 64;     ///< power of two, 1..32768; completions get as many
  unsigned exception_entries = 256;  ///< power of two, 1..32768
  unsigned event_entries = 1024;     ///< power of two, 1..32768; 0, or a card that cannot ask: no ring
  unsigned frame_buffers = 8;        ///< frames that send_frame() can have in flight, 1..command_entries
  std::chrono::nanoseconds ready_timeout = std::chrono::milliseconds(100);    ///< from reset to READY
  std::chrono::nanoseconds command_timeout = std::chrono::milliseconds(100);  ///< from submission to completion
  /// Waiting sleeps on interrupts, where the device has an event descriptor; otherwise, and with false, it polls.
  bool interrupts = true;
  /// Absent: CardStart::fresh(). To be given only where runs have to be repeatable.
  std::optional<CardStart> start{};
};

/// What a card says about itself.
struct CardInfo {
  std::uint8_t version_major = 0;  ///< of the register interface
  std::uint8_t version_minor = 0;
  std::uint16_t version_patch = 0;
  std::uint32_t git_hash = 0;  ///< first 32 bits of the commit the card was built from
  std::uint32_t capabilities = 0;
  std::uint32_t sa_capacity = 0;
  std::uint32_t index_buckets = 0;  ///< per bank
  std::uint32_t lanes = 0;          ///< AES blocks per cycle and direction
  std::uint32_t clock_khz = 0;
  std::uint32_t counters = 0;  ///< how many the card has

  /// PATH_WRITE, PING, SEND, SA_ADMIN, copies of exceptions and the event ring.
  [[nodiscard]] bool has_requester() const { return regs::capabilities::kRequester.get(capabilities) != 0; }
  /// PROBE_WRITE, PROBE_BURST, PROBE_READ.
  [[nodiscard]] bool has_prober() const { return regs::capabilities::kProber.get(capabilities) != 0; }
};

/// What a card says about itself, without changing anything. Errors: incompatible (not a sapulse card, another major
/// version, or parameters that cannot be; the message names both versions), device_error.
Result<CardInfo> read_card_info(Device& device);

/// A token bucket.
struct RateLimit {
  std::chrono::nanoseconds interval{};  ///< per token; 0: no limit
  std::uint32_t burst = 0;              ///< size of the bucket, tokens

  friend bool operator==(const RateLimit&, const RateLimit&) = default;
};

/// Limits per cause. The defaults let bursts of 256 and 10,000 exceptions a second of each cause through, and bursts of
/// 1,024 and 100,000 a second of the clear echoes that the card answers by itself (Cause::echo).
class RateLimits {
 public:
  RateLimits() {
    limits_.fill({std::chrono::microseconds(100), 256});
    (*this)[Cause::echo] = {std::chrono::microseconds(10), 1024};
  }
  RateLimit& operator[](Cause cause) { return limits_.at(static_cast<std::size_t>(cause)); }
  const RateLimit& operator[](Cause cause) const { return limits_.at(static_cast<std::size_t>(cause)); }

 private:
  std::array<RateLimit, regs::kCauseCount> limits_;
};

/// What a card shall do with which frames.
struct CardConfig {
  std::vector<IpAddress> local{};  ///< addresses the card answers for, at most 16
  /// Its MAC addresses, at most 4: frames to others pass. None: every unicast one will do.
  std::vector<MacAddress> mac{};
  std::uint16_t udp_port = wire::udp_port_ipsec;  ///< destination of encapsulated ESP
  std::uint8_t control_spi = wire::spi_control;   ///< 3..255, not 7 or 8
  /// Other actions, by reserved SPI 1..255; SPIs not named pass, except 7 and 8. `echo` is for 7 alone and `echo-reply`
  /// for 8: two cards that answer requests with requests would never stop.
  std::map<std::uint8_t, Action> reserved{};
  bool authoritative = false;  ///< customer packets of unknown SPI to a local address raise UNKNOWN_SPI_DATA
  RateLimits limits{};
  /// Of each source, asked before the limit of the cause about exceptions that anybody can raise: at most 255 tokens,
  /// and less than 4 seconds until a bucket is full. Sources share 1024 buckets by a keyed hash. The default is so far
  /// below the limit of a cause that it takes several sources to use that up.
  RateLimit source_limit{std::chrono::milliseconds(1), 64};
  /// Bytes of customer frames that a control frame may have to wait for on the line side.
  std::uint32_t tx_share = 65536;
  /// Causes whose copies are delivered: integrity, replayed, malformed, kVersion.
  std::set<Cause> copies{};
  bool prober = true;  ///< false: the prober sends nothing and its times stand still
  bool enable = true;  ///< false: every frame is passed
};

/// Checks what can be checked without a card. Errors: invalid_argument. Thread-safe.
Result<void> validate(const CardConfig& config);

/// An opened card. Owns the rings; the device must outlive it.
///
/// Not thread-safe: of all functions, one call at a time. Callbacks run inside poll(), execute(), send_frame() and
/// drain(); they may submit() commands, but must not call any of these four.
///
/// Errors common to all functions that talk to the card: dma_fault (the card was refused host memory; the message has
/// address and AXI response), device_error, timeout. After a dma_fault or timeout the card must be opened anew.
class Card {
 public:
  using CompletionHandler = std::function<void(const Completion&)>;
  using ExceptionHandler = std::function<void(const Exception&)>;
  using EventHandler = std::function<void(const Event&)>;

  /// Resets the card, checks its identity and version, waits until its tables are clear, sets its clock, and starts the
  /// rings. The card passes every frame until configure(). Errors: incompatible (not a sapulse card, or another major
  /// version; the message names both versions), invalid_argument (options), io_error (no random numbers), no_space,
  /// timeout.
  static Result<std::unique_ptr<Card>> open(Device& device, const CardOptions& options = {});

  /// Closes; errors are lost, so call close() to see them.
  ~Card();
  Card(const Card&) = delete;
  Card& operator=(const Card&) = delete;

  /// Passes every frame from now on, stops the rings, resets the card (which clears its tables) and then gives the
  /// memory back. Doing it twice is harmless; every other function fails afterwards.
  Result<void> close();

  [[nodiscard]] const CardInfo& info() const;
  [[nodiscard]] Device& device();

  /// Programs addresses, actions, limits, copies and the enable bits. The card passes everything while these change.
  /// Errors: invalid_argument (validate()), unsupported (copies, on a card that makes none).
  Result<void> configure(const CardConfig& config);
  /// What configure() has set last.
  [[nodiscard]] const CardConfig& config() const;

  /// Switches between answering (true) and passing every frame (false).
  Result<void> set_enabled(bool enabled);

  /// Clock of the card, ns.
  Result<std::uint64_t> time();
  Result<void> set_time(std::uint64_t nanoseconds);

  /// All counters. Those that the card does not have read 0.
  Result<Counters> counters();

  /// True when no frame of the control path and no command is in flight.
  Result<bool> idle();
  /// True when idle() and nothing waits for poll() either.
  Result<bool> quiet();

  /// Executes commands in order and waits for all. One completion per command, in order; a status other than OK is not
  /// an error here. Commands may exceed the ring size.
  Result<std::vector<Completion>> execute(std::span<const Command> commands);
  /// Executes one command; a status other than OK is an error (device_error, the message names command and status).
  Result<Completion> execute(const Command& command);

  /// Queues one command; `done` is called by poll() when it has completed. Errors: no_space (ring full: poll() first).
  Result<void> submit(const Command& command, CompletionHandler done);

  /// Sends an Ethernet frame (14..9216 bytes, without FCS) on the line side; shorter ones are padded to 60 bytes.
  /// Returns when it has been queued; waits for a buffer when all are in flight. A frame that the card could not send
  /// is counted in failed_frames(). Errors: invalid_argument (length).
  Result<void> send_frame(std::span<const std::uint8_t> frame);
  /// Frames of send_frame() that the card completed with an error status.
  [[nodiscard]] std::uint64_t failed_frames() const;

  /// Waits until every submitted command has completed.
  Result<void> drain();

  /// Handles what the card has written since the last call: completions, then exceptions, at most as many as the
  /// exception ring holds. Does not wait. Returns the number of both.
  Result<std::size_t> poll(const ExceptionHandler& on_exception);
  /// Same, and events, after the exceptions. Without this function events stay in their ring.
  Result<std::size_t> poll(const ExceptionHandler& on_exception, const EventHandler& on_event);

  /// Waits until an exception has arrived; false when `timeout` of the card's time has passed.
  Result<bool> wait_exception(std::chrono::nanoseconds timeout);
  /// Waits until an exception, an event or a completion has arrived; false when `timeout` of the card's time has
  /// passed.
  Result<bool> wait(std::chrono::nanoseconds timeout);

  /// For event loops: a descriptor that poll() and its like find readable when there is something for poll() to do; -1:
  /// there is none (CardOptions::interrupts).
  [[nodiscard]] int event_descriptor() const;
  /// Gets ready to sleep on event_descriptor(): the longest sleep, in real time, after which poll() has to be called
  /// whatever happens; 0: it has something to do now. `due`: when there is, at the latest, ns of the card's clock. A
  /// simulated card goes on by itself from here to the next call of any function.
  Result<std::chrono::nanoseconds> prepare_sleep(std::optional<std::uint64_t> due);

 private:
  class [[gnu::visibility("hidden")]] Impl;
  explicit Card(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sapulse
#pragma GCC visibility pop
