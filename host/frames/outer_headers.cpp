// SPDX-License-Identifier: Apache-2.0
#include "outer_headers.h"

#include "sapulse_wire.h"

namespace sapulse {
namespace {

bool read_ipv4(FrameReader& reader, OuterHeaders& outer) {
  const std::uint32_t version_length = reader.number(1);
  const std::size_t header = (version_length & 0xf) * std::size_t{4};
  reader.take(1);
  const std::size_t total = reader.number(2);
  if (header < wire::ipv4_bytes || total < header) return false;
  reader.limit(total - 4);
  reader.take(4);
  reader.take(1);
  outer.protocol = static_cast<std::uint8_t>(reader.number(1));
  reader.take(2);
  outer.source = reader.take(4);
  outer.destination = reader.take(4);
  reader.take(header - wire::ipv4_bytes);
  return reader.good();
}

bool read_ipv6(FrameReader& reader, OuterHeaders& outer) {
  reader.take(4);
  const std::size_t payload = reader.number(2);
  outer.protocol = static_cast<std::uint8_t>(reader.number(1));
  reader.take(1);
  outer.source = reader.take(16);
  outer.destination = reader.take(16);
  reader.limit(payload);
  while (reader.good() &&
         (outer.protocol == wire::protocol_hop_by_hop || outer.protocol == wire::protocol_destination_options)) {
    outer.protocol = static_cast<std::uint8_t>(reader.number(1));
    const std::size_t length = (reader.number(1) + std::size_t{1}) * wire::ipv6_option_unit;
    reader.take(length - 2);
  }
  return reader.good();
}

bool read_encapsulation(FrameReader& reader, OuterHeaders& outer) {
  switch (outer.protocol) {
    case wire::protocol_udp: {
      outer.source_port = reader.number(2);
      outer.destination_port = reader.number(2);
      const std::size_t length = reader.number(2);
      reader.take(2);
      if (length < wire::udp_bytes) return false;
      reader.limit(length - wire::udp_bytes);
      break;
    }
    case wire::protocol_ah: {
      reader.take(1);
      const std::uint32_t words = reader.number(1);
      reader.take(2);
      outer.spi = reader.number(4);
      outer.sequence = reader.number(4);
      if (words < 1) return false;
      reader.take((words - 1) * std::size_t{4});
      return reader.good();
    }
    case wire::protocol_esp:
      break;
    default:
      return false;
  }
  outer.spi = reader.number(4);
  outer.sequence = reader.number(4);
  return reader.good();
}

}  // namespace

std::optional<OuterHeaders> read_outer_headers(FrameReader& reader) {
  OuterHeaders outer;
  outer.macs[0] = reader.take(wire::mac_bytes);
  outer.macs[1] = reader.take(wire::mac_bytes);
  std::uint32_t type = reader.number(2);
  while (type == wire::tpid_customer || type == wire::tpid_service) {
    outer.tags.push_back(type << 16 | reader.number(2));
    type = reader.number(2);
  }
  bool good = false;
  if (type == wire::ethertype_ipv4) good = read_ipv4(reader, outer);
  if (type == wire::ethertype_ipv6) good = read_ipv6(reader, outer);
  if (!good || !read_encapsulation(reader, outer)) return std::nullopt;
  return outer;
}

std::optional<std::uint32_t> sa_spi(std::span<const std::byte> frame) {
  FrameReader reader(frame);
  const auto outer = read_outer_headers(reader);
  if (!outer) return std::nullopt;
  if (outer->spi > wire::spi_reserved_max) return outer->spi;
  reader.take(wire::control_flags);
  const bool nested = (reader.number(1) & wire::control_flag_nested) != 0;
  reader.take(wire::control_bytes - wire::control_flags - 1);
  const std::uint32_t spi = reader.number(4);
  if (!nested || !reader.good()) return std::nullopt;
  return spi;
}

}  // namespace sapulse
