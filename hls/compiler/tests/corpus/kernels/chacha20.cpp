// SPDX-License-Identifier: Apache-2.0
// ChaCha20 (RFC 8439) over as many blocks as a job says: a block a pass, ten instances of the double round or fewer.
// Word 0 of a state is in its lowest bits.
#include "hls_module.h"
#include "hls_stream.h"

struct job {
  ap_uint<256> key;
  ap_uint<96> nonce;
  ap_uint<32> counter;
  ap_uint<3> blocks;
};

namespace {

void add_and_rotate(ap_uint<32>& sum, const ap_uint<32>& addend, ap_uint<32>& rotated, int bits) {
  sum += addend;
  rotated ^= sum;
  rotated.lrotate(bits);
}

void quarter_round(ap_uint<32>& a, ap_uint<32>& b, ap_uint<32>& c, ap_uint<32>& d) {
  add_and_rotate(a, b, d, 16);
  add_and_rotate(c, d, b, 12);
  add_and_rotate(a, b, d, 8);
  add_and_rotate(c, d, b, 7);
}

HLS_MODULE ap_uint<512> double_round(const ap_uint<512>& state) {
#pragma HLS INLINE off
#pragma HLS PIPELINE II = 1
  ap_uint<32> s[16];
  for (int i = 0; i < 16; i++) s[i] = state.range(32 * i + 31, 32 * i);
  for (int i = 0; i < 4; i++) quarter_round(s[i], s[4 + i], s[8 + i], s[12 + i]);
  for (int i = 0; i < 4; i++) quarter_round(s[i], s[4 + (i + 1) % 4], s[8 + (i + 2) % 4], s[12 + (i + 3) % 4]);
  ap_uint<512> r = 0;
  for (int i = 0; i < 16; i++) r.range(32 * i + 31, 32 * i) = s[i];
  return r;
}

HLS_MODULE ap_uint<512> add_words(const ap_uint<512>& a, const ap_uint<512>& b) {
#pragma HLS INLINE off
#pragma HLS PIPELINE II = 1
  ap_uint<512> r = 0;
  for (int i = 0; i < 16; i++)
    r.range(32 * i + 31, 32 * i) =
        ap_uint<32>(a.range(32 * i + 31, 32 * i)) + ap_uint<32>(b.range(32 * i + 31, 32 * i));
  return r;
}

}  // namespace

void chacha20(hls::stream<job>& jobs, hls::stream<ap_uint<512>>& in, hls::stream<ap_uint<512>>& out) {
#pragma HLS INTERFACE ap_ctrl_none port = return
  const ap_uint<128> constants =
      (ap_uint<32>(0x6b206574), ap_uint<32>(0x79622d32), ap_uint<32>(0x3320646e), ap_uint<32>(0x61707865));
  const job j = jobs.read();
  for (ap_uint<3> block = 0; block < j.blocks; block++) {
#pragma HLS PIPELINE II = 1
    const ap_uint<512> first = (j.nonce, ap_uint<32>(j.counter + block), j.key, constants);
    ap_uint<512> state = first;
    for (int round = 0; round < 10; round++) state = double_round(state);
    out.write(in.read() ^ add_words(state, first));
  }
}
