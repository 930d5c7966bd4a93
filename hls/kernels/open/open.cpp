// SPDX-License-Identifier: Apache-2.0
#include "open/open.h"

#include "gcm/gcm.h"
#include "open/body_check.h"

namespace sapulse {
namespace {

/// The ICV that came with the packet: four words from word `end` of the text on, which may begin in the previous beat.
/// @param earlier those of its words that the previous beat would hold
ap_uint<128> received_icv(const gcm_beat& b, const ap_uint<512>& data, ap_uint<128>& earlier) {
  const ap_uint<4> start = gcm_words(b.length).range(3, 0);
  const ap_uint<512> turned = rotate_down(data, ap_uint<6>((start, ap_uint<2>(0))));
  const ap_uint<128> here = turned.range(127, 0);
  ap_uint<128> icv = here;
  for (int w = 0; w < 4; w++) {
#pragma HLS UNROLL
    const ap_uint<1> before = start > 12 && start + w < 16;
    if (before) icv.range(32 * w + 31, 32 * w) = earlier.range(32 * w + 31, 32 * w);
  }
  earlier = here;
  return icv;
}

ap_uint<1> legal_length(const ap_uint<14>& length) {
  return length >= wire::nested_min_bytes && length <= wire::frame_max_bytes && length.range(1, 0) == 0;
}

}  // namespace

void open(hls::stream<open_job>& job, hls::stream<payload_beat>& cipher, hls::stream<payload_beat>& plain,
          hls::stream<open_verdict>& verdict) {
#pragma HLS INTERFACE axis port = job
#pragma HLS INTERFACE axis port = cipher
#pragma HLS INTERFACE axis port = plain
#pragma HLS INTERFACE axis port = verdict
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1 style = frp
  static open_job current = {{0, 0, 0, 0, 0, 0, 0}, 0};
  static gcm_state state = {1, 0, 0, 0, 0};
  static ap_uint<128> icv_words = 0;
  static body_state body = {0, 0, 0, 0, 0, 0, 0, 0};

  const payload_beat in = cipher.read();
  if (state.first) current = job.read();
  const gcm_beat beat = gcm_next(state, current.sa, current.length, in);

  const ap_uint<16> text_words = gcm_text_words(beat);
  const ap_uint<512> ciphertext = gcm_keep_words(in.data, text_words);
  const ap_uint<512> keystream = gcm_keystream(state, beat);
  const ap_uint<512> text = gcm_keep_words(in.data ^ gcm_text_keystream(beat, keystream), text_words);
  payload_beat out = {text, in.last};
  plain.write(out);

  const ap_uint<128> received = received_icv(beat, in.data, icv_words);
  const ap_uint<128> computed = gcm_icv(state, beat, gcm_hash(state, beat, ciphertext), keystream);
  check_body(body, beat, text);

  if (beat.last) {
    current = {{0, 0, 0, 0, 0, 0, 0}, 0};  // the key does not stay behind its last packet
    open_verdict v = {OPEN_OK, body.subtype};
    if (!legal_length(beat.length)) {
      v.status = OPEN_MALFORMED;
    } else if (computed != received) {
      v.status = OPEN_ICV;
    } else {
      v.status = body_status(body, beat.length);
    }
    verdict.write(v);
  }
}

}  // namespace sapulse
