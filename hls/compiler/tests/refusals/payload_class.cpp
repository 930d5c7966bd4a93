// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

class payload {
 public:
  explicit payload(int x) : x_(x) {}

 private:
  int x_;
};
void kernel(hls::stream<payload>& in, hls::stream<ap_uint<32>>& out) {
  (void)in.read();  // clang: stream payload: ap_uint, ap_int, C integers, enums and plain structs of those
  out.write(0);
}
