// SPDX-License-Identifier: Apache-2.0
// What a card must send when it asks, in plain C++ on OpenSSL; and the configuration of the peer that answers.
#pragma once

#include <cstdint>
#include <optional>

#include "bytes.h"
#include "config.h"
#include "message.h"
#include "packet.h"

namespace sapulse::traffic {

/// How messages reach the peer of an SA: headers in front of the control message.
struct PeerPath {
  Link link{};
  Network network{};
  Wrap wrap{};  ///< SPI: that of the peer's control channel; the sequence number is that of each message
  Bytes token_nonce = Bytes(kTokenNonceBytes);  ///< what the peer has told for the SA
};

/// What differs from one echo request to the next.
struct Asked {
  std::uint64_t n = 0;
  std::uint32_t transaction = 0;  ///< identifier and sequence of the echo as well
  std::size_t data_bytes = 0;
  std::uint64_t t_origin = 0;  ///< 0 without a telemetry block
};

/// What differs from one message to the next in front of its nested packet.
struct Envelope {
  unsigned type = type_echo_request;
  unsigned code = 0;
  std::uint32_t transaction = 0;
  std::uint64_t n = 0;
};

/// A message sealed with the outbound half of an SA.
Bytes message_frame(const Association& sa, const PeerPath& path, const Envelope& envelope, View plaintext);

/// An echo request of the card.
Bytes request_frame(const Association& sa, const PeerPath& path, const Asked& asked);

/// The fields of an echo request that was sent on an SA; nothing if it does not open.
std::optional<Asked> read_request(const Association& sa, View frame);

/// An SA as the card at the other end has it, which makes crash tokens with this secret.
Association peer_of(Association sa, View secret);

/// The card at the other end: its addresses, its view of the SAs, its secret.
Config peer_of(const Config& config, Bytes secret);

}  // namespace sapulse::traffic
