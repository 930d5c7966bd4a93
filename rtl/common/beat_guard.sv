// SPDX-License-Identifier: Apache-2.0
// What a memory keeps of a beat, so that a flipped bit moves no end of a frame (beat_vote) and is told (word_sums, damage_mark).
// Combinational.
//
// T: a word, which ends with an axis_beat.
// kept: parity of the word, two more copies of `last`, the word.
`default_nettype none

module beat_guard #(
    parameter type T = sapulse_pkg::axis_beat,
    localparam int unsigned KEPT_W = $bits(T) + 3
) (
    input  wire  [$bits(T)-1:0] word,
    output logic [  KEPT_W-1:0] kept
);

  /* verilator lint_off UNUSEDSIGNAL */  // but for its end, it does not matter here what a beat is
  sapulse_pkg::axis_beat beat;
  /* verilator lint_on UNUSEDSIGNAL */
  logic odd;

  parity #(.WIDTH($bits(T))) u_parity (.data(word), .odd);
  assign beat = sapulse_pkg::axis_beat'(word);
  assign kept = {odd, {2{beat.last}}, word};

endmodule

`default_nettype wire
