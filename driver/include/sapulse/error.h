// SPDX-License-Identifier: Apache-2.0
// Errors as values, used by drivers and by the host library.
#pragma once

#include <string>
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
