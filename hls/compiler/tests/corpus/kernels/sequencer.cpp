// SPDX-License-Identifier: Apache-2.0
#include "kernels.h"

namespace {

/// A window of the last words; without a constexpr constructor, as most classes of kernels.
class window {
 public:
  window() : filled_(0), sequence_(0x1234) {
    for (auto& w : words_) w = 0xff;
  }
  void add(ap_uint<8> x) {
    for (int i = 2; i > 0; i--) words_[i] = words_[i - 1];
    words_[0] = x;
    if (filled_ < 3) filled_++;
    sequence_++;
  }
  ap_uint<32> value() const { return (sequence_, ap_uint<8>(words_[0] ^ words_[1]), ap_uint<8>(words_[2] + filled_)); }

 private:
  ap_uint<2> filled_;
  ap_uint<16> sequence_;
  ap_uint<8> words_[3];
};

}  // namespace

/// Tells its window after each word, and the word it began with.
void sequencer(hls::stream<ap_uint<8>>& in, hls::stream<sequenced>& out) {
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1
  static window last;
  const ap_uint<8> x = in.read();
  static ap_uint<8> first = x + 1;
  last.add(x);
  out.write({last.value(), first});
}
