// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

static void load(const int* from, hls::stream<int>& to) {
  for (int i = 0; i < 16; i++) to.write(from[i]);
}
static void store(hls::stream<int>& from, int* to) {
  for (int i = 0; i < 16; i++) to[i] = from.read();
}

void kernel(const int* in, int* out) {
#pragma HLS INTERFACE m_axi port = in
#pragma HLS INTERFACE m_axi port = out
  hls::stream<int> between;
  load(in + 4, between);  // error: memory port for 'from' with an offset; pass the offset to the process
  store(between, out);
}
