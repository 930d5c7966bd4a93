// SPDX-License-Identifier: Apache-2.0
#include "classify/slow_parser.h"

#include <algorithm>
#include <type_traits>

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

class SlowParser {
 public:
  explicit SlowParser(const bytes& frame) : f_(frame) {}
  record_t run() {
    link();
    if (type_ == 0x0800) {
      if (!ipv4()) return r_;
    } else if (type_ == 0x86dd) {
      if (!ipv6()) return r_;
    } else {
      return r_;
    }
    if (transport()) verdicts();
    return r_;
  }

 private:
  void link() {
    r_.l2.dst = at(f_, 0, 6);
    r_.l2.src = at(f_, 6, 6);
    type_ = at(f_, 12, 2);
    while ((type_ == 0x8100 || type_ == 0x88a8) && r_.l2.tags < 2) {
      (r_.l2.tags == 0 ? r_.l2.tag0 : r_.l2.tag1) = at(f_, 12 + 4 * r_.l2.tags, 4);
      r_.l2.tags++;
      type_ = at(f_, 12 + 4 * r_.l2.tags, 2);
    }
    ip_ = 14 + 4 * r_.l2.tags.to_uint();
  }

  bool ipv4() {
    const std::size_t words = at(f_, ip_, 1) & 15;
    if (at(f_, ip_, 1) >> 4 != 4 || words < 5) return false;
    if (at(f_, ip_ + 6, 2) & 0x3fff) {
      r_.kind = FRAME_FRAGMENT;
      return false;
    }
    r_.l3.dscp = at(f_, ip_ + 1, 1) >> 2;
    r_.l3.src = address(f_, ip_ + 12, false);
    r_.l3.dst = address(f_, ip_ + 16, false);
    bad_checksum_ = sum16(f_, ip_, 4 * words) != 0xffff;
    const auto source = at(f_, ip_ + 12, 4);
    bad_source_ = source >> 24 == 0 || source >> 24 == 127 || source >> 28 == 0xe || source == 0xffffffff;
    protocol_ = at(f_, ip_ + 9, 1);
    next_ = ip_ + 4 * words;
    end_ = ip_ + at(f_, ip_ + 2, 2);
    return true;
  }

  bool ipv6() {
    if (at(f_, ip_, 1) >> 4 != 6) return false;
    protocol_ = at(f_, ip_ + 6, 1);
    next_ = ip_ + 40;
    while (protocol_ == 0 || protocol_ == 60) {
      if (protocol_ == 0 && next_ != ip_ + 40) return false;
      const std::size_t header = next_;
      protocol_ = at(f_, header, 1);
      next_ += 8 * (1 + at(f_, header + 1, 1));
      if (next_ - ip_ - 40 > 64 || !may_skip(header + 2, next_)) return false;
    }
    if (protocol_ == 44 && (at(f_, next_ + 2, 2) & 0xfff9)) {
      r_.kind = FRAME_FRAGMENT;
      return false;
    }
    r_.l3.v6 = 1;
    r_.l3.dscp = at(f_, ip_, 2) >> 6 & 63;
    r_.l3.src = address(f_, ip_ + 8, true);
    r_.l3.dst = address(f_, ip_ + 24, true);
    const auto mapped = [](const ap_uint<128>& a) { return (a >> 32) == ap_uint<128>(0xffff); };
    bad_source_ = r_.l3.src == 0 || r_.l3.src == 1 || at(f_, ip_ + 8, 1) == 0xff || mapped(r_.l3.src);
    mapped_destination_ = mapped(r_.l3.dst);
    end_ = ip_ + 40 + at(f_, ip_ + 4, 2);
    return true;
  }

  /// Options from `option` to `end_of_header` (RFC 8200 section 4.2): all of them whole, none that has to be known.
  bool may_skip(std::size_t option, std::size_t end_of_header) const {
    while (option < end_of_header) {
      const auto option_type = at(f_, option, 1);
      if (option_type >> 6 != 0) return false;
      option += option_type == 0 ? 1 : 2 + at(f_, option + 1, 1);
    }
    return option == end_of_header;
  }

  /// True if there is an SPI.
  bool transport() {
    l4_t& l = r_.l4;
    l.ip_end = l.limit = end_;
    std::size_t spi = next_;
    if (protocol_ == 17) {
      l.encap = ENCAP_UDP;
      l.sport = at(f_, next_, 2);
      l.dport = at(f_, next_ + 2, 2);
      const std::size_t length = at(f_, next_ + 4, 2);
      bad_udp_ = length < 8 || next_ + length > end_;
      if (!bad_udp_) l.limit = next_ + length;
      l.offset = spi = next_ + 8;
      l.payload = next_ + 16;
      if (at(f_, spi, 4) == 0 || (!bad_udp_ && length <= 16)) return false;
      no_udp_checksum_ = r_.l3.v6 && at(f_, next_ + 6, 2) == 0;
    } else if (protocol_ == 51) {
      l.encap = ENCAP_AH;
      l.offset = next_;
      spi = next_ + 4;
      l.payload = next_ + (r_.l3.v6 ? 16 : 12);
      bad_ah_ = at(f_, next_, 2) != (r_.l3.v6 ? 0xfd02 : 0xfd01);
    } else if (protocol_ == 50) {
      l.offset = next_;
      l.payload = next_ + 8;
    } else {
      return false;
    }
    if (spi + 4 > l.limit || spi + 4 > f_.size()) return false;
    l.spi = at(f_, spi, 4);
    l.seq = at(f_, spi + 4, 4);
    r_.kind = FRAME_SPI;
    return true;
  }

  malformed_t packet_fault() const {
    if (bad_checksum_) return MALFORMED_IP_CHECKSUM;
    if (bad_udp_ || (f_.size() <= 192 && end_ > f_.size())) return MALFORMED_IP_LENGTH;
    if (bad_ah_) return MALFORMED_ENCAPSULATION;
    if (r_.l4.payload > r_.l4.limit) return MALFORMED_SHORT;
    return MALFORMED_NONE;
  }

  malformed_t control_fault() const {
    const std::size_t c = r_.l4.payload, length = at(f_, c + 4, 2), room = r_.l4.limit.to_uint() - c;
    if (room < 24) return MALFORMED_SHORT;
    if (at(f_, c, 1) != 0x16) return MALFORMED_VERSION;
    if (sum16(f_, c, 24) != 0xffff) return MALFORMED_CHECKSUM;
    if (length < 24 || length > room) return MALFORMED_LENGTH;
    const auto message = at(f_, c + 1, 1);
    if (message == 3 && length < 48) return MALFORMED_LENGTH;
    if (message != 1 && message != 2 && message != 4) return MALFORMED_NONE;
    if (!(at(f_, c + 3, 1) & 1) || length < 24 + 36 || at(f_, c + 24, 4) != at(f_, c + 8, 4)) return MALFORMED_NESTED;
    const auto n = at(f_, c + 32, 8);
    if (n == 0 || at(f_, c + 28, 4) != (n & 0xffffffff)) return MALFORMED_SEQUENCE;
    return MALFORMED_NONE;
  }

  malformed_t echo_fault(unsigned subtype) const {
    const std::size_t c = r_.l4.payload, room = r_.l4.limit.to_uint() - c;
    if (room < 8) return MALFORMED_SHORT;
    const std::size_t length = 8 + at(f_, c + 2, 2), back = at(f_, c + 1, 1) & 0x80 ? 4 : 0;
    if (at(f_, c, 1) != subtype || length + back > room || length > 9216) return MALFORMED_LENGTH;
    return no_udp_checksum_ ? MALFORMED_CHECKSUM : MALFORMED_NONE;
  }

  void verdicts() {
    const std::size_t c = r_.l4.payload;
    std::uint64_t nonce = 0;
    for (std::size_t i = 0; i < 8; i++) nonce |= at(f_, c + 16 + i, 1) << (8 * i);
    r_.control = {at(f_, c + 1, 1),      at(f_, c + 2, 1),  at(f_, c + 4, 2),
                  at(f_, c + 8, 4),      at(f_, c + 12, 4), nonce,
                  at(f_, c + 3, 1) >> 1, at(f_, c + 28, 4), at(f_, c + 32, 8)};
    r_.group_mac = f_[0] & 1;
    r_.mapped_destination = mapped_destination_;
    r_.source_unusable = bad_source_ || (f_.size() > 6 && f_[6] & 1);
    r_.echo_return = at(f_, c + 1, 1) >> 7;
    r_.echo_length = 8 + at(f_, c + 2, 2);
    r_.ip_malformed = packet_fault();
    r_.echo_malformed = r_.echo_reply_malformed = r_.control_malformed = r_.ip_malformed;
    if (r_.ip_malformed != MALFORMED_NONE) return;
    r_.control_malformed = control_fault();
    r_.echo_malformed = echo_fault(2);
    r_.echo_reply_malformed = echo_fault(3);
  }

  const bytes& f_;
  record_t r_ = {};
  std::size_t type_ = 0, ip_ = 0, next_ = 0, end_ = 0, protocol_ = 0;
  bool bad_checksum_ = false, bad_source_ = false, bad_udp_ = false, bad_ah_ = false, no_udp_checksum_ = false,
       mapped_destination_ = false;
};

}  // namespace

std::string text_of(const record_t& r) {
  std::string s;
  auto add = [&s](const char* name, const auto& x) {
    s += std::string(name) + "=";
    for (int i = (std::remove_cvref_t<decltype(x)>::width - 1) / 64; i >= 0; i--) {
      s += std::to_string((x >> (64 * i)).to_uint64()) + " ";
    }
  };
  add("kind", r.kind);
  if (r.kind != FRAME_SPI) return s;
  add("ip", r.ip_malformed);
  add("echo", r.echo_malformed);
  add("echo_reply", r.echo_reply_malformed);
  add("control", r.control_malformed);
  add("group_mac", r.group_mac);
  add("mapped_destination", r.mapped_destination);
  add("source_unusable", r.source_unusable);
  add("echo_return", r.echo_return);
  add("echo_length", r.echo_length);
  add("dst", r.l2.dst);
  add("src", r.l2.src);
  add("tags", r.l2.tags);
  add("tag0", r.l2.tag0);
  add("tag1", r.l2.tag1);
  add("v6", r.l3.v6);
  add("dscp", r.l3.dscp);
  add("src", r.l3.src);
  add("dst", r.l3.dst);
  add("encap", r.l4.encap);
  add("sport", r.l4.sport);
  add("dport", r.l4.dport);
  add("spi", r.l4.spi);
  add("seq", r.l4.seq);
  add("offset", r.l4.offset);
  add("payload", r.l4.payload);
  add("limit", r.l4.limit);
  add("ip_end", r.l4.ip_end);
  add("message", r.control.message);
  add("code", r.control.code);
  add("length", r.control.length);
  add("subject", r.control.subject);
  add("transaction", r.control.transaction);
  add("token_nonce", r.control.token_nonce);
  add("no_answer", r.control.no_answer);
  add("nested_seq", r.control.nested_seq);
  add("n", r.control.n);
  return s;
}

record_t parse_slowly(const bytes& frame) { return SlowParser(frame).run(); }

}  // namespace sapulse::test
