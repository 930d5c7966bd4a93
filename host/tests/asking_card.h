// SPDX-License-Identifier: Apache-2.0
// A fake card that asks, with SAs that have a path, for the tests of pings and liveness.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "bytes.h"
#include "fake_device.h"
#include "packet.h"
#include "sapulse/card.h"
#include "sapulse/endpoint.h"
#include "test_sas.h"

namespace sapulse::test {

inline Path make_path() {
  Path path;
  path.own_mac = *MacAddress::parse("02:aa:bb:cc:dd:01");
  path.peer_mac = *MacAddress::parse("02:aa:bb:cc:dd:02");
  return path;
}

/// make_sa() with a path.
inline SaParameters make_peer(std::uint32_t spi, std::uint32_t seed = 0) {
  SaParameters sa = make_sa(spi, seed);
  sa.path = make_path();
  return sa;
}

inline Token make_token(std::uint8_t seed) {
  Token token{};
  for (std::size_t i = 0; i < token.size(); ++i) token[i] = static_cast<std::uint8_t>(seed + i);
  return token;
}

/// What a peer tells in its replies.
inline CrashToken make_crash_token(std::uint8_t seed) {
  CrashToken token{.token = make_token(seed), .nonce = {}};
  token.nonce.fill(seed);
  return token;
}

/// What the card hands over when a clear error arrives. `token` all-zero: none.
inline Exception clear_error(const SaParameters& sa, std::uint8_t code, const Token& token, std::uint64_t time) {
  const SaInfo info{.number = 0, .name = "", .local = sa.peer, .peer = sa.local, .spi_in = 0, .spi_out = 0};
  // The peer answers a packet from us to it: our frame, seen from its side, is what the error is built from.
  OffendingPacket request = packet_from_peer(info, make_path(), 1);
  const ClearError error{.outer_spi = wire::spi_control,
                         .code = code,
                         .subject = sa.out.spi,
                         .transaction = 7,
                         .token_nonce = {},
                         .token = token,
                         .spi = sa.out.spi,
                         .sequence = 1};
  Exception exception;
  exception.cause = Cause::error_clear;
  exception.time = time;
  exception.spi = wire::spi_control;
  exception.message = wire::type_error_clear;
  exception.code = code;
  exception.snapshot = build_error(request, error);
  exception.frame_length = static_cast<std::uint16_t>(exception.snapshot.size());
  exception.esp_offset = wire::ethernet_bytes + wire::ipv4_bytes;
  return exception;
}

/// Likewise for a protected error, decrypted.
inline Exception protected_error(const SaParameters& sa, std::uint32_t number, std::uint8_t code, std::uint64_t n,
                                 std::uint64_t time) {
  Exception exception;
  exception.cause = Cause::error_protected;
  exception.sa = number;
  exception.decrypted = true;
  exception.time = time;
  exception.spi = sa.in.spi;
  exception.n = n;
  exception.message = wire::type_error_protected;
  exception.code = wire::error_unsupported;  // of the control header, which anybody can change
  ByteWriter nested;
  nested.put32(sa.in.spi);
  nested.put32(static_cast<std::uint32_t>(n));
  nested.put32(static_cast<std::uint32_t>(n >> 32));
  nested.put32(static_cast<std::uint32_t>(n));
  nested.put(build_protected_error({.code = code, .transaction = 7, .spi = sa.out.spi, .sequence = 1}));
  exception.snapshot = nested.take();
  return exception;
}

}  // namespace sapulse::test
