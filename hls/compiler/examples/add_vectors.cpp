// SPDX-License-Identifier: Apache-2.0
// Memory ports: one word a cycle of each.
#include "hls_stream.h"

void add_vectors(const ap_uint<32>* a, const ap_uint<32>* b, ap_uint<32>* sums, ap_uint<12> n) {
#pragma HLS INTERFACE m_axi port = a bundle = gmem0
#pragma HLS INTERFACE m_axi port = b bundle = gmem1
#pragma HLS INTERFACE m_axi port = sums bundle = gmem0
  for (ap_uint<12> i = 0; i < n; i++) {
#pragma HLS PIPELINE II = 1
    sums[i] = a[i] + b[i];
  }
}
