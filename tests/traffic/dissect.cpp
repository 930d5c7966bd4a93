// SPDX-License-Identifier: Apache-2.0
#include "dissect.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "message.h"

namespace sapulse::traffic {

namespace {

constexpr std::size_t kMaxExtensionBytes = 64;
constexpr unsigned kPad1 = 0;  ///< IPv6 option of one byte

/// Keeps the first cause in the order of the enumeration.
void note(Malformed& cause, bool applies, Malformed found) {
  if (applies && (cause == Malformed::none || found < cause)) cause = found;
}

bool is_tag(unsigned ether_type) { return ether_type == 0x8100 || ether_type == 0x88a8; }

/// Ethernet header and up to two tags; returns the EtherType behind them.
unsigned read_link(View frame, Dissected& at) {
  std::ranges::copy(part(frame, 0, 6), at.link.to.begin());
  std::ranges::copy(part(frame, 6, 6), at.link.from.begin());
  at.ip = 14;
  while (at.link.tags.size() < 2 && is_tag(get16(frame, at.ip - 2))) {
    at.link.tags.push_back(get32(frame, at.ip - 2));
    at.ip += 4;
  }
  return get16(frame, at.ip - 2);
}

Address mapped(View bytes) {
  Address address{};
  address[10] = address[11] = 0xff;
  std::ranges::copy(bytes, address.begin() + 12);
  return address;
}

/// Source addresses that no packet on a wire has, or that nobody can be answered at.
bool unusable_ipv4(const Address& source) {
  return source[12] == 0 || source[12] == 127 || source[12] >> 4 == 0xe || get32(source, 12) == 0xffffffff;
}

bool unusable_ipv6(const Address& source) {
  Address loopback{};
  loopback[15] = 1;
  return source[0] == 0xff || source == Address{} || source == loopback || is_ipv4(source);
}

/// Returns the protocol behind the header, or -1 for frames that are passed. Sets where the payload begins and ends.
int read_ipv4(View frame, Dissected& at, std::size_t& next) {
  const View header = part(frame, at.ip, 20);
  const std::size_t size = 4U * (header[0] & 15U);
  if (header[0] >> 4 != 4 || size < 20) return -1;
  if ((get16(header, 6) & 0x3fff) != 0) {
    at.kind = Dissected::Kind::fragment;
    return -1;
  }
  const std::size_t total = get16(header, 2);
  at.network.from = mapped(header.subspan(12, 4));
  at.network.to = mapped(header.subspan(16, 4));
  at.network.dscp = header[1] >> 2;
  next = at.ip + size;
  at.limit = at.ip + total;
  note(at.ip_cause, internet_checksum(part(frame, at.ip, size)) != 0, Malformed::ip_checksum);
  note(at.ip_cause, at.limit > frame.size(), Malformed::ip_length);
  return header[9];
}

/// Whether a receiver that knows no option may go on behind an options header (RFC 8200 section 4.2): all of them are
/// whole and of a type that is to be skipped. `header` begins with next header and length.
bool may_skip_options(View header) {
  for (std::size_t at = 2; at < header.size();) {
    const unsigned type = header[at];
    if (type == kPad1) {
      ++at;
      continue;
    }
    if (type >> 6 != 0 || at + 2 > header.size()) return false;
    at += 2U + header[at + 1];
    if (at > header.size()) return false;
  }
  return true;
}

/// As read_ipv4: follows hop-by-hop, which comes first, and destination options.
int read_ipv6(View frame, Dissected& at, std::size_t& next) {
  const View header = part(frame, at.ip, 40);
  if (header[0] >> 4 != 6) return -1;
  at.v6 = true;
  std::ranges::copy(header.subspan(8, 16), at.network.from.begin());
  std::ranges::copy(header.subspan(24, 16), at.network.to.begin());
  at.network.dscp = get16(header, 0) >> 6 & 63U;
  at.limit = at.ip + 40 + get16(header, 4);
  int protocol = header[6];
  next = at.ip + 40;
  const std::size_t first = next;
  while (protocol == next_hop_by_hop || protocol == next_destination_options) {
    if (protocol == next_hop_by_hop && next != first) return -1;
    const std::size_t size = 8U * (get8(frame, next + 1) + 1U);
    if (next + size - first > kMaxExtensionBytes || !may_skip_options(part(frame, next, size))) return -1;
    protocol = get8(frame, next);
    next += size;
  }
  if (protocol == next_fragment) {
    if ((get16(frame, next + 2) & 0xfff9) != 0) at.kind = Dissected::Kind::fragment;
    return -1;
  }
  note(at.ip_cause, at.limit > frame.size(), Malformed::ip_length);
  return protocol;
}

/// ESP in UDP, to whatever port; false when it is something else.
bool read_udp(View frame, Dissected& at, std::size_t start) {
  at.wrap.kind = Encapsulation::udp;
  at.wrap.from_port = get16(frame, start);
  at.wrap.to_port = get16(frame, start + 2);
  const std::size_t length = get16(frame, start + 4);
  if (get32(frame, start + 8) == 0) return false;
  const bool fits = length >= 8 && start + length <= at.limit;
  if (fits && length <= 8 + 8) return false;
  note(at.ip_cause, !fits, Malformed::ip_length);
  if (fits) at.limit = start + length;
  at.esp = start + 8;
  return true;
}

void read_spi(View frame, Dissected& at, std::size_t spi_at) {
  at.wrap.spi = get32(frame, spi_at);
  at.payload = spi_at + 8;
  // A frame that ends here has an SPI all the same, and is malformed.
  if (at.payload <= frame.size()) at.wrap.sequence = get32(frame, spi_at + 4);
}

void read_ah(View frame, Dissected& at) {
  at.wrap.kind = Encapsulation::ah;
  read_spi(frame, at, at.esp + 4);
  if (at.v6) at.payload += 4;
  note(at.ip_cause, get8(frame, at.esp) != next_control_message || get8(frame, at.esp + 1) != (at.v6 ? 2 : 1),
       Malformed::encapsulation);
}

void dissect_ip(View frame, Dissected& at) {
  const unsigned ether_type = read_link(frame, at);
  std::size_t next = 0;
  int protocol = -1;
  if (ether_type == 0x0800) protocol = read_ipv4(frame, at, next);
  if (ether_type == 0x86dd) protocol = read_ipv6(frame, at, next);
  at.esp = next;
  at.packet_end = at.limit;
  if (protocol == next_udp) {
    if (!read_udp(frame, at, next)) return;
  } else if (protocol != next_esp && protocol != next_ah) {
    return;
  }
  if (protocol == next_ah) {
    read_ah(frame, at);
  } else {
    read_spi(frame, at, at.esp);
  }
  const std::size_t spi_at = protocol == next_ah ? at.esp + 4 : at.esp;
  if (spi_at + 4 > at.limit) return;  // what lies behind the packet's end is no SPI
  at.kind = Dissected::Kind::spi;
  at.unusable_source =
      is_group(at.link.from) || (at.v6 ? unusable_ipv6(at.network.from) : unusable_ipv4(at.network.from));
  note(at.ip_cause, at.limit < at.payload, Malformed::too_short);
}

Malformed control_cause_at(View frame, const Dissected& at) {
  if (at.limit < at.payload + kControlBytes) return Malformed::too_short;
  const View header = part(frame, at.payload, kControlBytes);
  if (header[0] != 0x16) return Malformed::version;
  if (internet_checksum(header) != 0) return Malformed::checksum;
  const std::size_t length = get16(header, 4);
  if (length < kControlBytes || at.payload + length > at.limit) return Malformed::length;
  const unsigned type = header[1];
  if (type == type_error_clear && length < kControlBytes + kErrorBytes) return Malformed::length;
  if (type != type_echo_request && type != type_echo_reply && type != type_error_protected) return Malformed::none;
  const std::size_t nested = length - kControlBytes;
  if ((header[3] & 1) == 0 || nested < kNestedMin) return Malformed::nested;
  const View packet = part(frame, at.payload + kControlBytes, nested);
  if (get32(packet, 0) != get32(header, 8)) return Malformed::nested;
  const std::uint64_t n = get64(packet, 8);
  return n == 0 || static_cast<std::uint32_t>(n) != get32(packet, 4) ? Malformed::sequence : Malformed::none;
}

}  // namespace

const char* counter_name(Malformed cause) {
  constexpr std::array<const char*, 11> kNames = {"",
                                                  "DROP_IP_CHECKSUM",
                                                  "DROP_IP_LENGTH",
                                                  "DROP_ADDRESS",
                                                  "DROP_ENCAPSULATION",
                                                  "DROP_SHORT",
                                                  "DROP_VERSION",
                                                  "DROP_CHECKSUM",
                                                  "DROP_LENGTH",
                                                  "DROP_NESTED",
                                                  "DROP_SEQUENCE"};
  return kNames.at(static_cast<std::size_t>(cause));
}

Dissected dissect(View frame) {
  Dissected at;
  try {
    dissect_ip(frame, at);
  } catch (const std::out_of_range&) {
    at.kind = Dissected::Kind::other;  // an SPI that is not in the frame is no SPI
  }
  return at;
}

Malformed echo_cause(View frame, const Dissected& at, unsigned subtype) {
  if (at.ip_cause != Malformed::none) return at.ip_cause;
  if (at.limit < at.payload + kEchoHeader) return Malformed::too_short;
  const View header = part(frame, at.payload, kEchoHeader);
  const std::size_t return_spi = (header[1] & kFlagReturn) != 0 ? 4 : 0;
  const bool fits = at.payload + kEchoHeader + get16(header, 2) + return_spi <= at.limit;
  if (header[0] != subtype || !fits) return Malformed::length;
  const bool unchecked = at.v6 && at.wrap.kind == Encapsulation::udp && get16(frame, at.esp - 2) == 0;
  return unchecked ? Malformed::checksum : Malformed::none;
}

Malformed control_cause(View frame, const Dissected& at) {
  return at.ip_cause != Malformed::none ? at.ip_cause : control_cause_at(frame, at);
}

}  // namespace sapulse::traffic
