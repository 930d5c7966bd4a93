// SPDX-License-Identifier: Apache-2.0
#include "kernels.h"

namespace {

ap_uint<9> slot_of(const ap_uint<32>& key) { return key.range(31, 23) ^ key.range(17, 9) ^ key.range(8, 0); }

}  // namespace

/// Counts by key, in a table that is found by a hash of the key; a slot can also be read out and cleared by its number.
void flow_table(hls::stream<flow_request>& in, hls::stream<flow_answer>& out) {
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
  struct entry {
    ap_uint<32> key, count;
  };
  static entry table[512];
  const flow_request r = in.read();
  if (r.by_slot) {
    const entry e = table[r.slot];
    table[r.slot] = {0, 0};
    out.write({e.key, e.count});
  } else {
    const ap_uint<9> slot = slot_of(r.key);
    entry e = table[slot];
    e.count = e.key == r.key ? ap_uint<32>(e.count + r.amount) : ap_uint<32>(r.amount);
    e.key = r.key;
    table[slot] = e;
    out.write({e.key, e.count});
  }
}
