// SPDX-License-Identifier: Apache-2.0
// Where frames leave the memories of a MAC's way: a frame in which a bit has flipped ends marked bad.
//
// in: beats as beat_guard has them; its ready depends on that of out. out: axis_beat, from a register.
`default_nettype none

module frame_check (
    input wire clk,
    input wire rst,

    stream_if.sink   in,
    stream_if.source out
);

  localparam int unsigned BEAT_W = $bits(sapulse_pkg::axis_beat);
  localparam int unsigned SUMS = (in.WIDTH + 35) / 36;

  /* verilator lint_off UNUSEDSIGNAL */  // the beat alone goes on
  logic [in.WIDTH-1:0] voted;
  /* verilator lint_on UNUSEDSIGNAL */
  wire [SUMS-1:0] sums;
  logic damaged, out_free;
  sapulse_pkg::axis_beat beat, marked;

  beat_vote u_vote (.kept(in.data), .voted);
  word_sums #(.WIDTH(in.WIDTH)) u_sums (.word(in.data), .sums);
  damage_mark #(
      .SUMS(SUMS)
  ) u_mark (
      .clk, .rst,
      .taken(in.valid && in.ready),
      .last(beat.last),
      .sums,
      .damaged
  );

  assign beat = sapulse_pkg::axis_beat'(voted[BEAT_W-1:0]);
  always_comb begin
    marked = beat;
    marked.user = beat.last && (beat.user || damaged);  // means something with the last beat alone
  end

  assign out_free = !out.valid || out.ready;
  assign in.ready = out_free && !rst;

  always_ff @(posedge clk) begin
    if (out_free) out.data <= marked;
    if (out_free) out.valid <= in.valid;
    if (rst) out.valid <= 1'b0;
  end

endmodule

`default_nettype wire
