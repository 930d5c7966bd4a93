// SPDX-License-Identifier: Apache-2.0
// Customer frames: everything that must leave as it came.
#include <algorithm>

#include "generator.h"

namespace sapulse::traffic {

namespace {

const Address& foreign_v4() {
  static const Address address = parse_address("203.0.113.9");
  return address;
}

const Address& foreign_v6() {
  static const Address address = parse_address("2001:db8:9::9");
  return address;
}

}  // namespace

const std::vector<Generator::Kind>& Generator::customer_table() {
  static const std::vector<Kind> table = {
      {"customer ESP", &Generator::customer_esp, 20},
      {"ESP of an unknown SPI", &Generator::other_esp, 4},
      {"ESP to another address", &Generator::foreign_esp, 6},
      {"customer AH", &Generator::customer_ah, 2},
      {"TCP", &Generator::tcp, 10},
      {"UDP", &Generator::plain_udp, 6},
      {"IKE over UDP 4500", &Generator::ike, 2},
      {"ARP", &Generator::arp, 2},
      {"IPv4 fragment", &Generator::fragment, 3},
      {"IPv6 fragment", &Generator::fragment_v6, 2},
      {"control message to another address", &Generator::foreign_control, 3},
      {"reserved SPI without an action", &Generator::passed_reserved, 2},
      {"other IPv6 header chain", &Generator::other_chain, 2},
      {"IPv6 hop-by-hop options that do not come first", &Generator::misplaced_options, 2},
      {"IPv6 options that a receiver must know", &Generator::unknown_options, 3},
      {"IPv6 options that are broken", &Generator::broken_options, 3},
      {"control message to another MAC", &Generator::other_mac, 3},
      {"ESP in UDP to another port", &Generator::other_port, 2},
      {"UDP payload of 8 bytes", &Generator::short_datagram, 1},
      {"IPv6 to ::ffff: and a local IPv4 address", &Generator::mapped_destination, 1},
      {"clear echo in AH", &Generator::echo_in_ah, 1},
      {"customer ESP from an unusable source", &Generator::unusable_customer, 1},
      {"odd Ethernet frame", &Generator::odd_ethernet, 3},
  };
  return table;
}

Bytes Generator::esp_frame(std::uint32_t spi, const Address& from, const Address& to, View payload) {
  Wrap wrapping = wrap(spi);
  if (wrapping.kind == Encapsulation::ah) wrapping.kind = Encapsulation::esp;
  return draft(link(), network(from, to), wrapping, payload).frame;
}

Bytes Generator::customer_esp() {
  const std::size_t at = any_sa();
  const Association& sa = config_.sas.at(at);
  Wrap wrapping = wrap(sa.in.spi);
  if (wrapping.kind == Encapsulation::ah) wrapping.kind = Encapsulation::esp;
  wrapping.sequence = flows_.at(at).data_sequence;
  flows_.at(at).data_sequence += random_.between(1, 3);
  return draft(link(), network(sa.peer, sa.local), wrapping, random_.bytes(24 + data_size())).frame;
}

Bytes Generator::other_esp() {
  const Association& sa = config_.sas.at(any_sa());
  const auto spi = static_cast<std::uint32_t>(0xffff | random_.bits() << 16 | 0x100);
  return esp_frame(spi, sa.peer, sa.local, random_.bytes(24 + data_size()));
}

Bytes Generator::foreign_esp() {
  const Association& sa = config_.sas.at(any_sa());
  const Address& to = is_ipv4(sa.local) ? foreign_v4() : foreign_v6();
  return esp_frame(static_cast<std::uint32_t>(random_.between(256, 0xffffffff)), sa.peer, to,
                   random_.bytes(24 + data_size()));
}

Bytes Generator::customer_ah() {
  const Association& sa = config_.sas.at(any_sa());
  Bytes header;
  put32(header, 0x3204'0000);  // next header ESP, 12-byte ICV
  put32(header, 0x1234'ffff);
  put32(header, random_.below(1000));
  put(header, random_.bytes(12 + data_size()));
  return ip_frame(link(), network(sa.peer, sa.local), next_ah, header);
}

Bytes Generator::tcp() {
  const Association& sa = config_.sas.at(any_sa());
  return ip_frame(link(), network(sa.peer, random_.one_in(2) ? sa.local : sa.peer), next_tcp,
                  random_.bytes(20 + data_size()));
}

Bytes Generator::plain_udp() {
  const Association& sa = config_.sas.at(any_sa());
  return ip_frame(link(), network(sa.peer, sa.local), next_udp, udp(4501, 53, random_.bytes(data_size())));
}

Bytes Generator::ike() {
  const Association& sa = config_.sas.at(any_sa());
  Bytes payload(4);  // the non-ESP marker of RFC 3948
  put(payload, random_.bytes(28 + data_size()));
  return ip_frame(link(), network(sa.peer, sa.local), next_udp, udp(kNatPort, kNatPort, payload));
}

Bytes Generator::arp() { return ethernet(link(), 0x0806, random_.bytes(28)); }

Bytes Generator::fragment() {
  const Association& sa = config_.sas.at(any_sa());
  const Address to = is_ipv4(sa.local) ? sa.local : foreign_v4();
  Network ip = network(is_ipv4(sa.local) ? sa.peer : foreign_v4(), to);
  ip.fragment = random_.one_in(2) ? 0x2000 : static_cast<unsigned>(random_.between(1, 0x1fff));
  return wrapped_frame(link(), ip, {.spi = config_.control_spi}, random_.bytes(40 + data_size()));
}

Bytes Generator::fragment_v6() {
  Network ip{.from = foreign_v6(), .to = config_.local.back()};
  if (is_ipv4(ip.to)) return fragment();
  Bytes content;
  put16(content, random_.one_in(2) ? 1 : random_.between(1, 0x1fff) << 3);
  put32(content, static_cast<std::uint32_t>(random_.bits()));
  ip.extensions.emplace_back(next_fragment, content);
  return wrapped_frame(link(), ip, {.spi = config_.control_spi}, random_.bytes(40 + data_size()));
}

Bytes Generator::foreign_control() {
  const Association& sa = config_.sas.at(any_sa());
  const Control control{.subject = sa.in.spi};
  const PingShape shape{.n = 1};
  const Address& to = is_ipv4(sa.local) ? foreign_v4() : foreign_v6();
  return control_frame_between(sa.peer, to, control,
                               nested_packet(sa, sa.in, shape.n, padded(echo_message(shape.echo))))
      .frame;
}

Bytes Generator::passed_reserved() {
  const Association& sa = config_.sas.at(any_sa());
  return draft(link(), network(sa.peer, sa.local), wrap(static_cast<std::uint32_t>(random_.between(11, 252))),
               random_.bytes(data_size()))
      .frame;
}

Bytes Generator::other_chain() {
  Network ip{.from = foreign_v6(), .to = config_.local.back()};
  if (is_ipv4(ip.to)) return tcp();
  if (random_.one_in(2)) {
    ip.extensions.emplace_back(next_routing, random_.bytes(6 + 8 * random_.below(3)));
  } else {
    ip.extensions.emplace_back(next_destination_options, random_.bytes(70 + 8 * random_.below(8)));
  }
  return wrapped_frame(link(), ip, {.spi = config_.control_spi}, random_.bytes(40 + data_size()));
}

/// Options where none may be: hop-by-hop ones that do not come first. The core's stack judges such frames.
Bytes Generator::misplaced_options() {
  Network ip{.from = foreign_v6(), .to = config_.local.back()};
  if (is_ipv4(ip.to)) return tcp();
  ip.extensions.emplace_back(next_destination_options, options_header());
  ip.extensions.emplace_back(next_hop_by_hop, options_header());
  return wrapped_frame(link(), ip, {.spi = 7}, echo_message(echo()));
}

/// A clear echo behind two options headers, one of which has these options.
Bytes Generator::echo_behind(const Bytes& options) {
  Network ip{.from = foreign_v6(), .to = config_.local.back()};
  if (is_ipv4(ip.to)) return tcp();
  ip.extensions = {{next_hop_by_hop, options_header()}, {next_destination_options, options_header()}};
  ip.extensions.at(random_.below(2)).second = options;
  return wrapped_frame(link(), ip, {.spi = 7}, echo_message(echo()));
}

/// Whoever does not know the type of one of them has to discard the packet (RFC 8200 section 4.2).
Bytes Generator::unknown_options() {
  constexpr unsigned kJumboPayload = 0xc2;
  const std::size_t others = 8 * random_.below(4);
  const std::size_t before = random_.between(0, others);
  Bytes options = skipped_options(before);
  put8(options, random_.one_in(4) ? kJumboPayload : random_.between(0x40, 0xff));
  put(options, Bytes{4, 0, 1, 0, 0});
  put(options, skipped_options(others - before));
  return echo_behind(options);
}

/// The last one has no length, or goes beyond the header: mostly into the next one.
Bytes Generator::broken_options() {
  Bytes options = skipped_options(8 * random_.below(4));
  const std::uint64_t type = random_.between(1, 63);
  if (random_.one_in(4)) {
    put(options, skipped_options(5));
    put8(options, type);
  } else {
    put8(options, type);
    put8(options, 4 + random_.between(1, random_.one_in(2) ? 30 : 251));
    put(options, Bytes(4));
  }
  return echo_behind(options);
}

Bytes Generator::other_mac() {
  Bytes frame = plain_ping();
  if (config_.macs.empty() || random_.one_in(2)) {
    frame[0] |= 1;
  } else {
    frame[5] ^= 0x80;
  }
  return frame;
}

Bytes Generator::other_port() {
  const Association& sa = config_.sas.at(any_sa());
  const unsigned port = random_.between(1, 0xffff);
  const Wrap wrapping{.kind = Encapsulation::udp, .to_port = port == config_.udp_port ? 53 : port, .spi = 7};
  return draft(link(), network(sa.peer, sa.local), wrapping, echo_message(echo())).frame;
}

Bytes Generator::short_datagram() {
  const Association& sa = config_.sas.at(any_sa());
  return draft(link(), network(sa.peer, sa.local), {.kind = Encapsulation::udp, .to_port = config_.udp_port, .spi = 7},
               {})
      .frame;
}

Bytes Generator::mapped_destination() {
  const auto own = std::ranges::find_if(config_.local, is_ipv4);
  if (own == config_.local.end()) return tcp();
  // The packet is built for an address that takes an IPv6 header.
  Network ip{.from = foreign_v6(), .to = foreign_v6()};
  Bytes frame = wrapped_frame({.to = own_mac(), .from = link().from}, ip, {.spi = 7}, echo_message(echo()));
  std::ranges::copy(*own, frame.begin() + 14 + 24);
  return frame;
}

Bytes Generator::echo_in_ah() {
  const Association& sa = config_.sas.at(any_sa());
  const std::uint32_t spi = random_.one_in(2) ? 7 : 8;
  return draft(link(), network(sa.peer, sa.local), {.kind = Encapsulation::ah, .spi = spi}, echo_message(echo())).frame;
}

Bytes Generator::unusable_customer() {
  const Association& sa = config_.sas.at(any_sa());
  const auto spi = static_cast<std::uint32_t>(0xffff | random_.bits() << 16 | 0x100);
  Network ip = network(sa.peer, sa.local);
  ip.from = is_ipv4(sa.local) ? unusable_ipv4() : unusable_ipv6();
  if (is_ipv4(ip.from) != is_ipv4(ip.to)) ip.from = {};
  return wrapped_frame(link(), ip, {.spi = spi}, random_.bytes(24 + data_size()));
}

Bytes Generator::odd_ethernet() {
  Link outer = link();
  if (random_.one_in(2)) {  // a third tag is not looked through
    outer.tags = {0x88a8'0001, 0x8100'0002, 0x8100'0003};
    const Association& sa = config_.sas.at(any_sa());
    return wrapped_frame(outer, network(sa.peer, sa.local), {.spi = 7}, random_.bytes(data_size()));
  }
  outer.to = {0x01, 0x80, 0xc2, 0, 0, 0};
  return ethernet(outer, static_cast<unsigned>(random_.between(38, 1500)), random_.bytes(46 + data_size()));
}

}  // namespace sapulse::traffic
