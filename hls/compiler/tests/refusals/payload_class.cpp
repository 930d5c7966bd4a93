// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

class payload {
 public:
  payload() : x_(0) {}
  virtual int value() const { return x_; }

 private:
  int x_;
};
void kernel(hls::stream<payload>& in, hls::stream<ap_uint<32>>& out) {
  (void)in.read();  // error: is not supported here (ap_uint, ap_int, C integers, enums, arrays and structs of those)
  out.write(0);
}
