// SPDX-License-Identifier: Apache-2.0
#include "requester.h"

#include <algorithm>
#include <utility>

#include "dissect.h"

namespace sapulse::traffic {

Bytes message_frame(const Association& sa, const PeerPath& path, unsigned type, unsigned code,
                    std::uint32_t transaction, std::uint64_t n, View plaintext) {
  const Control control{.type = type, .code = code, .subject = sa.out.spi, .transaction = transaction};
  Wrap wrap = path.wrap;
  wrap.sequence = static_cast<std::uint32_t>(n);
  return wrapped_frame(path.link, path.network, wrap,
                       control_message(control, nested_packet(sa, sa.out, n, plaintext)));
}

Bytes request_frame(const Association& sa, const PeerPath& path, const Asked& asked) {
  Echo echo{.identifier = asked.transaction >> 16, .sequence = asked.transaction & 0xffff, .reply_spi = sa.in.spi};
  if (asked.data_bytes >= kTelemetryBytes) echo.data = telemetry_request(asked.t_origin);
  echo.data.resize(asked.data_bytes);
  return message_frame(sa, path, kEchoRequest, 0, asked.transaction, asked.n, padded(echo_body(echo)));
}

std::optional<Asked> read_request(const Association& sa, View frame) {
  const Dissected at = dissect(frame);
  if (at.kind != Dissected::Kind::spi || at.limit < at.payload + kControlBytes + kNestedMin) return std::nullopt;
  const View header = part(frame, at.payload, kControlBytes);
  const View nested = part(frame, at.payload + kControlBytes, get16(header, 4) - kControlBytes);
  const auto plaintext = open_nested(sa, sa.out, nested);
  if (!plaintext || header[1] != kEchoRequest) return std::nullopt;
  Asked asked{.n = get64(nested, 8), .transaction = get32(header, 12), .data_bytes = get16(*plaintext, 2)};
  if (has_telemetry(*plaintext)) asked.t_origin = get64(*plaintext, kBodyHeader + 4);
  return asked;
}

Config peer_of(const Config& config, Bytes secret) {
  Config peer = config;
  peer.local.clear();
  peer.secret = std::move(secret);
  for (Association& sa : peer.sas) {
    std::swap(sa.local, sa.peer);
    std::swap(sa.in, sa.out);
    if (std::ranges::find(peer.local, sa.local) == peer.local.end()) peer.local.push_back(sa.local);
  }
  return peer;
}

}  // namespace sapulse::traffic
