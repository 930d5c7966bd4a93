// SPDX-License-Identifier: Apache-2.0
// Answers to exceptions: errors (protocol, sections 6 and 7), ICMP security failures (RFC 2521) and clear echoes with a
// return SPI, under rate limits.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "sapulse/card.h"
#include "sapulse/error.h"
#include "sapulse/exception.h"
#include "sapulse/sa.h"

#pragma GCC visibility push(default)
namespace sapulse {

/// Error codes of the protocol that are switched on.
class ErrorCodes {
 public:
  /// As the protocol has it: 1, 5 and 6 are on, 2, 3 and 4 off.
  constexpr ErrorCodes() = default;
  [[nodiscard]] constexpr bool has(std::uint8_t code) const { return code < 8 && (bits_ >> code & 1U) != 0; }
  /// Other codes than 1..6 are ignored.
  constexpr ErrorCodes& set(std::uint8_t code, bool on) {
    if (code < wire::error_unknown_spi || code > wire::error_unsupported) return *this;
    bits_ = static_cast<std::uint8_t>(on ? bits_ | 1U << code : bits_ & ~(1U << code));
    return *this;
  }

 private:
  std::uint8_t bits_ = 1U << wire::error_unknown_spi | 1U << wire::error_sa_down | 1U << wire::error_unsupported;
};

/// Copies of exceptions that the card has to deliver for these codes (CardConfig::copies). Thread-safe.
[[nodiscard]] std::set<Cause> needed_copies(const ErrorCodes& codes);

struct ErrorResponderOptions {
  /// Errors that are sent at all.
  ErrorCodes codes{};
  /// Peers that do not speak the protocol: customer packets of an unknown SPI from these IPv4 addresses are answered
  /// with ICMP "bad SPI" (RFC 2521) instead.
  std::vector<IpAddress> icmp_peers{};
  /// Errors of each code, and replies of clear echoes.
  RateLimit per_cause{std::chrono::microseconds(100), 4096};
  /// Errors to each source; sources share one of 1024 buckets by a keyed hash. A peer may have many SAs, and after a
  /// crash is to be told about each.
  RateLimit per_source{std::chrono::milliseconds(1), 1024};
  /// Key of that hash; absent: random. To be given only where runs have to be repeatable.
  std::optional<std::array<std::uint8_t, 16>> hash_key{};
};

/// What became of an exception.
enum class ErrorVerdict : std::uint8_t {
  sent,            ///< an error, or the reply of a clear echo, has been queued
  not_applicable,  ///< the cause asks for no error
  about_message,   ///< it concerns an error or a reply: never answered
  address,         ///< to or from an address that is not one other host
  too_long,        ///< the error would be longer than the offending packet
  installed,       ///< an SA of this SPI is installed by now
  limited,         ///< over a rate limit
  malformed,       ///< the frame could not be parsed
  disabled,        ///< errors of this code are switched off
  no_path,         ///< the SA is gone, or nothing is known about how to reach its peer
  unwanted,        ///< the message says that it wants no answer
  cut              ///< a clear echo longer than what the card hands over, which cannot be copied
};
inline constexpr std::size_t kErrorVerdictCount = 12;

/// Sends an error where the protocol wants one. Card and SAs must outlive it.
///
/// | cause | error | how |
/// |---|---|---|
/// | unknown_spi | 1 unknown SPI, with the crash token if the message is an echo request with a token nonce | clear |
/// | unknown_spi_data | 1 unknown SPI | clear, or ICMP |
/// | integrity | 2 integrity check failed | clear, to the peer of the SA's path |
/// | replayed | 3 replayed or too old | protected |
/// | malformed | 4 malformed | clear |
/// | sa_down | 5 administratively down | protected |
/// | unsupported, kVersion | 6 unsupported version or type | clear |
///
/// Clear echo requests with a return SPI (echo_return) are answered with the reply that the card makes of all others.
///
/// Not thread-safe: no function may be called while another thread uses the same card.
class ErrorResponder {
 public:
  ErrorResponder(Card& card, const SaManager& sas, const ErrorResponderOptions& options = {});
  ~ErrorResponder();
  ErrorResponder(const ErrorResponder&) = delete;
  ErrorResponder& operator=(const ErrorResponder&) = delete;

  /// Polls the card and answers every exception that asks for it; `observer`, if any, sees each exception and what
  /// became of it. Returns the number of exceptions. Errors: those of Card.
  using Observer = std::function<void(const Exception&, ErrorVerdict)>;
  Result<std::size_t> poll(const Observer& observer = {});

  /// Answers one exception. Errors: those of Card::send_frame() and Card::submit().
  Result<ErrorVerdict> handle(const Exception& exception);

  /// How often each verdict was reached.
  [[nodiscard]] std::uint64_t count(ErrorVerdict verdict) const;

 private:
  class [[gnu::visibility("hidden")]] Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sapulse
#pragma GCC visibility pop
