// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

unsigned last(unsigned count, ...) {
  __builtin_va_list arguments;
  __builtin_va_start(arguments, count);
  const unsigned r = __builtin_va_arg(arguments, unsigned);
  __builtin_va_end(arguments);
  return r;
}
void kernel(hls::stream<ap_uint<32>>& in, hls::stream<ap_uint<32>>& out) {
  out.write(last(1, in.read().to_uint()));  // error: could not be inlined
}
