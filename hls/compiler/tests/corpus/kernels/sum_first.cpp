// SPDX-License-Identifier: Apache-2.0
#include "kernels.h"

namespace {

/// Adds up the words of a packet while they pass.
void add_up(hls::stream<packet_word>& in, hls::stream<packet_word>& words, hls::stream<ap_uint<16>>& sums) {
#pragma HLS PIPELINE II = 1
  static ap_uint<16> sum = 0;
  const packet_word w = in.read();
  words.write(w);
  sum += w.data;
  if (w.last) {
    sums.write(sum);
    sum = 0;
  }
}

/// The sum and, from the next iteration on, the words.
void put_in_front(hls::stream<packet_word>& words, hls::stream<ap_uint<16>>& sums, hls::stream<packet_word>& out,
                  ap_uint<16> offset) {
#pragma HLS PIPELINE II = 1
  static bool in_packet = false;
  if (!in_packet) {
    out.write({sums.read() + offset, 0});
    in_packet = true;
  } else {
    const packet_word w = words.read();
    out.write(w);
    in_packet = !w.last;
  }
}

}  // namespace

/// Packets with their sum, plus an offset, in front: the words wait until it is known.
void sum_first(hls::stream<packet_word>& in, hls::stream<packet_word>& out, ap_uint<16> offset) {
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS DATAFLOW disable_start_propagation
  static hls::stream<packet_word> words("words");
  static hls::stream<ap_uint<16>> sums("sums");
#pragma HLS STREAM variable = words depth = sum_first_longest
#pragma HLS STREAM variable = sums depth = 4
  add_up(in, words, sums);
  put_in_front(words, sums, out, offset);
}
