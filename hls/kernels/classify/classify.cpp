// SPDX-License-Identifier: Apache-2.0
#include "classify/classify.h"

#include "classify/security.h"

namespace sapulse {
namespace {

/// What every action but pass and drop needs.
ap_uint<4> check_packet(const window_t& w, const network_t& net, const security_t& s) {
  const ap_uint<1> cut_off = w.complete && s.l4.ip_end > w.length;
  if (net.checksum_wrong) return MALFORMED_IP_CHECKSUM;
  if (cut_off || s.udp_length_wrong) return MALFORMED_IP_LENGTH;
  if (s.ah_wrong) return MALFORMED_ENCAPSULATION;
  if (s.available[17]) return MALFORMED_SHORT;
  return MALFORMED_NONE;
}

/// The echo message of a clear echo (section 2): its header takes the place of a control header.
struct clear_echo_t {
  ap_uint<8> subtype;
  ap_uint<1> return_spi;  ///< R
  ap_uint<17> length;     ///< of header and data
};

clear_echo_t parse_echo(const security_t& s) {
  using namespace wire;
  const clear_echo_t r = {byte_at(s.control, echo_subtype), (byte_at(s.control, echo_flags) & echo_flag_return) != 0,
                          ap_uint<17>(get_be<2>(s.control, echo_data_length)) + echo_bytes};
  return r;
}

/// What the actions echo and echo-reply need beyond a sound packet.
ap_uint<4> check_echo(const security_t& s, const clear_echo_t& echo, int subtype) {
  using namespace wire;
  const ap_uint<18> needed = echo.length + (echo.return_spi ? echo_return_spi_bytes : 0);
  if (s.available < echo_bytes) return MALFORMED_SHORT;
  if (echo.subtype != subtype || needed > s.available || echo.length > frame_max_bytes) return MALFORMED_LENGTH;
  if (s.no_udp_checksum) return MALFORMED_CHECKSUM;
  return MALFORMED_NONE;
}

record_t parse(const window_t& w) {
  const link_t link = parse_link(w);
  const network_t net = parse_network(link);
  const ap_uint<8 * transport_bytes> transport = select_transport(link.packet, net.words);
  const security_t security = parse_security(net, transport, link.offset);

  const ap_uint<1> fragment =
      net.fragment || (net.protocol.fragment && (get_be<2>(transport, 2) & wire::ipv6_fragment_mask) != 0);
  record_t r = {};
  r.kind = FRAME_OTHER;
  if (net.valid && fragment) {
    r.kind = FRAME_FRAGMENT;
  } else if (net.valid && security.found && security.spi_end <= w.length) {
    r.kind = FRAME_SPI;
  }
  r.l2 = link.l2;
  r.l3 = net.l3;
  r.l4 = security.l4;
  r.control = parse_control(security);

  r.group_mac = link.l2.dst[40];
  r.mapped_destination = net.mapped_destination;
  r.source_unusable = link.l2.src[40] || net.source_unusable;

  const ap_uint<4> packet = check_packet(w, net, security);
  r.ip_malformed = packet;
  const clear_echo_t echo = parse_echo(security);
  r.echo_return = echo.return_spi;
  r.echo_length = echo.length.range(13, 0);
  r.echo_malformed = packet != MALFORMED_NONE ? packet : check_echo(security, echo, wire::subtype_request);
  r.echo_reply_malformed = packet != MALFORMED_NONE ? packet : check_echo(security, echo, wire::subtype_reply);
  r.control_malformed = packet != MALFORMED_NONE ? packet : check_control(security, r.control);
  return r;
}

}  // namespace

void classify(hls::stream<axis_beat>& frame, hls::stream<record_t>& record) {
#pragma HLS INTERFACE axis port = frame
#pragma HLS INTERFACE axis port = record
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1 style = frp
  static ap_uint<2> index = 0;  // of the beat; 3: the record has been written
  static ap_uint<512> beat0 = 0, beat1 = 0;

  const axis_beat in = frame.read();
  const ap_uint<512> data = keep_bytes<64>(in.data, in.keep);
  const ap_uint<512> low = index == 0 ? data : beat0;
  const ap_uint<512> middle = index == 0 ? ap_uint<512>(0) : index == 1 ? data : beat1;
  const ap_uint<512> high = index == 2 ? data : ap_uint<512>(0);
  const window_t window = {(high, middle, low), ap_uint<8>((index, ap_uint<6>(0))) + count_keep(in.keep), in.last};

  if (index == 2 || (index != 3 && in.last)) record.write(parse(window));

  if (index == 0) beat0 = data;
  if (index == 1) beat1 = data;
  if (in.last) {
    index = 0;
  } else if (index != 3) {
    index = index + 1;
  }
}

}  // namespace sapulse
