// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

void kernel(const int* table, hls::stream<int>& out) {  // message: parameter 'table' of 'kernel': reserved word of SystemVerilog
#pragma HLS INTERFACE m_axi port = table
  out.write(table[0]);
}
