// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

unsigned a, b;
const unsigned long table[2] = {reinterpret_cast<unsigned long>(&a), reinterpret_cast<unsigned long>(&b)};
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  out.write(table[in.read()[0]]);  // message: constant table 'table' is not integer data
}
