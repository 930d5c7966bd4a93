// SPDX-License-Identifier: Apache-2.0
#include "packet.h"

namespace sapulse::traffic {

namespace {

constexpr unsigned kEtherIpv4 = 0x0800;
constexpr unsigned kEtherIpv6 = 0x86dd;

Bytes ipv4_header(const Network& network, unsigned protocol, std::size_t payload) {
  Bytes header;
  const std::size_t size = ip_header_bytes(network);
  put8(header, 0x40 | size / 4);
  put8(header, network.dscp << 2 | network.ecn);
  put16(header, size + payload);
  put16(header, network.id);
  put16(header, network.fragment);
  put8(header, network.hops);
  put8(header, protocol);
  put16(header, 0);
  put(header, View(network.from).last(4));
  put(header, View(network.to).last(4));
  put(header, network.options);
  set16(header, 10, internet_checksum(header));
  return header;
}

Bytes ipv6_header(const Network& network, unsigned protocol, std::size_t payload) {
  Bytes header;
  const std::size_t extensions = ip_header_bytes(network) - 40;
  put32(header, 6U << 28 | network.dscp << 22 | network.ecn << 20 | network.id);
  put16(header, extensions + payload);
  put8(header, network.extensions.empty() ? protocol : network.extensions.front().first);
  put8(header, network.hops);
  put(header, network.from);
  put(header, network.to);
  for (std::size_t i = 0; i < network.extensions.size(); ++i) {
    const bool last = i + 1 == network.extensions.size();
    const Bytes& content = network.extensions[i].second;
    put8(header, last ? protocol : network.extensions[i + 1].first);
    put8(header, (content.size() + 2) / 8 - 1);
    put(header, content);
  }
  return header;
}

Bytes ah(bool v6, const Wrap& wrap, View payload) {
  Bytes bytes;
  put8(bytes, next_control_message);
  put8(bytes, v6 ? 2 : 1);
  put16(bytes, 0);
  put32(bytes, wrap.spi);
  put32(bytes, wrap.sequence);
  if (v6) put32(bytes, 0);
  put(bytes, payload);
  return bytes;
}

Bytes esp(const Wrap& wrap, View payload) {
  Bytes bytes;
  put32(bytes, wrap.spi);
  put32(bytes, wrap.sequence);
  put(bytes, payload);
  return bytes;
}

}  // namespace

Bytes ethernet(const Link& link, unsigned ether_type, View payload) {
  Bytes frame;
  put(frame, link.to);
  put(frame, link.from);
  for (std::uint32_t tag : link.tags) put32(frame, tag);
  put16(frame, ether_type);
  put(frame, payload);
  if (frame.size() < kMinFrame) frame.resize(kMinFrame);
  return frame;
}

std::size_t ip_header_bytes(const Network& network) {
  if (is_ipv4(network.to)) return 20 + network.options.size();
  std::size_t size = 40;
  for (const auto& [type, content] : network.extensions) size += content.size() + 2;
  return size;
}

std::size_t wrap_bytes(const Network& network, const Wrap& wrap) {
  switch (wrap.kind) {
    case Encapsulation::udp:
      return 16;
    case Encapsulation::ah:
      return is_ipv4(network.to) ? 12 : 16;
    case Encapsulation::esp:
      break;
  }
  return 8;
}

Bytes ip_frame(const Link& link, const Network& network, unsigned protocol, View payload) {
  const bool v4 = is_ipv4(network.to);
  Bytes packet = v4 ? ipv4_header(network, protocol, payload.size()) : ipv6_header(network, protocol, payload.size());
  put(packet, payload);
  return ethernet(link, v4 ? kEtherIpv4 : kEtherIpv6, packet);
}

Bytes udp(unsigned from_port, unsigned to_port, View payload) {
  Bytes bytes;
  put16(bytes, from_port);
  put16(bytes, to_port);
  put16(bytes, payload.size() + 8);
  put16(bytes, 0);
  put(bytes, payload);
  return bytes;
}

std::uint16_t udp_checksum(View addresses, View datagram) {
  Bytes summed(addresses.begin(), addresses.end());
  put32(summed, static_cast<std::uint32_t>(datagram.size()));
  put32(summed, next_udp);
  put(summed, datagram);
  const std::uint16_t checksum = internet_checksum(summed);
  return checksum == 0 ? 0xffff : checksum;
}

Bytes wrapped_frame(const Link& link, const Network& network, const Wrap& wrap, View payload) {
  switch (wrap.kind) {
    case Encapsulation::udp: {
      Bytes datagram = udp(wrap.from_port, wrap.to_port, esp(wrap, payload));
      Bytes addresses(network.from.begin(), network.from.end());
      put(addresses, network.to);
      if (!is_ipv4(network.to)) set16(datagram, kUdpChecksumAt, udp_checksum(addresses, datagram));
      return ip_frame(link, network, next_udp, datagram);
    }
    case Encapsulation::ah:
      return ip_frame(link, network, next_ah, ah(!is_ipv4(network.to), wrap, payload));
    case Encapsulation::esp:
      break;
  }
  return ip_frame(link, network, next_esp, esp(wrap, payload));
}

void fix_ipv4_checksum(Bytes& frame, std::size_t at) {
  set16(frame, at + 10, 0);
  set16(frame, at + 10, internet_checksum(part(frame, at, 4U * (get8(frame, at) & 15U))));
}

}  // namespace sapulse::traffic
