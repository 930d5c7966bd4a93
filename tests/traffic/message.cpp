// SPDX-License-Identifier: Apache-2.0
#include "message.h"

#include <algorithm>

#include "crypto.h"
#include "packet.h"

namespace sapulse::traffic {

namespace {

// Offsets inside a plaintext.
constexpr std::size_t kFlagsAt = kEchoHeader + 3;
constexpr std::size_t kReceiveAt = kEchoHeader + 12;
constexpr std::size_t kTransmitAt = kEchoHeader + 20;
constexpr std::size_t kDataSequenceAt = kEchoHeader + 28;
constexpr std::size_t kTokenAt = kEchoHeader + 32;
constexpr std::size_t kTokenNonceAt = kEchoHeader + 48;

Bytes nonce(View salt, View iv) {
  Bytes bytes(salt.begin(), salt.end());
  put(bytes, iv);
  return bytes;
}

}  // namespace

Bytes control_message(const Control& control, View payload) {
  Bytes message;
  put8(message, 0x16);
  put8(message, control.type);
  put8(message, control.code);
  put8(message, control.flags);
  put16(message, kControlBytes + payload.size());
  put16(message, 0);
  put32(message, control.subject);
  put32(message, control.transaction);
  put64(message, control.token_nonce);
  fix_control_checksum(message, 0);
  put(message, payload);
  return message;
}

void fix_control_checksum(Bytes& message, std::size_t at) {
  set16(message, at + 6, 0);
  set16(message, at + 6, internet_checksum(part(message, at, kControlBytes)));
}

Bytes echo_message(const Echo& echo) {
  Bytes body;
  put8(body, echo.subtype);
  put8(body, echo.flags | (echo.return_spi ? kFlagReturn : 0));
  put16(body, echo.data.size());
  put16(body, echo.identifier);
  put16(body, echo.sequence);
  if (echo.return_spi) put32(body, *echo.return_spi);
  put(body, echo.data);
  return body;
}

Bytes error_body(unsigned code, std::uint32_t transaction, std::uint32_t spi, std::uint32_t sequence) {
  Bytes data;
  put32(data, transaction);
  put32(data, spi);
  put32(data, sequence);
  return echo_message({.subtype = sub_error, .flags = code, .data = data});
}

Bytes telemetry_request(std::uint64_t t_origin, View rest) {
  Bytes data;
  put16(data, kTelemetryMagic);
  put8(data, 1);
  put8(data, 0);
  put64(data, t_origin);
  data.resize(kTelemetryBytes);
  put(data, rest);
  return data;
}

Bytes padded(View body, std::size_t extra) {
  Bytes plaintext(body.begin(), body.end());
  const std::size_t pad = (2 - body.size()) % 4 + extra;
  for (std::size_t i = 1; i <= pad; ++i) put8(plaintext, i);
  put8(plaintext, pad);
  put8(plaintext, next_nested_message);
  return plaintext;
}

Bytes nested_packet(const Association& sa, const Direction& direction, std::uint64_t n, View plaintext) {
  Bytes packet;
  put32(packet, direction.spi);
  put32(packet, static_cast<std::uint32_t>(n));
  put64(packet, n);
  const View iv = part(packet, 8, 8);
  const ControlKey control = sa.control_key(direction);
  const Bytes sealed = gcm_seal(control.key, nonce(control.salt, iv), part(packet, 0, 8), plaintext);
  put(packet, sealed);
  return packet;
}

std::optional<Bytes> open_nested(const Association& sa, const Direction& direction, View nested) {
  if (nested.size() < 16 + kIcvBytes) return std::nullopt;
  const ControlKey control = sa.control_key(direction);
  return gcm_open(control.key, nonce(control.salt, part(nested, 8, 8)), part(nested, 0, 8), nested.subspan(16));
}

bool has_telemetry(View plaintext) {
  return plaintext.size() >= kEchoHeader + kTelemetryBytes && get16(plaintext, 2) >= kTelemetryBytes &&
         get16(plaintext, kEchoHeader) == kTelemetryMagic;
}

Telemetry read_telemetry(View plaintext) {
  Telemetry telemetry;
  telemetry.flags = get8(plaintext, kFlagsAt);
  telemetry.t_receive = get64(plaintext, kReceiveAt);
  telemetry.t_transmit = get64(plaintext, kTransmitAt);
  telemetry.data_sequence = get32(plaintext, kDataSequenceAt);
  std::ranges::copy(part(plaintext, kTokenAt, 16), telemetry.token.begin());
  std::ranges::copy(part(plaintext, kTokenNonceAt, kTokenNonceBytes), telemetry.token_nonce.begin());
  return telemetry;
}

void write_telemetry(Bytes& plaintext, const Telemetry& telemetry) {
  plaintext.at(kFlagsAt) = telemetry.flags;
  set64(plaintext, kReceiveAt, telemetry.t_receive);
  set64(plaintext, kTransmitAt, telemetry.t_transmit);
  set32(plaintext, kDataSequenceAt, telemetry.data_sequence);
  std::ranges::copy(telemetry.token, plaintext.begin() + kTokenAt);
  std::ranges::copy(telemetry.token_nonce, plaintext.begin() + kTokenNonceAt);
}

}  // namespace sapulse::traffic
