// SPDX-License-Identifier: Apache-2.0
// A function that stays C++ in the simulation view returns a scalar.
#include "ap_int.h"
#include "hls_stream.h"

struct pair {
  ap_uint<8> a, b;
};

pair twice(const ap_uint<8>& x) { return {x, x}; }  // error: a function that stays C++ must return a scalar

// options: --top kernel --view view --native twice
void kernel(hls::stream<ap_uint<8>>& in, hls::stream<pair>& out) { out.write(twice(in.read())); }
