// SPDX-License-Identifier: Apache-2.0
// Addresses that come from memory: single words between those of bursts, all on one bundle.
#include "kernels.h"

void memory_gatherer(const unsigned short* indices, const unsigned short* lookup, unsigned short* values, int n) {
#pragma HLS INTERFACE m_axi port = indices
#pragma HLS INTERFACE m_axi port = lookup
#pragma HLS INTERFACE m_axi port = values
  for (int i = 0; i < n; i++) {
    const unsigned short index = indices[i];
    if (index & 1) {
      values[i] = lookup[index] + lookup[index / 2];
    } else {
      values[i] = index;
    }
  }
}
