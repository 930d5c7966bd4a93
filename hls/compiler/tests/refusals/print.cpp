// SPDX-License-Identifier: Apache-2.0
#include <iomanip>
#include <iostream>

#include "hls_stream.h"

struct point {
  ap_uint<8> x, y;
};
std::ostream& operator<<(std::ostream& out, const point& p) { return out << p.x.to_int() << "," << p.y.to_int(); }

void kernel(hls::stream<point>& in, hls::stream<point>& out) {
  const point p = in.read();
  std::cout << "point " << std::hex << std::setw(8) << p << std::endl;  // note: output is for the C simulation alone
  out.write(p);
}
