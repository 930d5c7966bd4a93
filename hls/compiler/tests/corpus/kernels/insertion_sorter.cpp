// SPDX-License-Identifier: Apache-2.0
// A chain of cells: each keeps the largest of what it has seen since the last flush, and hands on the rest.
#include "hls_stream.h"

struct item {
  ap_uint<16> key;
  bool flush;
};

namespace {

template <int Position>
void cell(hls::stream<item>& in, hls::stream<item>& out) {
#pragma HLS PIPELINE II = 1
  static item kept = {0, false};
  const item x = in.read();
  const bool takes = x.flush || x.key > kept.key;
  out.write(takes ? kept : x);
  if (takes) kept = x.flush ? item{0, false} : x;
}

void tail(hls::stream<item>& in, hls::stream<ap_uint<16>>& out) {
#pragma HLS PIPELINE II = 1
  const item x = in.read();
  if (x.key != 0) out.write(x.key);
}

}  // namespace

void insertion_sorter(hls::stream<item>& in, hls::stream<ap_uint<16>>& out) {
#pragma HLS DATAFLOW
  static hls::stream<item> between[4];
  cell<0>(in, between[0]);
  cell<1>(between[0], between[1]);
  cell<2>(between[1], between[2]);
  cell<3>(between[2], between[3]);
  tail(between[3], out);
}
