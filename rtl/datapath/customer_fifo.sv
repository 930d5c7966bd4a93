// SPDX-License-Identifier: Apache-2.0
// FIFO of customers' beats in block RAM, in which a flipped bit moves no end of a frame: of `last` it keeps three copies. What has
// flipped besides is told with the beat, so that its frame can be marked bad (damage_mark).
//
// T: a word, which ends with an axis_beat. DEPTH: words, a power of two.
// sums: of the beat in out, as word_sums has them: an odd number of them is set if it is not as it came, or a copy of its `last` is
// not. fault: see sync_fifo.
`default_nettype none

module customer_fifo #(
    parameter type T = sapulse_pkg::axis_beat,
    parameter int unsigned DEPTH = 64
) (
    input wire clk,
    input wire rst,

    stream_if.sink   in,   // T, as the next
    stream_if.source out,

    output datapath_pkg::sums_t sums,
    output logic                fault
);

  localparam int unsigned KEPT_W = $bits(T) + 3;
  localparam int unsigned SUMS = (KEPT_W + 35) / 36;

  stream_if #(logic [KEPT_W-1:0]) entering (), leaving ();
  /* verilator lint_off UNUSEDSIGNAL */  // the word alone goes on
  logic [KEPT_W-1:0] voted;
  /* verilator lint_on UNUSEDSIGNAL */
  wire [SUMS-1:0] of_word;

  beat_guard #(.T(T)) u_guard (.word(in.data), .kept(entering.data));
  assign entering.valid = in.valid;
  assign in.ready = entering.ready;

  sync_fifo #(.DEPTH(DEPTH), .BLOCK_RAM(1'b1)) u_fifo (.clk, .rst, .in(entering), .out(leaving), .fault);

  beat_vote #(.T(T)) u_vote (.kept(leaving.data), .voted);
  assign out.valid = leaving.valid;
  assign out.data = voted[$bits(T)-1:0];
  assign leaving.ready = out.ready;

  word_sums #(.WIDTH(KEPT_W)) u_sums (.word(leaving.data), .sums(of_word));
  assign sums = datapath_pkg::sums_t'(of_word);

endmodule

`default_nettype wire
