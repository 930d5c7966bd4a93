// SPDX-License-Identifier: Apache-2.0
#include "header/header.h"

#include "common/bytes.h"
#include "common/checksum.h"
#include "sapulse_wire.h"

namespace sapulse {
namespace {

using namespace wire;

/// ESP or AH header and control header: at most 40 bytes.
ap_uint<320> build_security(const header_job& j) {
  ap_uint<8 * control_bytes> control = 0;
  const ap_uint<16> length = control_bytes + j.length;
  put_be<1>(control, control_version_words, ap_uint<8>(control_version << 4 | control_header_words));
  put_be<1>(control, control_type, j.message);
  put_be<1>(control, control_code, j.code);
  put_be<1>(control, control_flags, ap_uint<8>(control_flag_nested));
  put_be<2>(control, control_length, length);
  put_be<4>(control, control_subject, j.subject);
  put_be<4>(control, control_transaction, j.transaction);
  control.range(8 * (control_token_nonce + token_nonce_bytes) - 1, 8 * control_token_nonce) = j.token_nonce;
  const ap_uint<16> words[11] = {get_be<2>(control, 0),  get_be<2>(control, 2),  length,
                                 get_be<2>(control, 8),  get_be<2>(control, 10), get_be<2>(control, 12),
                                 get_be<2>(control, 14), get_be<2>(control, 16), get_be<2>(control, 18),
                                 get_be<2>(control, 20), get_be<2>(control, 22)};
  const ap_uint<16> sum = fold(ones_sum<11>::add(words));
  put_be<2>(control, control_checksum, ap_uint<16>(~sum));
  if (j.echo) control = 0;

  ap_uint<64> esp = 0;
  put_be<4>(esp, 0, j.spi);
  put_be<4>(esp, esp_sequence, j.seq);
  ap_uint<128> ah = ap_uint<128>(esp) << (8 * ah_spi);
  put_be<1>(ah, ah_next_header, ap_uint<8>(protocol_experiment));
  put_be<1>(ah, ah_payload_length, ap_uint<8>(j.l3.v6 ? ah_payload_length_ipv6 : ah_payload_length_ipv4));

  const ap_uint<320> tail = control;
  if (j.encap != ENCAP_AH) return ap_uint<320>(tail << (8 * esp_bytes)) | esp;
  if (j.l3.v6) return ap_uint<320>(tail << (8 * ah_bytes_ipv6)) | ah;
  return ap_uint<320>(tail << (8 * ah_bytes_ipv4)) | ah;
}

ap_uint<64> build_udp(const header_job& j, const ap_uint<16>& length) {
  ap_uint<64> udp = 0;
  put_be<2>(udp, udp_source, j.dport);
  put_be<2>(udp, udp_destination, j.sport);
  put_be<2>(udp, udp_length, length);
  return udp;
}

ap_uint<160> build_ipv4(const header_job& j, const ap_uint<8>& protocol, const ap_uint<16>& payload_length) {
  ap_uint<160> ip = 0;
  const ap_uint<16> total = ipv4_bytes + payload_length;
  put_be<1>(ip, 0, ap_uint<8>(0x45));
  put_be<1>(ip, 1, ap_uint<8>(ap_uint<8>(j.l3.dscp) << 2));
  put_be<2>(ip, ipv4_total_length, total);
  put_be<2>(ip, ipv4_fragment, ap_uint<16>(ipv4_dont_fragment));
  put_be<1>(ip, ipv4_ttl, ap_uint<8>(answer_ttl));
  put_be<1>(ip, ipv4_protocol, protocol);
  put_be<4>(ip, ipv4_source, ap_uint<32>(j.l3.dst.range(31, 0)));
  put_be<4>(ip, ipv4_destination, ap_uint<32>(j.l3.src.range(31, 0)));
  const ap_uint<16> words[8] = {get_be<2>(ip, 0),  total,
                                get_be<2>(ip, 6),  get_be<2>(ip, 8),
                                get_be<2>(ip, 12), get_be<2>(ip, 14),
                                get_be<2>(ip, 16), get_be<2>(ip, 18)};
  put_be<2>(ip, ipv4_checksum, ap_uint<16>(~fold(ones_sum<8>::add(words))));
  return ip;
}

ap_uint<320> build_ipv6(const header_job& j, const ap_uint<8>& protocol, const ap_uint<16>& payload_length) {
  ap_uint<320> ip = 0;
  const ap_uint<8> traffic_class = ap_uint<8>(j.l3.dscp) << 2;
  put_be<1>(ip, 0, ap_uint<8>(0x60 | (traffic_class >> 4)));
  put_be<1>(ip, 1, ap_uint<8>(traffic_class << 4));
  put_be<2>(ip, ipv6_payload_length, payload_length);
  put_be<1>(ip, ipv6_next_header, protocol);
  put_be<1>(ip, ipv6_hop_limit, ap_uint<8>(answer_ttl));
  put_be<16>(ip, ipv6_source, j.l3.dst);
  put_be<16>(ip, ipv6_destination, j.l3.src);
  return ip;
}

/// Ethernet header with tags in front of `rest`.
ap_uint<832> prepend_ethernet(const header_job& j, const ap_uint<656>& rest) {
  ap_uint<96> macs = 0;
  put_be<6>(macs, 0, j.l2.src);
  put_be<6>(macs, mac_bytes, j.l2.dst);
  ap_uint<64> tags = 0;
  put_be<4>(tags, 0, j.l2.tag0);
  put_be<4>(tags, vlan_bytes, j.l2.tag1);
  ap_uint<16> ethertype = 0;
  put_be<2>(ethertype, 0, ap_uint<16>(j.l3.v6 ? ethertype_ipv6 : ethertype_ipv4));

  const ap_uint<672> tail = ap_uint<672>(rest) << 16 | ethertype;
  ap_uint<736> tagged = tail;
  if (j.l2.tags == 1) tagged = ap_uint<736>(tail) << 32 | ap_uint<32>(tags.range(31, 0));
  if (j.l2.tags == 2) tagged = ap_uint<736>(tail) << 64 | tags;
  return ap_uint<832>(tagged) << 96 | macs;
}

/// Size of all headers: one constant of 24.
ap_uint<7> header_bytes(const header_job& j) {
  ap_uint<7> security = esp_bytes;
  if (j.encap == ENCAP_UDP) security = udp_bytes + esp_bytes;
  if (j.encap == ENCAP_AH) security = j.l3.v6 ? ah_bytes_ipv6 : ah_bytes_ipv4;
  ap_uint<7> network = ethernet_bytes + ipv4_bytes;
  if (j.l3.v6) network = ethernet_bytes + ipv6_bytes;
  const ap_uint<7> control = j.echo ? 0 : control_bytes;
  const ap_uint<7> tags = ap_uint<7>(j.l2.tags) << 2;
  return network + tags + security + control;
}

}  // namespace

void header(hls::stream<header_job>& job, hls::stream<header_t>& out) {
#pragma HLS INTERFACE axis port = job
#pragma HLS INTERFACE axis port = out
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1 style = frp
  const header_job j = job.read();
  const ap_uint<1> udp = j.encap == ENCAP_UDP;
  const ap_uint<8> protocol = udp ? protocol_udp : j.encap == ENCAP_AH ? protocol_ah : protocol_esp;

  const ap_uint<7> size = header_bytes(j);
  const ap_uint<7> network =
      (j.l3.v6 ? ethernet_bytes + ipv6_bytes : ethernet_bytes + ipv4_bytes) + (ap_uint<7>(j.l2.tags) << 2);
  const ap_uint<16> ip_payload = ap_uint<7>(size - network) + j.length;

  // Behind UDP there is ESP, never AH: 8 bytes less than the longest.
  const ap_uint<320> security = build_security(j);
  ap_uint<320> transport = security;
  if (udp) transport = ap_uint<320>(security << (8 * udp_bytes)) | build_udp(j, ip_payload);
  ap_uint<656> rest = ap_uint<656>(transport) << (8 * ipv4_bytes) | build_ipv4(j, protocol, ip_payload);
  if (j.l3.v6) rest = ap_uint<656>(transport) << (8 * ipv6_bytes) | build_ipv6(j, protocol, ip_payload);

  header_t h = {0, 0, 0, 0, 0, 0};
  h.bytes = prepend_ethernet(j, rest);
  h.size = size;
  h.length = j.length;
  const ap_uint<15> end = size + j.length;
  const ap_uint<15> last_byte = end - 1;
  h.last_beat = last_byte.range(13, 6);
  h.icv_beat = ap_uint<15>(end - icv_bytes).range(13, 6);
  // 64 bytes or less of header leave room for payload in the last beat unless that many bytes have gone before.
  const ap_uint<6> phase = size.range(5, 0);
  const ap_uint<6> last_in_payload_beat = ap_uint<14>(j.length - 1).range(5, 0);
  h.spill = ap_uint<7>(phase + last_in_payload_beat)[6];
  out.write(h);
}

}  // namespace sapulse
