// SPDX-License-Identifier: Apache-2.0
// Structs that are changed where they are: read in a burst, written one by one, some of them in part.
#include "kernels.h"

void memory_updater(memory_record* records, ap_uint<40> threshold, int n, ap_uint<16>& changed) {
#pragma HLS INTERFACE m_axi port = records num_read_outstanding = 2
  ap_uint<16> found = 0;
  for (int i = 0; i < n; i++) {
    memory_record r = records[i];
    if (r.key >= threshold) {
      r.key = r.key - threshold;
      r.flags[r.count[0] ? 3 : 1]++;
      records[i] = r;
      found++;
    } else if (r.count != 0) {
      records[i].count = r.count - 1;
    }
  }
  changed = found;
}
