// SPDX-License-Identifier: Apache-2.0
// Pointers that are chosen and that walk.
#include "kernels.h"

void memory_walker(const int* in, int* out, int n, int skip) {
#pragma HLS INTERFACE m_axi max_read_burst_length = 8 num_read_outstanding = 4 latency = 10 depth = 16 * 32 offset = \
    direct bundle = one port = in
#pragma HLS INTERFACE m_axi port = out bundle = one
  const int* from = skip & 1 ? in + skip : in;
  int sum = 0;
  for (int i = 0; i < n; i++) sum += *from++;
  for (int i = 0; i < n; i++) {
    if (i != skip) *out++ = sum + i;
  }
  *out = sum;
}
