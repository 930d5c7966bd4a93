// SPDX-License-Identifier: Apache-2.0
#include "request/request.h"

#include "common/bytes.h"
#include "sapulse_wire.h"

namespace sapulse {
namespace {

using namespace wire;

constexpr int body = nested_ciphertext;
constexpr int data = body + echo_bytes;

/// Everything of the first beat but padding and trailer.
ap_uint<512> first_beat(const request_job& j) {
  ap_uint<512> beat = 0;
  if (j.raw) {
    beat.range(511, 8 * body) = j.body;
  } else {
    put_be<1>(beat, body + echo_subtype, ap_uint<8>(subtype_request));
    put_be<2>(beat, body + echo_data_length, ap_uint<16>(j.data_length));
    put_be<4>(beat, body + echo_identifier, j.transaction);  // identifier and sequence
    if (j.data_length >= telemetry_bytes) {
      put_be<2>(beat, data + telemetry_magic, ap_uint<16>(telemetry_magic_value));
      put_be<1>(beat, data + telemetry_version, ap_uint<8>(telemetry_version_value));
      put_be<8>(beat, data + telemetry_origin, j.t_origin);
    }
  }
  put_be<4>(beat, nested_spi, j.spi);
  put_be<4>(beat, nested_sequence, ap_uint<32>(j.n.range(31, 0)));
  put_be<8>(beat, nested_iv, j.n);
  return beat;
}

/// Padding, pad length and next header: the packet's last word of plaintext, and the last byte of the word before it
/// where there are three bytes of padding. The text ends at 2 + data length, modulo 4.
ap_uint<32> last_word(const ap_uint<2>& data_phase) {
  ap_uint<32> word = 0;
  if (data_phase == 0) put_be<4>(word, 0, ap_uint<32>(0x01020200));
  if (data_phase == 1) put_be<4>(word, 0, ap_uint<32>(0x00010100));
  if (data_phase == 3) put_be<4>(word, 0, ap_uint<32>(0x02030300));
  put_be<1>(word, 3, ap_uint<8>(trailer_next_header));
  return word;
}

}  // namespace

void request(hls::stream<request_job>& job, hls::stream<payload_beat>& packet) {
#pragma HLS INTERFACE axis port = job
#pragma HLS INTERFACE axis port = packet
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1 style = frp
  static ap_uint<1> first = 1;
  static ap_uint<8> index = 0;
  static ap_uint<14> length = 0;
  static ap_uint<2> data_phase = 0;
  static ap_uint<1> padded = 0;  // with padding and trailer of its own

  payload_beat beat = {0, 0};
  if (first) {
    const request_job j = job.read();
    beat.data = first_beat(j);
    index = 0;
    length = j.length;
    data_phase = j.data_length.range(1, 0);
    padded = !j.raw;
  }
  const ap_uint<12> trailer = ap_uint<12>(length.range(13, 2)) - (icv_bytes / 4 + 1);  // the last word of plaintext
  for (int w = 0; w < beat_bytes / 4; w++) {
#pragma HLS UNROLL
    const ap_uint<12> word = (index, ap_uint<4>(w));
    if (padded && word == trailer) beat.data.range(32 * w + 31, 32 * w) = last_word(data_phase);
    if (padded && data_phase == 3 && ap_uint<12>(word + 1) == trailer) put_be<1>(beat.data, 4 * w + 3, ap_uint<8>(1));
  }
  const ap_uint<8> last_beat = ap_uint<14>(length - 1).range(13, 6);
  beat.last = index == last_beat;
  packet.write(beat);
  first = beat.last;
  index = index + 1;
}

}  // namespace sapulse
