// SPDX-License-Identifier: Apache-2.0
// Read, modify, write of one memory: each read waits for the write before it. The counts are cleared by a burst first.
#include "kernels.h"

void memory_histogram(const unsigned char* data, unsigned* counts, int n) {
#pragma HLS INTERFACE m_axi port = data bundle = data
#pragma HLS INTERFACE m_axi port = counts bundle = counts
  for (int i = 0; i < 256; i++) counts[i] = 0;
  for (int i = 0; i < n; i++) counts[data[i]]++;
}
