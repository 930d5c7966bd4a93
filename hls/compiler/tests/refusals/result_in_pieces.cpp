// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

struct pair {
  unsigned a, b;
};
pair kernel(hls::stream<ap_uint<32>>& in) {  // error: the result of 'kernel' is returned in pieces
  return {in.read().to_uint(), 1};
}
