// SPDX-License-Identifier: Apache-2.0
// options: --top kernel --parity
#include "ap_int.h"
#include "hls_stream.h"

void kernel(hls::stream<ap_uint<8>>& out, bool memory_fault) {  // message: 'memory_fault': --parity adds an output of that name
  out.write(memory_fault);
}
