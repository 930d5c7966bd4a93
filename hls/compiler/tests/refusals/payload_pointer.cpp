// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

struct payload {
  int* where;
};
void kernel(hls::stream<payload>& in, hls::stream<payload>& out) {
  out.write(in.read());  // error: type 'where' is not supported here
}
