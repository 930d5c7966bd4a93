// SPDX-License-Identifier: Apache-2.0
// Three processes: both operands are read in bursts, and the sums written, at one word a cycle.
#include "kernels.h"

static void load(const unsigned* from, hls::stream<unsigned>& to, int n) {
  for (int i = 0; i < n; i++) {
#pragma HLS PIPELINE II = 1
    to.write(from[i]);
  }
}

static void add(hls::stream<unsigned>& a, hls::stream<unsigned>& b, hls::stream<unsigned>& sums, int n) {
  for (int i = 0; i < n; i++) {
#pragma HLS PIPELINE II = 1
    sums.write(a.read() + b.read());
  }
}

static void store(hls::stream<unsigned>& from, unsigned* to, int n) {
  for (int i = 0; i < n; i++) {
#pragma HLS PIPELINE II = 1
    to[i] = from.read();
  }
}

void memory_adder(const unsigned* a, const unsigned* b, unsigned* sums, int n) {
#pragma HLS INTERFACE m_axi port = a offset = slave bundle = gmem0
#pragma HLS INTERFACE m_axi port = b offset = slave bundle = gmem1
#pragma HLS INTERFACE m_axi port = sums offset = slave bundle = gmem0
#pragma HLS INTERFACE s_axilite port = n
#pragma HLS INTERFACE s_axilite port = return
#pragma HLS DATAFLOW
  hls::stream<unsigned> as("as"), bs("bs"), added("added");
#pragma HLS STREAM variable = as depth = 32
  load(a, as, n);
  load(b, bs, n);
  add(as, bs, added, n);
  store(added, sums, n);
}
