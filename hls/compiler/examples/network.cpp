// SPDX-License-Identifier: Apache-2.0
// A network: two processes that run independently, and a FIFO between them that holds a packet until its length is
// known.
#include "hls_stream.h"

struct word {
  ap_uint<8> data;
  ap_uint<1> last;
};

static void measure(hls::stream<word>& in, hls::stream<ap_uint<8>>& data, hls::stream<ap_uint<4>>& lengths) {
#pragma HLS PIPELINE II = 1
  static ap_uint<4> n = 0;
  const word w = in.read();
  data.write(w.data);
  const bool ends = w.last || n == 14;
  if (ends) lengths.write(n + 1);
  n = ends ? ap_uint<4>(0) : ap_uint<4>(n + 1);
}

static void prefix(hls::stream<ap_uint<8>>& data, hls::stream<ap_uint<4>>& lengths, hls::stream<ap_uint<8>>& out) {
#pragma HLS PIPELINE II = 1
  static ap_uint<4> left = 0;
  if (left == 0) {
    left = lengths.read();
    out.write(left);
  } else {
    left--;
    out.write(data.read());
  }
}

void network(hls::stream<word>& in, hls::stream<ap_uint<8>>& out) {
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS DATAFLOW
  static hls::stream<ap_uint<8>> data("data");
  static hls::stream<ap_uint<4>> lengths("lengths");
#pragma HLS STREAM variable = data depth = 32
#pragma HLS STREAM variable = lengths depth = 4
  measure(in, data, lengths);
  prefix(data, lengths, out);
}
