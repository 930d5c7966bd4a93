// SPDX-License-Identifier: Apache-2.0
// UDP, ESP, AH, control header and the beginning of the nested packet.
#pragma once

#include "classify/network.h"

namespace sapulse {

/// The bytes behind IP header and options: a barrel shift by words of 4 bytes, wide steps first because they shed most
/// bits.
inline ap_uint<8 * transport_bytes> select_transport(const ap_uint<8 * network_bytes>& packet,
                                                     const ap_uint<5>& words) {
  ap_uint<8 * network_bytes> r = shift_down_if<512>(words[4], packet);
  r = shift_down_if<256>(words[3], r);
  r = shift_down_if<128>(words[2], r);
  r = shift_down_if<64>(words[1], r);
  r = shift_down_if<32>(words[0], r);
  return r.range(8 * transport_bytes - 1, 0);
}

struct security_t {
  l4_t l4;
  ap_uint<1> found;  ///< SPI within the packet as the headers describe it
  ap_uint<1> udp_length_wrong;
  ap_uint<1> ah_wrong;
  ap_uint<8> spi_end;                           ///< offset after the SPI field
  ap_uint<18> available;                        ///< bytes from l4.payload to l4.limit, two's complement
  ap_uint<1> no_udp_checksum;                   ///< in UDP over IPv6
  ap_uint<8 * wire::control_bytes> control;     ///< control header, or header of a clear echo: byte string
  ap_uint<8 * wire::nested_ciphertext> nested;  ///< begin of the nested packet
};

inline security_t parse_security(const network_t& net, const ap_uint<8 * transport_bytes>& bytes,
                                 const ap_uint<5>& network_offset) {
  using namespace wire;
  security_t r = {};
  const ap_uint<1> udp = net.protocol.udp, ah = net.protocol.ah;
  const ap_uint<8> start = network_offset + (ap_uint<7>(net.words) << 2);
  const ap_uint<17> ip_end = network_offset + net.length;

  const ap_uint<16> udp_size = get_be<2>(bytes, udp_length);
  const ap_uint<17> udp_end = start + udp_size;
  const ap_uint<1> udp_fits = udp_size >= udp_bytes && udp_end <= ip_end;
  r.l4.sport = udp ? get_be<2>(bytes, udp_source) : ap_uint<16>(0);
  r.l4.dport = udp ? get_be<2>(bytes, udp_destination) : ap_uint<16>(0);
  const ap_uint<1> ike = get_be<4>(bytes, udp_bytes) == 0;  // non-ESP marker, RFC 3948 section 2.2
  // Whether the port is that of IPsec is for the caller to decide. A length that is wrong does not make a packet ESP or
  // not.
  const ap_uint<1> encapsulated = udp && !ike && !(udp_fits && udp_size <= udp_bytes + esp_bytes);

  const int after_esp = esp_bytes, after_udp = udp_bytes + esp_bytes;
  r.l4.encap = ah ? ENCAP_AH : udp ? ENCAP_UDP : ENCAP_ESP;
  const ap_uint<64> head = ah    ? bytes_at<8>(bytes, ah_spi)
                           : udp ? bytes_at<8>(bytes, udp_bytes)
                                 : bytes_at<8>(bytes, 0);
  r.l4.spi = get_be<4>(head, 0);
  r.l4.seq = get_be<4>(head, esp_sequence);
  r.l4.offset = start + (udp ? udp_bytes : 0);
  const ap_uint<5> header_bytes = ah ? (net.l3.v6 ? ah_bytes_ipv6 : ah_bytes_ipv4) : udp ? after_udp : after_esp;
  r.l4.payload = start + header_bytes;
  r.l4.limit = udp && udp_fits ? udp_end : ip_end;
  r.l4.ip_end = ip_end;
  r.available = r.l4.limit - r.l4.payload;
  r.spi_end = start + (udp ? udp_bytes + spi_bytes : ah ? ah_spi + spi_bytes : spi_bytes);
  r.found = (net.protocol.esp || ah || encapsulated) && r.spi_end <= r.l4.limit;

  r.udp_length_wrong = udp && !udp_fits;
  r.ah_wrong =
      ah && (byte_at(bytes, ah_next_header) != protocol_experiment ||
             byte_at(bytes, ah_payload_length) != (net.l3.v6 ? ah_payload_length_ipv6 : ah_payload_length_ipv4));

  r.no_udp_checksum = udp && net.l3.v6 && get_be<2>(bytes, udp_checksum) == 0;

  constexpr int seen = control_bytes + nested_ciphertext;
  ap_uint<8 * seen> payload = bytes_at<seen>(bytes, after_esp);
  if (ah && !net.l3.v6) payload = bytes_at<seen>(bytes, ah_bytes_ipv4);
  if (udp || (ah && net.l3.v6)) payload = bytes_at<seen>(bytes, after_udp);
  r.control = payload.range(8 * control_bytes - 1, 0);
  r.nested = payload.range(8 * seen - 1, 8 * control_bytes);
  return r;
}

inline control_t parse_control(const security_t& s) {
  using namespace wire;
  const control_t r = {byte_at(s.control, control_type),
                       byte_at(s.control, control_code),
                       get_be<2>(s.control, control_length),
                       get_be<4>(s.control, control_subject),
                       get_be<4>(s.control, control_transaction),
                       bytes_at<token_nonce_bytes>(s.control, control_token_nonce),
                       (byte_at(s.control, control_flags) & control_flag_no_answer) != 0,
                       get_be<4>(s.nested, nested_sequence),
                       get_be<8>(s.nested, nested_iv)};
  return r;
}

/// What the action control needs beyond a sound packet.
inline ap_uint<4> check_control(const security_t& s, const control_t& c) {
  using namespace wire;
  constexpr int header_words = control_bytes / 2;
  ap_uint<16> words[header_words] = {};
  for (int i = 0; i < header_words; i++) {
#pragma HLS UNROLL
    words[i] = get_be<2>(s.control, 2 * i);
  }
  const ap_uint<1> checksum_wrong = fold(ones_sum<header_words>::add(words)) != 0xffff;
  const ap_uint<8> version = byte_at(s.control, control_version_words);
  const ap_uint<1> nested =
      c.message == type_echo_request || c.message == type_echo_reply || c.message == type_error_protected;
  const ap_uint<1> flag = (byte_at(s.control, control_flags) & control_flag_nested) != 0;

  if (s.available < control_bytes) return MALFORMED_SHORT;
  if (version != (control_version << 4 | control_header_words)) return MALFORMED_VERSION;
  if (checksum_wrong) return MALFORMED_CHECKSUM;
  if (c.length < control_bytes || c.length > s.available) return MALFORMED_LENGTH;
  if (c.message == type_error_clear && c.length < control_bytes + error_bytes) return MALFORMED_LENGTH;
  if (!nested) return MALFORMED_NONE;
  if (!flag || c.length < control_bytes + nested_min_bytes || get_be<4>(s.nested, nested_spi) != c.subject)
    return MALFORMED_NESTED;
  if (c.nested_seq != ap_uint<32>(c.n.range(31, 0)) || c.n == 0) return MALFORMED_SEQUENCE;
  return MALFORMED_NONE;
}

}  // namespace sapulse
