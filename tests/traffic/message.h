// SPDX-License-Identifier: Apache-2.0
// Control messages, nested packets and echo bodies (protocol sections 3 to 6).
#pragma once

#include <optional>

#include "bytes.h"
#include "config.h"

namespace sapulse::traffic {

inline constexpr std::size_t kControlBytes = 24;  ///< control header
inline constexpr std::size_t kNestedMin = 36;     ///< shortest nested packet: header, one padded word, ICV
inline constexpr std::size_t kEchoHeader = 8;  ///< echo message before its data: clear, or the body of an encrypted one
inline constexpr std::size_t kErrorBytes = 24;      ///< payload of an error: token, SPI, sequence number
inline constexpr std::size_t kTelemetryBytes = 56;  ///< telemetry block at the start of the data
inline constexpr std::size_t kTokenNonceBytes = 8;
inline constexpr unsigned kTelemetryMagic = 0x5350;
inline constexpr unsigned kFlagNested = 1;     ///< control header: the payload is a nested ESP packet
inline constexpr unsigned kFlagNoAnswer = 2;   ///< control header: neither reply nor error is wanted
inline constexpr unsigned kFlagReturn = 0x80;  ///< echo message: a return SPI follows its header

enum MessageType : std::uint8_t {
  type_echo_request = 1,
  type_echo_reply = 2,
  type_error_clear = 3,
  type_error_protected = 4
};
enum SubType : std::uint8_t { sub_request = 2, sub_reply = 3, sub_error = 200 };
enum ErrorCode : std::uint8_t { code_unknown_spi = 1, code_unsupported = 6 };

struct Control {
  unsigned type = type_echo_request;
  unsigned code = 0;
  unsigned flags = kFlagNested;
  std::uint32_t subject = 0;
  std::uint32_t transaction = 0;
  std::uint64_t token_nonce = 0;
};

/// Transactions with this bit are those of a card's own requests, not of its host's.
inline constexpr std::uint32_t kOwnTransaction = 0x8000'0000U;

/// Header (length and checksum right) and payload.
Bytes control_message(const Control& control, View payload);

/// Recomputes the checksum of the control header at offset `at` of a frame or message.
void fix_control_checksum(Bytes& message, std::size_t at);

struct Echo {
  unsigned subtype = sub_request;
  unsigned flags = 0;
  unsigned identifier = 0;
  unsigned sequence = 0;
  std::optional<std::uint32_t> return_spi{};  ///< with it, R is set
  Bytes data{};
};

/// Echo message, as it stands in a clear echo and, not padded yet, in an encrypted one (protocol sections 2 and 5).
Bytes echo_message(const Echo& echo);

/// Body of a protected error (protocol section 6), not padded.
Bytes error_body(unsigned code, std::uint32_t transaction, std::uint32_t spi, std::uint32_t sequence);

/// Data of a telemetry request: the block of 56 bytes and `rest` after it.
Bytes telemetry_request(std::uint64_t t_origin, View rest = {});

/// Body | padding 1,2,3.. | pad length | 144, to a multiple of 4; `extra` adds that many padding bytes (a multiple of
/// 4).
Bytes padded(View body, std::size_t extra = 0);

/// Nested packet: SPI | low half of n | n | sealed plaintext | ICV.
Bytes nested_packet(const Association& sa, const Direction& direction, std::uint64_t n, View plaintext);

/// What is inside a nested packet; nothing when its ICV is wrong. `n` is read from its IV.
std::optional<Bytes> open_nested(const Association& sa, const Direction& direction, View nested);

/// The fields of a telemetry block that a responder fills in.
struct Telemetry {
  std::uint8_t flags = 0;  ///< bit 0: times valid, 1: data sequence valid, 2: token and token nonce valid
  std::uint64_t t_receive = 0;
  std::uint64_t t_transmit = 0;
  std::uint32_t data_sequence = 0;
  Bytes token = Bytes(16);
  Bytes token_nonce = Bytes(kTokenNonceBytes);
};

/// Whether a plaintext (body and padding) has a telemetry block.
bool has_telemetry(View plaintext);
Telemetry read_telemetry(View plaintext);
void write_telemetry(Bytes& plaintext, const Telemetry& telemetry);

}  // namespace sapulse::traffic
