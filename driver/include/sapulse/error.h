// SPDX-License-Identifier: Apache-2.0
// Errors as values, used by drivers and by the host library.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace sapulse {

/// What kind of thing went wrong; the message of Error says what and where.
enum class Errc {
  invalid_argument,  ///< the caller passed something out of range
  not_found,         ///< no such SA, device or file
  exists,            ///< an SA with this SPI is installed already
  no_space,          ///< table, ring or memory is full
  incompatible,      ///< device of another version or build
  device_error,      ///< the device answered with an error or not at all
  dma_fault,         ///< the device accessed memory it was not given
  timeout,           ///< nothing happened in time
  io_error,          ///< operating system call failed
  parse_error,       ///< malformed file or frame
  unsupported        ///< this device lacks the feature
};

/// Names of all error codes, in their order.
inline constexpr std::array<std::string_view, 11> kErrcNames{
    "invalid_argument", "not_found", "exists",   "no_space",    "incompatible", "device_error",
    "dma_fault",        "timeout",   "io_error", "parse_error", "unsupported"};
static_assert(kErrcNames.size() == static_cast<std::size_t>(Errc::unsupported) + 1);

/// The name of an error code, "not_found".
constexpr std::string_view name(Errc code) { return kErrcNames.at(static_cast<std::size_t>(code)); }

/// The error code of a name; nothing if there is none of this name.
constexpr std::optional<Errc> errc_of(std::string_view name) {
  for (std::size_t i = 0; i < kErrcNames.size(); ++i) {
    if (kErrcNames[i] == name) return static_cast<Errc>(i);
  }
  return std::nullopt;
}

/// An error value. Messages never contain key material.
struct Error {
  Errc code;
  std::string message;
};

template <class T>
using Result = tl::expected<T, Error>;

/// Shorthand for returning an error from a function that returns Result<T>.
inline tl::unexpected<Error> failure(Errc code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}

}  // namespace sapulse
