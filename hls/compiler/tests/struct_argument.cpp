// SPDX-License-Identifier: Apache-2.0
// A struct as a scalar argument: passed on whole or not at all in C++ simulations.
#include "hls_stream.h"

struct range {
  ap_uint<16> from, to;
};

void kernel(hls::stream<ap_uint<16>>& in, hls::stream<ap_uint<16>>& out, range r) {
  const ap_uint<16> x = in.read();
  if (r.from <= x && x <= r.to) out.write(x);
}

static void within(hls::stream<ap_uint<16>>& in, hls::stream<ap_uint<16>>& out, range range) {
  const ap_uint<16> x = in.read();
  if (range.from <= x && x <= range.to) out.write(x);
}

void network(hls::stream<ap_uint<16>>& in, hls::stream<ap_uint<16>>& out, ap_uint<16> from) {
#pragma HLS DATAFLOW
  within(in, out, {from, 1000});
}
