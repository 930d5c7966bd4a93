// SPDX-License-Identifier: Apache-2.0
#include "hls_stream.h"

// options: --types
struct header {
  ap_uint<8> kind;
};
enum kinds { header_kind, kinds };
namespace other {
struct header {  // error: the name 'header' is used twice
  ap_uint<8> kind;
};
}  // namespace other
void kernel(hls::stream<header>& in, hls::stream<other::header>& out) { out.write({in.read().kind}); }
