// SPDX-License-Identifier: Apache-2.0
#include "message.h"

#include <algorithm>

#include "crypto.h"
#include "packet.h"

namespace sapulse::traffic {

namespace {

// Offsets inside a plaintext.
constexpr std::size_t kFlagsAt = kBodyHeader + 3;
constexpr std::size_t kReceiveAt = kBodyHeader + 12;
constexpr std::size_t kTransmitAt = kBodyHeader + 20;
constexpr std::size_t kDataSequenceAt = kBodyHeader + 28;
constexpr std::size_t kTokenAt = kBodyHeader + 32;

Bytes nonce(const Association& sa, const Direction& direction, View iv) {
  Bytes bytes = sa.control_salt(direction);
  put(bytes, iv);
  return bytes;
}

}  // namespace

Bytes control_message(const Control& control, View payload) {
  Bytes message;
  put8(message, 0x14);
  put8(message, control.type);
  put8(message, control.code);
  put8(message, control.flags);
  put16(message, kControlBytes + payload.size());
  put16(message, 0);
  put32(message, control.subject);
  put32(message, control.transaction);
  fix_control_checksum(message, 0);
  put(message, payload);
  return message;
}

void fix_control_checksum(Bytes& message, std::size_t at) {
  set16(message, at + 6, 0);
  set16(message, at + 6, internet_checksum(part(message, at, kControlBytes)));
}

Bytes echo_body(const Echo& echo) {
  Bytes body;
  put8(body, echo.subtype);
  put8(body, echo.reply_wanted ? 0x80 : 0);
  put16(body, echo.data.size());
  put16(body, echo.identifier);
  put16(body, echo.sequence);
  put32(body, echo.reply_spi);
  put(body, echo.data);
  return body;
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
  put8(plaintext, kNestedMessage);
  return plaintext;
}

Bytes nested_packet(const Association& sa, const Direction& direction, std::uint64_t n, View plaintext) {
  Bytes packet;
  put32(packet, direction.spi);
  put32(packet, static_cast<std::uint32_t>(n));
  put64(packet, n);
  const View iv = part(packet, 8, 8);
  const Bytes sealed = gcm_seal(direction.key, nonce(sa, direction, iv), part(packet, 0, 8), plaintext);
  put(packet, sealed);
  return packet;
}

std::optional<Bytes> open_nested(const Association& sa, const Direction& direction, View nested) {
  if (nested.size() < 16 + kIcvBytes) return std::nullopt;
  return gcm_open(direction.key, nonce(sa, direction, part(nested, 8, 8)), part(nested, 0, 8), nested.subspan(16));
}

bool has_telemetry(View plaintext) {
  return plaintext.size() >= kBodyHeader + kTelemetryBytes && get16(plaintext, 2) >= kTelemetryBytes &&
         get16(plaintext, kBodyHeader) == kTelemetryMagic;
}

Telemetry read_telemetry(View plaintext) {
  Telemetry telemetry;
  telemetry.flags = get8(plaintext, kFlagsAt);
  telemetry.t_receive = get64(plaintext, kReceiveAt);
  telemetry.t_transmit = get64(plaintext, kTransmitAt);
  telemetry.data_sequence = get32(plaintext, kDataSequenceAt);
  std::ranges::copy(part(plaintext, kTokenAt, 16), telemetry.token.begin());
  return telemetry;
}

void write_telemetry(Bytes& plaintext, const Telemetry& telemetry) {
  plaintext.at(kFlagsAt) = telemetry.flags;
  set64(plaintext, kReceiveAt, telemetry.t_receive);
  set64(plaintext, kTransmitAt, telemetry.t_transmit);
  set32(plaintext, kDataSequenceAt, telemetry.data_sequence);
  std::ranges::copy(telemetry.token, plaintext.begin() + kTokenAt);
}

}  // namespace sapulse::traffic
