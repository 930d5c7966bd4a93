// SPDX-License-Identifier: Apache-2.0
// The end of a frame, as at least two of the copies that beat_guard has made of `last` have it. Combinational.
//
// T: see beat_guard.
// kept: as it comes from a memory. voted: the same with all copies of `last` alike.
`default_nettype none

module beat_vote #(
    parameter type T = sapulse_pkg::axis_beat,
    localparam int unsigned KEPT_W = $bits(T) + 3
) (
    input  wire  [KEPT_W-1:0] kept,
    output logic [KEPT_W-1:0] voted
);

  /* verilator lint_off UNUSEDSIGNAL */  // but for its end, it does not matter here what a beat is
  sapulse_pkg::axis_beat beat, flipped;
  /* verilator lint_on UNUSEDSIGNAL */
  logic [1:0] copies;
  logic last;

  assign beat = sapulse_pkg::axis_beat'(kept[$bits(T)-1:0]);
  assign copies = kept[$bits(T)+:2];
  assign last = beat.last ? copies != 2'b00 : copies == 2'b11;
  always_comb begin
    flipped = '0;
    flipped.last = beat.last != last;
  end
  assign voted = {kept[KEPT_W-1], {2{last}}, kept[$bits(T)-1:0] ^ $bits(T)'(flipped)};

endmodule

`default_nettype wire
