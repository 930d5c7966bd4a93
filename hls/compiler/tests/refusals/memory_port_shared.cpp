// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

static void load(const int* from, hls::stream<int>& to) {
  for (int i = 0; i < 16; i++) to.write(from[i]);
}
static void store(hls::stream<int>& from, int* to) {
  for (int i = 0; i < 16; i++) to[i] = from.read();
}

void kernel(int* words) {
#pragma HLS INTERFACE m_axi port = words
  hls::stream<int> between;
  load(words, between);
  store(between, words);  // error: memory port 'words' is written by one of 'load' and 'store' and accessed by the other
}
