// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

struct payload {
  payload() : low(0), high(0) {}
  unsigned low : 4, high : 4;
};
void kernel(hls::stream<payload>& in, hls::stream<payload>& out) {
  out.write(in.read());  // error: bit fields are not supported here: 'low'
}
