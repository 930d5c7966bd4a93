// SPDX-License-Identifier: Apache-2.0
#include "respond/respond.h"

#include "common/bytes.h"
#include "sapulse_wire.h"

namespace sapulse {
namespace {

using namespace wire;

constexpr int body = nested_ciphertext;
constexpr int data = body + echo_bytes;
constexpr int token = data + telemetry_token;
constexpr int token_bytes_first = beat_bytes - token;  ///< of token and token nonce in the first beat
constexpr int token_bytes_second = token_bytes + token_nonce_bytes - token_bytes_first;
static_assert(telemetry_token_nonce == telemetry_token + token_bytes, "token and token nonce are written as one");

ap_uint<8> telemetry_flags_of(const respond_job& j) {
  ap_uint<8> flags = telemetry_times_valid;
  if (j.data_sequence_valid) flags |= telemetry_data_sequence_valid;
  if (j.token_valid) flags |= telemetry_token_valid;
  return flags;
}

void fill_telemetry(ap_uint<512>& beat, const respond_job& j) {
  put_be<1>(beat, data + telemetry_flags, telemetry_flags_of(j));
  put_be<8>(beat, data + telemetry_receive, j.t_receive);
  put_be<8>(beat, data + telemetry_transmit, j.t_transmit);
  put_be<4>(beat, data + telemetry_data_sequence, j.data_sequence);
  beat.range(511, 8 * token) = j.token.range(8 * token_bytes_first - 1, 0);
}

}  // namespace

void respond(hls::stream<respond_job>& job, hls::stream<payload_beat>& plain, hls::stream<payload_beat>& reply) {
#pragma HLS INTERFACE axis port = job
#pragma HLS INTERFACE axis port = plain
#pragma HLS INTERFACE axis port = reply
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1 style = frp
  static ap_uint<1> first = 1;
  static ap_uint<1> rest_of_token = 0;  // the beat begins with the second part of token and token nonce
  static ap_uint<8 * token_bytes_second> token_rest = 0;

  payload_beat beat = plain.read();
  if (first) {
    const respond_job j = job.read();
    put_be<4>(beat.data, nested_spi, j.spi);
    put_be<4>(beat.data, nested_sequence, ap_uint<32>(j.n.range(31, 0)));
    put_be<8>(beat.data, nested_iv, j.n);
    put_be<1>(beat.data, body + echo_subtype, ap_uint<8>(subtype_reply));
    put_be<1>(beat.data, body + echo_flags, ap_uint<8>(0));
    const ap_uint<1> telemetry = get_be<2>(beat.data, body + echo_data_length) >= telemetry_bytes &&
                                 get_be<2>(beat.data, data + telemetry_magic) == telemetry_magic_value;
    if (telemetry) fill_telemetry(beat.data, j);
    rest_of_token = telemetry;
    token_rest =
        (j.token_nonce, ap_uint<8 * (token_bytes - token_bytes_first)>(j.token.range(127, 8 * token_bytes_first)));
  } else {
    if (rest_of_token) beat.data.range(8 * token_bytes_second - 1, 0) = token_rest;
    rest_of_token = 0;
  }
  reply.write(beat);
  first = beat.last;
}

}  // namespace sapulse
