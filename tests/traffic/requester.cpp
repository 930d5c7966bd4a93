// SPDX-License-Identifier: Apache-2.0
#include "requester.h"

#include <algorithm>
#include <utility>

#include "crypto.h"
#include "dissect.h"

namespace sapulse::traffic {

Bytes message_frame(const Association& sa, const PeerPath& path, const Envelope& envelope, View plaintext) {
  const Control control{.type = envelope.type,
                        .code = envelope.code,
                        .subject = sa.out.spi,
                        .transaction = envelope.transaction,
                        .token_nonce = get64(path.token_nonce, 0)};
  Wrap wrap = path.wrap;
  wrap.sequence = static_cast<std::uint32_t>(envelope.n);
  return wrapped_frame(path.link, path.network, wrap,
                       control_message(control, nested_packet(sa, sa.out, envelope.n, plaintext)));
}

Bytes request_frame(const Association& sa, const PeerPath& path, const Asked& asked) {
  Echo echo{.identifier = asked.transaction >> 16, .sequence = asked.transaction & 0xffff};
  if (asked.data_bytes >= kTelemetryBytes) echo.data = telemetry_request(asked.t_origin);
  echo.data.resize(asked.data_bytes);
  const Envelope envelope{.transaction = asked.transaction, .n = asked.n};
  return message_frame(sa, path, envelope, padded(echo_message(echo)));
}

std::optional<Asked> read_request(const Association& sa, View frame) {
  const Dissected at = dissect(frame);
  if (at.kind != Dissected::Kind::spi || at.limit < at.payload + kControlBytes + kNestedMin) return std::nullopt;
  const View header = part(frame, at.payload, kControlBytes);
  const View nested = part(frame, at.payload + kControlBytes, get16(header, 4) - kControlBytes);
  const auto plaintext = open_nested(sa, sa.out, nested);
  if (!plaintext || header[1] != type_echo_request) return std::nullopt;
  Asked asked{.n = get64(nested, 8), .transaction = get32(header, 12), .data_bytes = get16(*plaintext, 2)};
  if (has_telemetry(*plaintext)) asked.t_origin = get64(*plaintext, kEchoHeader + 4);
  return asked;
}

Association peer_of(Association sa, View secret) {
  std::swap(sa.local, sa.peer);
  std::swap(sa.in, sa.out);
  Bytes spi;
  put32(spi, sa.in.spi);
  sa.token_nonce = cmac(secret, spi);  // any number does that is not 0
  sa.token_nonce.resize(kTokenNonceBytes);
  return sa;
}

Config peer_of(const Config& config, Bytes secret) {
  Config peer = config;
  peer.local.clear();
  peer.macs.clear();
  for (Association& sa : peer.sas) {
    sa = peer_of(std::move(sa), secret);
    if (std::ranges::find(peer.local, sa.local) == peer.local.end()) peer.local.push_back(sa.local);
  }
  peer.secret = std::move(secret);
  return peer;
}

}  // namespace sapulse::traffic
