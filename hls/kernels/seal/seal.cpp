// SPDX-License-Identifier: Apache-2.0
#include "seal/seal.h"

#include "gcm/gcm.h"

namespace sapulse {

void seal(hls::stream<seal_job>& job, hls::stream<payload_beat>& reply, hls::stream<payload_beat>& sealed,
          hls::stream<icv_t>& icv) {
#pragma HLS INTERFACE axis port = job
#pragma HLS INTERFACE axis port = reply
#pragma HLS INTERFACE axis port = sealed
#pragma HLS INTERFACE axis port = icv
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1 style = frp
  static seal_job current = {{0, 0, 0, 0, 0, 0, 0}, 0};
  static gcm_state state = {1, 0, 0, 0, 0};

  const payload_beat in = reply.read();
  if (state.first) current = job.read();
  const gcm_beat beat = gcm_next(state, current.sa, current.length, in);

  const ap_uint<512> keystream = gcm_keystream(state, beat);
  const ap_uint<512> text = gcm_keep_words(in.data ^ gcm_text_keystream(beat, keystream), gcm_text_words(beat));
  payload_beat out = {text, in.last};
  sealed.write(out);

  const ap_uint<128> tag = gcm_icv(state, beat, gcm_hash(state, beat, text), keystream);
  if (beat.last) {
    current = {{0, 0, 0, 0, 0, 0, 0}, 0};  // the key does not stay behind its last packet
    icv_t t = {tag, 1};
    icv.write(t);
  }
}

}  // namespace sapulse
