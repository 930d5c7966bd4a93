// SPDX-License-Identifier: Apache-2.0
#include "assemble/assemble.h"

#include "common/bytes.h"
#include "sapulse_wire.h"

namespace sapulse {

// Every payload beat is rotated up by size mod 64. Its part below that position belongs to the next frame beat, the
// rest to the current one: `carry` holds the rotated beat until then. A header of more than 64 bytes fills a frame beat
// of its own and is the first carry.
void assemble(hls::stream<header_t>& header, hls::stream<icv_t>& icv, hls::stream<payload_beat>& payload,
              hls::stream<axis_beat>& frame) {
#pragma HLS INTERFACE axis port = header
#pragma HLS INTERFACE axis port = icv
#pragma HLS INTERFACE axis port = payload
#pragma HLS INTERFACE axis port = frame
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1 style = frp

  // Control: what the next iteration reads.
  static ap_uint<1> first = 1;
  static ap_uint<1> flush = 0;  // no payload left to read, one beat to write
  static ap_uint<1> spill = 0;
  static ap_uint<1> icv_now = 0;
  static ap_uint<8> icv_in = 0;  // beats until the ICV is read

  // Of the packet.
  static ap_uint<6> rotation = 0;
  static ap_uint<15> last_byte = 0;  // number of the last byte of the frame, padding not counted
  static ap_uint<8> beats_left = 0;  // after this one
  static ap_uint<128> tag = 0;

  // Data: the previous payload beat, rotated; or the header's bytes from 64 on.
  static ap_uint<512> carry = 0;

  header_t h = {0, 0, 0, 0, 0, 0};
  if (first) {
    h = header.read();
    spill = h.spill;
    icv_now = h.icv_beat == 0;
    icv_in = h.icv_beat;
    rotation = h.size.range(5, 0);
    last_byte = h.size + h.length - 1;
    beats_left = h.last_beat;
  }

  const ap_uint<1> header_only = first && h.size.range(6, 6) != 0;
  payload_beat in = {0, 0};
  if (!header_only && !flush) in = payload.read();
  if (icv_now) {
    const icv_t t = icv.read();
    tag = t.present ? t.icv : ap_uint<128>(0);
  }

  const ap_uint<1> ends = in.last & ~spill;
  const ap_uint<1> last = flush | ends;

  // The ICV at its place in the last beat, wrapped around: bytes that wrapped belong to the beat before.
  const ap_uint<6> tail = last_byte.range(5, 0);  // number of the last byte within its beat
  const ap_uint<512> tag_placed = rotate_up(ap_uint<512>(tag), ap_uint<6>(tail - (wire::icv_bytes - 1)));
  const ap_uint<1> tag_wraps = tail < wire::icv_bytes - 1;
  const ap_uint<512> upper_half = ~ap_uint<512>(0) << 256;
  ap_uint<512> tag_part = 0;
  if (last) tag_part = tag_wraps ? ap_uint<512>(tag_placed & ~upper_half) : tag_placed;
  if (beats_left == 1 && tag_wraps) tag_part = tag_placed & upper_half;

  const ap_uint<512> rotated = rotate_up(in.data, rotation);
  const ap_uint<64> below = bits_below<64>(rotation);
  const ap_uint<512> current = keep_bytes<64>(rotated, ~below);
  axis_beat out = {0, 0, 0, 0};
  if (header_only) {
    out.data = h.bytes.range(511, 0);
  } else {
    const ap_uint<512> before = first ? ap_uint<512>(h.bytes.range(511, 0)) : keep_bytes<64>(carry, below);
    out.data = before | (flush ? ap_uint<512>(0) : current) | tag_part;
  }
  out.last = last;
  out.keep = ~ap_uint<64>(0);
  if (last) {
    // Bytes after a short frame are zero already.
    const ap_uint<7> minimum = first ? wire::frame_min_bytes : 0;
    const ap_uint<7> used = tail + 1;
    out.keep = bits_below<64>(used < minimum ? minimum : used);
  }
  frame.write(out);

  carry = header_only ? ap_uint<512>(h.bytes.range(831, 512)) : rotated;
  icv_now = icv_in == 1;
  icv_in = icv_in - 1;
  beats_left = beats_left - 1;
  flush = in.last & spill;
  first = last;
}

}  // namespace sapulse
