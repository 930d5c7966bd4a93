// SPDX-License-Identifier: Apache-2.0
// Answers to exceptions: clear errors (protocol, sections 6 and 7) under rate limits.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "sapulse/card.h"
#include "sapulse/error.h"
#include "sapulse/exception.h"
#include "sapulse/sa.h"

namespace sapulse {

struct ErrorResponderOptions {
  /// Errors of each code.
  RateLimit per_cause{std::chrono::microseconds(100), 256};
  /// Errors to each source; sources share one of 1024 buckets by a keyed hash.
  RateLimit per_source{std::chrono::milliseconds(10), 64};
  /// Key of that hash; absent: random. To be given only where runs have to be repeatable.
  std::optional<std::array<std::uint8_t, 16>> hash_key{};
};

/// What became of an exception.
enum class ErrorVerdict : std::uint8_t {
  kSent,           ///< a clear error has been queued
  kNotApplicable,  ///< the cause asks for no error
  kAboutMessage,   ///< it concerns an error or a reply: never answered
  kAddress,        ///< to or from an address that is not one other host
  kTooLong,        ///< the error would be longer than the offending packet
  kInstalled,      ///< an SA of this SPI is installed by now
  kLimited,        ///< over a rate limit
  kMalformed       ///< the frame could not be parsed
};
inline constexpr std::size_t kErrorVerdictCount = 8;

/// Sends a clear error where the protocol wants one. Not thread-safe; card and SAs must outlive it.
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

  /// Answers one exception. Errors: those of Card::send_frame().
  Result<ErrorVerdict> handle(const Exception& exception);

  /// How often each verdict was reached.
  [[nodiscard]] std::uint64_t count(ErrorVerdict verdict) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sapulse
