// SPDX-License-Identifier: Apache-2.0
// The part of a frame that is parsed.
#pragma once

#include "ap_int.h"
#include "common/bytes.h"
#include "sapulse_payloads.h"

namespace sapulse {

constexpr int window_bytes = 3 * beat_bytes;

struct window_t {
  ap_uint<8 * window_bytes> bytes;  ///< zero after the end of the frame
  ap_uint<8> length;                ///< of the frame, 192 if it does not end within the window
  ap_uint<1> complete;              ///< it ends within the window
};

/// Number of ones of a keep mask: ones from bit 0 on, at least one.
inline ap_uint<7> count_keep(const ap_uint<64>& keep) {
#ifdef SAPULSE_NATIVE_GCM
  return native_bytes::count_keep(keep.to_uint64());
#endif
  ap_uint<7> count = 0;
  count[6] = keep[63];
  for (int k = 0; k < 6; k++) {
#pragma HLS UNROLL
    // Bit k of the count is set where the mask ends in an odd multiple of 2^k.
    ap_uint<1> bit = 0;
    for (int end = (2 << k) - 1; end < 64; end += 2 << k) {
#pragma HLS UNROLL
      if (keep[end - (1 << k)] && !keep[end]) bit = 1;
    }
    count[k] = bit;
  }
  return count;
}

}  // namespace sapulse
