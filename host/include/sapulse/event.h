// SPDX-License-Identifier: Apache-2.0
// Events: what the card tells of its own pings, of its prober and of its tables.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "sapulse/error.h"
#include "sapulse/registers.h"
#include "sapulse_wire.h"

#pragma GCC visibility push(default)
namespace sapulse {

using regs::EventKind;
using regs::ProbeState;
using regs::SaTable;

/// Crash token (protocol, section 7). Not secret towards the peer, but only sent encrypted as long as the SA lives.
using Token = std::array<std::uint8_t, wire::token_bytes>;

/// Random number of an inbound SA that its crash token is made from; an opaque byte string, all zero: none.
using TokenNonce = std::array<std::uint8_t, wire::token_nonce_bytes>;

/// What a peer tells of one SA in encrypted replies, so that it can prove later that it has lost it.
struct CrashToken {
  Token token{};
  TokenNonce nonce{};  ///< goes into the requests that follow: only then a peer without the SA can make the token

  friend bool operator==(const CrashToken&, const CrashToken&) = default;
};

/// What the responder put into the telemetry block of a reply.
struct Telemetry {
  struct Times {
    std::uint64_t receive = 0;   ///< first beat of the request in, ns of the peer's clock
    std::uint64_t transmit = 0;  ///< reply entered encryption, ns of the peer's clock
  };
  std::optional<Times> times;
  std::optional<std::uint32_t> data_sequence;  ///< highest customer sequence number the peer has seen, low 32 bits
  std::optional<CrashToken> token;
};

/// State and counters of the prober for an SA.
struct ProbeStatus {
  ProbeState state = ProbeState::idle;
  std::optional<std::chrono::nanoseconds> rtt;  ///< of the last reply, if there was one; at most 2^32 - 1 ns
  std::chrono::nanoseconds heard{};             ///< age of the last sign of life (of the start, before the first)
  std::uint32_t probes = 0;                     ///< given out since the prober was set up, modulo 2^30
  std::uint32_t replies = 0;                    ///< of these, answered in time
};

/// One event, decoded. Numbers are host values.
struct Event {
  EventKind kind{};
  std::uint32_t sa = 0;     ///< SA number
  std::uint64_t time = 0;   ///< clock of the card when the event was made, ns
  std::uint32_t count = 0;  ///< events before this one, modulo 2^32
  // ping_reply and ping_timeout
  std::uint32_t cookie = 0;  ///< of the command
  std::uint32_t transaction = 0;
  std::uint64_t t_origin = 0;  ///< the request entered encryption, ns
  // ping_reply
  std::uint64_t t_arrival = 0;     ///< first beat of the reply in, ns
  std::uint64_t n = 0;             ///< control sequence number of the reply
  std::uint16_t frame_length = 0;  ///< of the reply on the line, bytes without FCS
  Telemetry telemetry;
  // probe_state
  ProbeState previous{};  ///< state told before
  ProbeStatus probe;
  // table_fault
  SaTable table{};          ///< in which a damaged entry was read
  std::uint32_t entry = 0;  ///< SA number; of the index 4 * bucket + 2 * bank + slot
};

/// Decodes one entry of the event ring. Errors: parse_error (kind, states or table out of range). Thread-safe.
Result<Event> decode_event(std::span<const std::byte> entry);

}  // namespace sapulse
#pragma GCC visibility pop
