// SPDX-License-Identifier: Apache-2.0
// Changes of SAs as bytes, for the journal.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sapulse/error.h"
#include "sapulse/sa.h"
#include "secret_buffer.h"

namespace sapulse {

/// One atomic change: SAs removed, by inbound SPI, then others put.
struct SaChange {
  std::vector<std::uint32_t> removed;
  std::vector<SaParameters> put;
};

/// A record: length and its checksum, the change, its checksum, an end mark. So a length that has been damaged is known
/// before it is used.
SecretBuffer encode_change(std::span<const std::uint32_t> removed, std::span<const SaParameters> put);

/// What is at the start of some bytes.
struct DecodedChange {
  enum class Kind : std::uint8_t {
    change,  ///< a whole record
    torn,    ///< what a crash leaves at the end of a file: a record without its last bytes, or with zeros for them
    damaged  ///< anything else
  };
  Kind kind{};
  std::size_t size = 0;  ///< bytes that a change takes
  SaChange change;
};
DecodedChange decode_change(std::span<const std::uint8_t> bytes);

}  // namespace sapulse
