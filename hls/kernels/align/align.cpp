// SPDX-License-Identifier: Apache-2.0
#include "align/align.h"

#include "common/bytes.h"

namespace sapulse {
namespace {

/// Where a cut lies among the beats of its frame. An output beat is made of two neighbouring frame beats, with `shift`
/// bytes (1..64) of the second one at its end. Output can begin after the beat that holds byte offset - 1.
struct cut_t {
  ap_uint<1> entered;  ///< that byte is before the frame: offset 0
  ap_uint<2> skip;     ///< frame beats before the one with that byte
  ap_uint<1> ends;     ///< the first frame beat holds the last byte of the cut
  ap_uint<1>
      spill;  ///< the last byte lies behind the `shift` bytes of its frame beat, and needs an output beat of its own
  ap_uint<9> end;     ///< value of the beat counter in the beat with the last byte
  ap_uint<2> origin;  ///< value of the beat counter in the second beat
};

cut_t locate(const align_job& j) {
  const ap_uint<6> shift = j.offset.range(5, 0), tail = j.length.range(5, 0);
  const ap_uint<2> offset_beats = j.offset.range(7, 6);
  const ap_uint<8> length_beats = j.length.range(13, 6);
  const ap_uint<1> aligned = shift == 0, whole = tail == 0;
  // (offset + length) mod 64 does not carry: shift + tail <= 64, without the sum.
  const ap_uint<1> fits = shift <= ap_uint<6>(-tail);
  cut_t c = {};
  c.entered = j.offset == 0;
  c.skip = offset_beats - aligned;
  c.ends = offset_beats == 0 && fits && (length_beats == 0 || (length_beats == 1 && whole));
  c.spill = !aligned && fits;
  // Number of the beat with the last byte: offset / 64 + length / 64 + 1 (carry) - 1 (length is a multiple of 64).
  c.end = offset_beats + length_beats;
  c.origin = fits ? (whole ? 2 : 1) : (whole ? 1 : 0);
  return c;
}

}  // namespace

void align(hls::stream<align_job>& job, hls::stream<axis_beat>& frame, hls::stream<payload_beat>& payload) {
#pragma HLS INTERFACE axis port = job
#pragma HLS INTERFACE axis port = frame
#pragma HLS INTERFACE axis port = payload
#pragma HLS INTERFACE ap_ctrl_none port = return
#pragma HLS PIPELINE II = 1 style = frp

  // Control: what the next iteration reads. At most one of `first` and `flush` is set.
  static ap_uint<1> first = 1;    // it begins a frame
  static ap_uint<1> flush = 0;    // it reads nothing and writes what is left of the cut
  static ap_uint<1> resume = 0;   // with flush: the frame goes on afterwards
  static ap_uint<1> done = 0;     // the cut is complete, the rest of the frame is thrown away
  static ap_uint<1> running = 0;  // earlier beats of this frame have reached the cut
  static ap_uint<2> skip = 0;
  static ap_uint<9> beat = 0;
  static ap_uint<9> end_beat = 0;
  static ap_uint<1> spill = 0;
  static ap_uint<6> rotation = 0;
  static ap_uint<6> tail = 0;     // length mod 64
  static ap_uint<512> carry = 0;  // the previous frame beat, rotated

  axis_beat in = {0, 0, 0, 0};
  if (!flush) in = frame.read();

  ap_uint<9> next_beat = beat + 1;
  ap_uint<1> entered = running, ends = beat == end_beat, finished = done;
  // A cut cannot spill in the first beat of a frame: it ends there, or output begins only then.
  const ap_uint<1> spills = !first && !flush && !done && running && ends && spill;
  if (first) {
    const align_job j = job.read();
    const cut_t cut = locate(j);
    rotation = j.offset.range(5, 0);
    tail = j.length.range(5, 0);
    entered = cut.entered;
    skip = cut.skip;
    ends = cut.ends;
    spill = cut.spill;
    next_beat = cut.origin;
    end_beat = cut.end;
    finished = 0;
  }
  const ap_uint<1> active = !flush && !finished;
  const ap_uint<1> reached = !entered && skip == 0;  // this beat has byte offset - 1
  const ap_uint<1> single = reached & ends;          // and the whole cut
  const ap_uint<1> cut_short = in.last & ~ends;      // the frame is too short
  const ap_uint<1> completes = active && !spills && (ends || cut_short);
  const ap_uint<1> final_beat = flush | completes;

  if (flush || (active && (entered || single || cut_short))) {
    const ap_uint<512> rotated = rotate_down(in.data, rotation);
    ap_uint<64> old_bytes = bits_below<64>(ap_uint<7>(64 - rotation));
    if (single || rotation == 0) old_bytes = 0;
    ap_uint<64> kept = bits_below<64>(tail);
    if (!final_beat || tail == 0) kept = ~ap_uint<64>(0);
    const ap_uint<512> data = keep_bytes<64>(carry, old_bytes & kept) | keep_bytes<64>(rotated, ~old_bytes & kept);
    payload_beat out = {data, final_beat};
    payload.write(out);
  }

  carry = rotate_down(in.data, rotation);
  running = !flush && (entered || reached);
  done = flush | finished | ends;
  skip = skip - 1;
  beat = next_beat;
  first = flush ? ap_uint<1>(~resume) : ap_uint<1>(in.last & ~spills);
  resume = ~in.last;
  flush = spills;
}

}  // namespace sapulse
