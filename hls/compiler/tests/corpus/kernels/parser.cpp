// SPDX-License-Identifier: Apache-2.0
// A parser of Ethernet, IPv4 with options and UDP, 8 bytes a word, the first one in the lowest byte: ports and length
// of datagrams, and what they carry. All other packets disappear.
#include "ap_axi_sdata.h"
#include "hls_stream.h"

using beat = ap_axiu<64>;

struct datagram {
  ap_uint<16> source, destination, length;
  ap_uint<32> address;
};

namespace {

enum parser_state { ETHERNET, TYPE, ADDRESSES, OPTIONS, PORTS, PAYLOAD, DROP };

ap_uint<16> network_order(const ap_uint<16>& x) { return (x.range(7, 0), x.range(15, 8)); }

}  // namespace

void parser(hls::stream<beat>& in, hls::stream<datagram>& headers, hls::stream<beat>& payload) {
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
  static parser_state state = ETHERNET;
  static datagram header;
  static ap_uint<4> options = 0;  // words of 32 bits that are left of the IPv4 header
  const beat b = in.read();
  switch (state) {
    case ETHERNET:
      state = TYPE;
      break;
    case TYPE:  // type, version and length, beginning with byte 12
      options = b.data.range(51, 48);
      state = b.data.range(47, 32) == 0x0008 && b.data.range(55, 52) == 4 ? ADDRESSES : DROP;
      break;
    case ADDRESSES:  // time to live, protocol, source
      header.address = b.data.range(63, 32);
      state = b.data.range(15, 8) != 17 ? DROP : options > 5 ? OPTIONS : PORTS;
      break;
    case OPTIONS:
      options -= 2;
      state = options > 5 ? OPTIONS : PORTS;
      break;
    case PORTS:
      header.source = network_order(b.data.range(15, 0));
      header.destination = network_order(b.data.range(31, 16));
      header.length = network_order(b.data.range(47, 32));
      headers.write(header);
      state = PAYLOAD;
      break;
    case PAYLOAD:
      payload.write(b);
      break;
    default:
      break;
  }
  if (b.last) state = ETHERNET;
}
