// SPDX-License-Identifier: Apache-2.0
// Exceptions: frames that the card hands to the host.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sapulse/error.h"
#include "sapulse/event.h"
#include "sapulse/registers.h"

#pragma GCC visibility push(default)
namespace sapulse {

using regs::Cause;

/// How the SPI was carried (protocol, section 1).
enum class Encapsulation : std::uint8_t { esp = 0, udp = 1, ah = 2 };

/// One exception, decoded. Numbers are host values.
struct Exception {
  Cause cause{};
  std::optional<std::uint32_t> sa;  ///< SA number, if one was found
  bool decrypted = false;           ///< snapshot is the decrypted nested packet rather than the frame
  std::uint64_t time = 0;           ///< clock of the card at the first beat of the frame, ns
  std::uint32_t spi = 0;            ///< what it is about: the nested SPI, or the outer one
  std::uint32_t sequence = 0;       ///< sequence number beside that SPI
  std::uint64_t n = 0;              ///< control sequence number of the nested packet
  std::uint32_t transaction = 0;    ///< of the control header
  std::uint8_t message = 0;         ///< type in the control header, or what stands in its place; never authenticated
  std::uint8_t code = 0;            ///< likewise
  bool answer_wanted = true;        ///< likewise: false if the message says that it wants neither reply nor error
  TokenNonce token_nonce{};         ///< likewise
  std::uint32_t count = 0;          ///< exceptions before this one, modulo 2^32
  std::uint16_t frame_length = 0;   ///< bytes on the line, without FCS
  std::uint16_t payload_end = 0;    ///< end of the IP payload from the start of the frame, bytes
  std::uint8_t esp_offset = 0;      ///< of the outer ESP or AH header from the start of the frame, bytes
  Encapsulation encapsulation{};
  bool ipv6 = false;
  std::uint8_t vlan_tags = 0;          ///< 0..2
  std::vector<std::uint8_t> snapshot;  ///< first bytes, at most 192

  friend bool operator==(const Exception&, const Exception&) = default;
};

/// Decodes one entry of the exception ring. Errors: parse_error (cause, encapsulation or lengths out of range).
Result<Exception> decode_exception(std::span<const std::byte> entry);

}  // namespace sapulse
#pragma GCC visibility pop
