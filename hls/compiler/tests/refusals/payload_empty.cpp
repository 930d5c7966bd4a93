// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

struct payload {};
void kernel(hls::stream<payload>& in, hls::stream<payload>& out) {
  out.write(in.read());  // error: type without members
}
