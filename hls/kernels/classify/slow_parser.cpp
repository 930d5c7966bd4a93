// SPDX-License-Identifier: Apache-2.0
#include "classify/slow_parser.h"

#include <algorithm>

namespace sapulse::test {
namespace {

/// Bytes that are not there read as zero; only code that has checked the bounds cares.
std::uint64_t at(const bytes& f, std::size_t offset, std::size_t size) {
  std::uint64_t r = 0;
  for (std::size_t i = offset; i < offset + size; i++) r = r << 8 | (i < f.size() ? f[i] : 0);
  return r;
}

std::uint32_t sum16(const bytes& f, std::size_t offset, std::size_t size) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < size; i += 2) sum += static_cast<std::uint32_t>(at(f, offset + i, 2));
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return sum;
}

ap_uint<128> address(const bytes& f, std::size_t offset, bool v6) {
  ap_uint<128> r = v6 ? 0 : 0xffff;
  for (std::size_t i = 0; i < (v6 ? 16 : 4); i++) r = r << 8 | ap_uint<128>(at(f, offset + i, 1));
  return r;
}

class slow_parser {
 public:
  explicit slow_parser(const bytes& frame) : f(frame) {}
  record_t run() {
    link();
    if (type == 0x0800) {
      if (!ipv4()) return r;
    } else if (type == 0x86dd) {
      if (!ipv6()) return r;
    } else {
      return r;
    }
    if (transport()) verdicts();
    return r;
  }

 private:
  void link() {
    r.l2.dst = at(f, 0, 6);
    r.l2.src = at(f, 6, 6);
    type = at(f, 12, 2);
    while ((type == 0x8100 || type == 0x88a8) && r.l2.tags < 2) {
      (r.l2.tags == 0 ? r.l2.tag0 : r.l2.tag1) = at(f, 12 + 4 * r.l2.tags, 4);
      r.l2.tags++;
      type = at(f, 12 + 4 * r.l2.tags, 2);
    }
    ip = 14 + 4 * r.l2.tags.to_uint();
  }

  bool ipv4() {
    const std::size_t words = at(f, ip, 1) & 15;
    if (at(f, ip, 1) >> 4 != 4 || words < 5) return false;
    if (at(f, ip + 6, 2) & 0x3fff) {
      r.kind = FRAME_FRAGMENT;
      return false;
    }
    r.l3.dscp = at(f, ip + 1, 1) >> 2;
    r.l3.src = address(f, ip + 12, false);
    r.l3.dst = address(f, ip + 16, false);
    bad_checksum = sum16(f, ip, 4 * words) != 0xffff;
    const auto source = at(f, ip + 12, 4);
    bad_source = source >> 24 == 0 || source >> 24 == 127 || source >> 28 == 0xe || source == 0xffffffff;
    protocol = at(f, ip + 9, 1);
    next = ip + 4 * words;
    end = ip + at(f, ip + 2, 2);
    return true;
  }

  bool ipv6() {
    if (at(f, ip, 1) >> 4 != 6) return false;
    protocol = at(f, ip + 6, 1);
    next = ip + 40;
    while (protocol == 0 || protocol == 60) {
      if (protocol == 0 && next != ip + 40) return false;
      const std::size_t header = next;
      protocol = at(f, header, 1);
      next += 8 * (1 + at(f, header + 1, 1));
      if (next - ip - 40 > 64 || !may_skip(header + 2, next)) return false;
    }
    if (protocol == 44 && (at(f, next + 2, 2) & 0xfff9)) {
      r.kind = FRAME_FRAGMENT;
      return false;
    }
    r.l3.v6 = 1;
    r.l3.dscp = at(f, ip, 2) >> 6 & 63;
    r.l3.src = address(f, ip + 8, true);
    r.l3.dst = address(f, ip + 24, true);
    const auto mapped = [](const ap_uint<128>& a) { return (a >> 32) == ap_uint<128>(0xffff); };
    bad_source = r.l3.src == 0 || r.l3.src == 1 || at(f, ip + 8, 1) == 0xff || mapped(r.l3.src);
    mapped_destination = mapped(r.l3.dst);
    end = ip + 40 + at(f, ip + 4, 2);
    return true;
  }

  /// Options from `option` to `end_of_header` (RFC 8200 section 4.2): all of them whole, none that has to be known.
  bool may_skip(std::size_t option, std::size_t end_of_header) const {
    while (option < end_of_header) {
      const auto option_type = at(f, option, 1);
      if (option_type >> 6 != 0) return false;
      option += option_type == 0 ? 1 : 2 + at(f, option + 1, 1);
    }
    return option == end_of_header;
  }

  /// True if there is an SPI.
  bool transport() {
    l4_t& l = r.l4;
    l.ip_end = l.limit = end;
    std::size_t spi = next;
    if (protocol == 17) {
      l.encap = ENCAP_UDP;
      l.sport = at(f, next, 2);
      l.dport = at(f, next + 2, 2);
      const std::size_t length = at(f, next + 4, 2);
      bad_udp = length < 8 || next + length > end;
      if (!bad_udp) l.limit = next + length;
      l.offset = spi = next + 8;
      l.payload = next + 16;
      if (at(f, spi, 4) == 0 || (!bad_udp && length <= 16)) return false;
      no_udp_checksum = r.l3.v6 && at(f, next + 6, 2) == 0;
    } else if (protocol == 51) {
      l.encap = ENCAP_AH;
      l.offset = next;
      spi = next + 4;
      l.payload = next + (r.l3.v6 ? 16 : 12);
      bad_ah = at(f, next, 2) != (r.l3.v6 ? 0xfd02 : 0xfd01);
    } else if (protocol == 50) {
      l.offset = next;
      l.payload = next + 8;
    } else {
      return false;
    }
    if (spi + 4 > l.limit || spi + 4 > f.size()) return false;
    l.spi = at(f, spi, 4);
    l.seq = at(f, spi + 4, 4);
    r.kind = FRAME_SPI;
    return true;
  }

  malformed_t packet_fault() const {
    if (bad_checksum) return MALFORMED_IP_CHECKSUM;
    if (bad_udp || (f.size() <= 192 && end > f.size())) return MALFORMED_IP_LENGTH;
    if (bad_ah) return MALFORMED_ENCAPSULATION;
    if (r.l4.payload > r.l4.limit) return MALFORMED_SHORT;
    return MALFORMED_NONE;
  }

  malformed_t control_fault() const {
    const std::size_t c = r.l4.payload, length = at(f, c + 4, 2), room = r.l4.limit.to_uint() - c;
    if (room < 24) return MALFORMED_SHORT;
    if (at(f, c, 1) != 0x16) return MALFORMED_VERSION;
    if (sum16(f, c, 24) != 0xffff) return MALFORMED_CHECKSUM;
    if (length < 24 || length > room) return MALFORMED_LENGTH;
    const auto message = at(f, c + 1, 1);
    if (message == 3 && length < 48) return MALFORMED_LENGTH;
    if (message != 1 && message != 2 && message != 4) return MALFORMED_NONE;
    if (!(at(f, c + 3, 1) & 1) || length < 24 + 36 || at(f, c + 24, 4) != at(f, c + 8, 4)) return MALFORMED_NESTED;
    const auto n = at(f, c + 32, 8);
    if (n == 0 || at(f, c + 28, 4) != (n & 0xffffffff)) return MALFORMED_SEQUENCE;
    return MALFORMED_NONE;
  }

  malformed_t echo_fault(unsigned subtype) const {
    const std::size_t c = r.l4.payload, room = r.l4.limit.to_uint() - c;
    if (room < 8) return MALFORMED_SHORT;
    const std::size_t length = 8 + at(f, c + 2, 2), back = at(f, c + 1, 1) & 0x80 ? 4 : 0;
    if (at(f, c, 1) != subtype || length + back > room || length > 9216) return MALFORMED_LENGTH;
    return no_udp_checksum ? MALFORMED_CHECKSUM : MALFORMED_NONE;
  }

  void verdicts() {
    const std::size_t c = r.l4.payload;
    std::uint64_t nonce = 0;
    for (std::size_t i = 0; i < 8; i++) nonce |= at(f, c + 16 + i, 1) << (8 * i);
    r.control = {at(f, c + 1, 1), at(f, c + 2, 1),      at(f, c + 4, 2),  at(f, c + 8, 4), at(f, c + 12, 4),
                 nonce,           at(f, c + 3, 1) >> 1, at(f, c + 28, 4), at(f, c + 32, 8)};
    r.group_mac = f[0] & 1;
    r.mapped_destination = mapped_destination;
    r.source_unusable = bad_source || (f.size() > 6 && f[6] & 1);
    r.echo_return = at(f, c + 1, 1) >> 7;
    r.echo_length = 8 + at(f, c + 2, 2);
    r.ip_malformed = packet_fault();
    r.echo_malformed = r.echo_reply_malformed = r.control_malformed = r.ip_malformed;
    if (r.ip_malformed != MALFORMED_NONE) return;
    r.control_malformed = control_fault();
    r.echo_malformed = echo_fault(2);
    r.echo_reply_malformed = echo_fault(3);
  }

  const bytes& f;
  record_t r = {};
  std::size_t type = 0, ip = 0, next = 0, end = 0, protocol = 0;
  bool bad_checksum = false, bad_source = false, bad_udp = false, bad_ah = false, no_udp_checksum = false,
       mapped_destination = false;
};

}  // namespace

record_t parse_slowly(const bytes& frame) { return slow_parser(frame).run(); }

}  // namespace sapulse::test
