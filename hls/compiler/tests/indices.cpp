// SPDX-License-Identifier: Apache-2.0
// Indices that are wider than needed, expressions, or of ap_int: of bits, local arrays, registers, memories and tables.
#include "hls_stream.h"
struct asked {
  ap_uint<70> wide;
  ap_uint<40> x;
  ap_uint<8> i;
  ap_int<5> s;
};
struct answer {
  ap_uint<12> bits;
  ap_uint<8> a;
  ap_uint<8> b;
  ap_uint<8> c;
  ap_uint<8> d;
  ap_uint<40> written;
  ap_uint<8> e;
};
void indices(hls::stream<asked>& in, hls::stream<answer>& out) {
  static ap_uint<8> memory[100];
  static ap_uint<8> registers[4];
  static const ap_uint<8> table[16] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3};
  const asked q = in.read();
  ap_uint<8> local[8];
  for (int i = 0; i < 8; i++) local[i] = q.x.range(i + 7, i);
  const ap_uint<3> k = q.i;
  answer r = {};
  r.bits[0] = q.x[q.wide & 31];  // more than 64 bits
  r.bits[1] = q.x[q.wide % 32 + 1];
  r.bits[2] = q.x[k + 1];
  r.bits[3] = q.x[q.s & 15];
  r.bits[4] = q.x[(q.s & 7) + k];
  r.bits[5] = q.x[ap_uint<33>(k) * 4];
  r.bits[6] = q.x[7 - k];
  r.bits[q.i & 3] = 1;
  r.a = local[k] + local[7 - k] + local[(q.s & 3) + (k >> 1)];
  r.b = table[q.i & 15] + table[(q.s & 7) + k] + table[q.i(7, 4)];
  r.c = memory[q.i >> 2] + registers[k & 3];
  memory[(q.i >> 2) + 1] = q.x;
  registers[q.s & 3] = q.i;
  r.d = registers[(k + 1) & 3];
  r.written = q.x;
  r.written[q.wide & 31] = !r.written[q.wide & 31];
  r.written[k + 30] = 1;
  local[(q.s & 3) * 2] = 7;
  r.e = local[k & 6];
  out.write(r);
}
