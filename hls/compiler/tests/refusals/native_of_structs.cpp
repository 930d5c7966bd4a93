// SPDX-License-Identifier: Apache-2.0
// A function that stays C++ in the simulation view takes scalars.
#include "ap_int.h"
#include "hls_stream.h"

struct pair {
  ap_uint<8> a, b;
};

ap_uint<8> total(const pair& p) { return p.a + p.b; }  // error: parameter 'p' of a function that stays C++ is no scalar

// options: --top kernel --view view --native total
void kernel(hls::stream<pair>& in, hls::stream<ap_uint<8>>& out) { out.write(total(in.read())); }
