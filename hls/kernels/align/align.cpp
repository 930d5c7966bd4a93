// SPDX-License-Identifier: Apache-2.0
#include "align/align.h"

#include "common/bytes.h"

namespace sapulse {

// An output beat is made of two neighbouring frame beats, `shift` bytes of the second one at its end (1..64). Byte
// offset - 1 of the frame lies in beat `before`: the beat after which output can begin. With offset 0 that is the beat
// before the frame.
void align(hls::stream<align_job>& job, hls::stream<axis_beat>& frame, hls::stream<payload_beat>& payload) {
#pragma HLS INTERFACE axis port = job
#pragma HLS INTERFACE axis port = frame
#pragma HLS INTERFACE axis port = payload
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1 style = frp

  // Control: what the next iteration reads.
  static ap_uint<1> first = 1;     // it begins a frame
  static ap_uint<1> flush = 0;     // it reads nothing and writes what is left of the cut
  static ap_uint<1> resume = 0;    // with flush: the frame goes on afterwards
  static ap_uint<1> done = 0;      // the cut is complete, the rest of the frame is thrown away
  static ap_uint<1> running = 0;   // earlier beats of this frame have reached the cut
  static ap_uint<8> beat = 0;      // number of the frame beat
  static ap_uint<2> before = 0;    // see above
  static ap_uint<8> end_beat = 0;  // with the last byte of the cut
  static ap_uint<1> spill = 0;     // that byte needs a beat of its own
  static ap_uint<6> rotation = 0;
  static ap_uint<14> length = 1;

  // Data: the previous frame beat, rotated.
  static ap_uint<512> carry = 0;

  const ap_uint<1> flushing = flush;
  axis_beat in = {0, 0, 0, 0};
  if (!flushing) in = frame.read();

  const ap_uint<1> starting = first & ~flushing;
  ap_uint<1> entered = running;  // the cut began in an earlier beat (or in none: offset 0)
  ap_uint<1> ends_here = 0;      // this beat has the last byte of the cut
  ap_uint<1> single = 0;         // the whole cut lies in the beat after whose first byte output can begin
  ap_uint<1> reached = 0;        // this beat has byte offset - 1
  if (starting) {
    align_job j = job.read();
    const ap_uint<8> byte_before = j.offset - 1;
    const ap_uint<14> end = j.offset + j.length - 1;
    length = j.length;
    rotation = j.offset.range(5, 0);
    before = byte_before.range(7, 6);
    end_beat = end.range(13, 6);
    // The last byte sits behind the `shift` bytes that complete an output beat.
    spill = j.offset.range(5, 0) != 0 && end.range(5, 0) >= j.offset.range(5, 0);
    entered = j.offset == 0;
    reached = j.offset != 0 && byte_before.range(7, 6) == 0;
    ends_here = end.range(13, 6) == 0;
  } else if (!flushing) {
    reached = !running && beat == before;
    ends_here = beat == end_beat;
  }
  single = reached & ends_here;

  const ap_uint<1> active = !flushing && (starting || !done);
  const ap_uint<1> cut_short = in.last & ~ends_here;
  const ap_uint<1> spills = active && entered && ends_here && spill;
  const ap_uint<1> completes = active && !spills && (ends_here || cut_short);
  const ap_uint<1> write = flushing | (active & (entered | single | cut_short));
  const ap_uint<1> final_beat = flushing | completes;

  const ap_uint<512> rotated = rotate_down(in.data, rotation);
  // Bytes from the current beat: the last `shift` ones; all of them when the cut is aligned; none in a flush.
  const ap_uint<64> old_bytes = rotation == 0 ? ap_uint<64>(0) : bits_below<64>(ap_uint<7>(64 - rotation));
  ap_uint<512> data = keep_bytes<64>(carry, old_bytes) | keep_bytes<64>(rotated, ~old_bytes);
  if (flushing) data = carry;
  if (single) data = rotated;
  const ap_uint<6> tail = length.range(5, 0);
  ap_uint<64> kept = bits_below<64>(tail);
  if (!final_beat || tail == 0) kept = ~ap_uint<64>(0);

  if (write) {
    payload_beat out = {keep_bytes<64>(data, kept), final_beat};
    payload.write(out);
  }

  carry = rotated;
  running = !flushing && (entered || reached);
  done = flushing || (done && !starting) || completes;
  beat = flushing ? beat : starting ? ap_uint<8>(1) : ap_uint<8>(beat + 1);
  first = flushing ? ap_uint<1>(~resume) : ap_uint<1>(in.last & ~spills);
  resume = ~in.last;
  flush = spills;
}

}  // namespace sapulse
