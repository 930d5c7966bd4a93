// SPDX-License-Identifier: Apache-2.0
#include "echo_reply.h"

#include <algorithm>

#include "sapulse_wire.h"

namespace sapulse {

std::optional<EchoRequest> parse_echo_request(const Exception& exception, const OffendingPacket& packet) {
  // Over IPv6 a datagram without checksum is none (RFC 8200 section 8.1).
  if (packet.ipv6 && packet.encapsulation == Encapsulation::udp && packet.udp_checksum == 0) return std::nullopt;
  const std::size_t end = exception.payload_end;
  ByteReader reader(exception.snapshot, packet.message);
  const std::uint8_t subtype = reader.get8();
  const std::uint8_t flags = reader.get8();
  const std::size_t length = reader.get16();
  EchoRequest request;
  request.identifier = reader.get16();
  request.sequence = reader.get16();
  if ((flags & wire::echo_flag_return) != 0) reader.skip(wire::echo_return_spi_bytes);
  const std::size_t data =
      packet.message + wire::echo_bytes + ((flags & wire::echo_flag_return) != 0 ? wire::echo_return_spi_bytes : 0);
  if (!reader.good() || subtype != wire::subtype_request || data + length > end) return std::nullopt;
  const std::size_t there = std::min(length, exception.snapshot.size() - data);
  request.data = reader.get(there);
  request.is_whole = there == length;
  return request;
}

std::vector<std::uint8_t> build_echo_reply(const OffendingPacket& packet, const EchoRequest& request) {
  ByteWriter message;
  message.put8(wire::subtype_reply);
  message.put8(0);  // flags
  message.put16(static_cast<std::uint16_t>(request.data.size()));
  message.put16(request.identifier);
  message.put16(request.sequence);
  message.put(request.data);
  return build_answer(packet, wire::spi_echo_reply, message.bytes());
}

}  // namespace sapulse
