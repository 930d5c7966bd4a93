// SPDX-License-Identifier: Apache-2.0
// Replies to clear ESP echo requests (protocol, section 2).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "packet.h"
#include "sapulse/exception.h"

namespace sapulse {

/// What follows the sequence number of a clear echo request.
struct EchoRequest {
  std::uint16_t identifier = 0;
  std::uint16_t sequence = 0;
  std::span<const std::uint8_t> data;  ///< in the snapshot; shorter than the request's if that has been cut
  bool is_whole = true;                ///< all of the data are in the snapshot
};

/// Reads the request of an exception; nothing if it is none, its lengths do not fit, or it has no UDP checksum where
/// IPv6 demands one.
std::optional<EchoRequest> parse_echo_request(const Exception& exception, const OffendingPacket& packet);

/// The frame of its reply: as the request, without a return SPI.
std::vector<std::uint8_t> build_echo_reply(const OffendingPacket& packet, const EchoRequest& request);

}  // namespace sapulse
