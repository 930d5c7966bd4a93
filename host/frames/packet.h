// SPDX-License-Identifier: Apache-2.0
// Frames that exceptions are about, clear errors that answer them, and errors that are received.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "bytes.h"
#include "sapulse/address.h"
#include "sapulse/error.h"
#include "sapulse/event.h"
#include "sapulse/exception.h"
#include "sapulse/sa.h"

namespace sapulse {

/// Control header of a message (protocol, section 3).
struct ControlHeader {
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  std::uint8_t flags = 0;
  std::uint16_t length = 0;  ///< of header and payload, bytes
  std::uint32_t subject = 0;
  std::uint32_t transaction = 0;
  TokenNonce token_nonce{};
};

/// The headers of a frame with an ESP or AH header.
struct OffendingPacket {
  MacAddress mac_dst;
  MacAddress mac_src;
  std::vector<std::uint8_t> vlan_tags;  ///< TPID and TCI of each tag
  bool ipv6 = false;
  std::uint8_t dscp = 0;
  IpAddress src;
  IpAddress dst;
  std::size_t ip_length = 0;  ///< of the whole IP packet, bytes
  Encapsulation encapsulation{};
  std::uint16_t sport = 0;  ///< UDP only
  std::uint16_t dport = 0;
  std::uint16_t udp_checksum = 0;
  std::uint32_t spi = 0;  ///< outer
  std::uint32_t sequence = 0;
  std::size_t message = 0;  ///< offset in the frame of what follows the outer ESP or AH header
  /// Type of the message if the outer SPI is reserved. Where the type is does not change with the version.
  std::optional<std::uint8_t> type;
  std::optional<ControlHeader> control;  ///< if the outer SPI is reserved and the header is of a version that is known
};

/// Parses the snapshot of an exception. Errors: parse_error (the snapshot does not hold the headers, contradicts the
/// exception, or has a wrong IPv4 header checksum).
Result<OffendingPacket> parse_offending(const Exception& exception);

/// The headers that a packet of an SA's peer has, for errors about packets of which no snapshot is there.
OffendingPacket packet_from_peer(const SaInfo& sa, const Path& path, std::uint32_t sequence);

/// Internet checksum (RFC 1071); an odd last byte counts as if a zero followed.
std::uint16_t internet_checksum(std::span<const std::uint8_t> bytes);

/// A clear error (protocol, section 6).
struct ClearError {
  std::uint32_t outer_spi = 0;  ///< control SPI
  std::uint8_t code = 0;
  std::uint32_t subject = 0;
  std::uint32_t transaction = 0;
  TokenNonce token_nonce{};  ///< of the request
  Token token{};             ///< zero: none
  std::uint32_t spi = 0;     ///< of the offending ESP packet
  std::uint32_t sequence = 0;
};

/// What an error says (protocol, section 6).
struct ReceivedError {
  std::uint8_t code = 0;
  Token token{};                  ///< clear errors only; zero: none
  std::uint32_t transaction = 0;  ///< protected errors only
  std::uint32_t spi = 0;          ///< of the packet that it is about
  std::uint32_t sequence = 0;
};

/// A clear error with its addresses, from a snapshot of cause ERROR_CLEAR. Errors: parse_error.
struct ReceivedClearError {
  IpAddress from;
  IpAddress to;
  std::uint32_t subject = 0;
  ReceivedError error;
};
Result<ReceivedClearError> parse_clear_error(const Exception& exception);

/// A protected error, from the decrypted snapshot of cause ERROR_PROTECTED. Errors: parse_error.
Result<ReceivedError> parse_protected_error(const Exception& exception);

/// A protected error (protocol, section 6).
struct ProtectedError {
  std::uint8_t code = 0;
  std::uint32_t transaction = 0;
  std::uint32_t spi = 0;  ///< of the offending ESP packet
  std::uint32_t sequence = 0;
};

/// Its plaintext with trailer, for SEND.
std::vector<std::uint8_t> build_protected_error(const ProtectedError& error);

/// Length of the IP packet of a protected error under these headers, bytes.
std::size_t protected_error_ip_length(const OffendingPacket& packet);

/// Length of the IP packet of an error to this packet, bytes.
std::size_t error_ip_length(const OffendingPacket& packet);

/// From the IP header to the message: UDP, ESP or AH.
std::size_t encapsulation_bytes(const OffendingPacket& packet);

/// A whole answer to this packet: fresh headers with addresses and ports swapped (protocol, section 1), at least 60
/// bytes. Over UDP and IPv6 with the checksum of UDP.
std::vector<std::uint8_t> build_answer(const OffendingPacket& packet, std::uint32_t outer_spi,
                                       std::span<const std::uint8_t> message);

/// Ethernet and IP headers of an answer to this packet: addresses swapped, `payload` bytes behind the IP header.
void write_answer_headers(ByteWriter& writer, const OffendingPacket& packet, std::uint8_t protocol,
                          std::size_t payload);

/// The frame of an error.
std::vector<std::uint8_t> build_error(const OffendingPacket& packet, const ClearError& error);

}  // namespace sapulse
