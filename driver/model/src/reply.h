// SPDX-License-Identifier: Apache-2.0
// Replies to requests of the card's own (rtl/requester/reply_match.sv).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "kernel_chain.h"
#include "sapulse_wire.h"

namespace sapulse::model {

/// A verified, fresh echo reply.
struct Reply {
  std::uint32_t sa = 0;
  std::uint32_t transaction = 0;  ///< of the control header
  std::uint64_t n = 0;
  std::size_t frame_length = 0;
  std::uint64_t t_arrival = 0;  ///< clock, ns
  // From its body.
  bool consistent = false;  ///< identifier and sequence are the transaction
  // From its telemetry block; zero without one.
  std::uint8_t flags = 0;
  std::uint64_t t_origin = 0;
  std::uint64_t t_receive = 0;
  std::uint64_t t_transmit = 0;
  std::uint32_t data_sequence = 0;
  std::array<std::byte, wire::token_bytes> token{};
  std::array<std::byte, wire::token_nonce_bytes> token_nonce{};
};

/// `known` with what the opened packet says.
[[nodiscard]] Reply read_reply(const Reply& known, const Payload& plain);

/// What becomes of a reply (requester_pkg::RESULT_*).
enum class Match : std::uint8_t {
  matched,
  late,     ///< to a request that has timed out
  unasked,  ///< to no request
  full      ///< there is no room for its event: as if it had not come
};

}  // namespace sapulse::model
