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

  typedef struct packed {
    logic       odd;   // parity of word
    logic [1:0] last;  // two more copies
    T           word;
  } kept_t;

  stream_if #(kept_t) entering (), leaving ();
  /* verilator lint_off UNUSEDSIGNAL */  // but for its end, it does not matter here what a beat is
  sapulse_pkg::axis_beat beat, kept;
  /* verilator lint_on UNUSEDSIGNAL */
  logic odd;

  parity #(.WIDTH($bits(T))) u_parity (.data(in.data), .odd);
  assign beat = sapulse_pkg::axis_beat'(in.data);
  assign entering.valid = in.valid;
  assign entering.data = '{odd: odd, last: {2{beat.last}}, word: in.data};
  assign in.ready = entering.ready;

  sync_fifo #(.DEPTH(DEPTH), .BLOCK_RAM(1'b1)) u_fifo (.clk, .rst, .in(entering), .out(leaving), .fault);

  // What at least two copies say.
  sapulse_pkg::axis_beat flipped;
  assign kept = sapulse_pkg::axis_beat'(leaving.data.word);
  always_comb begin
    flipped = '0;
    flipped.last = kept.last ? leaving.data.last == 2'b00 : leaving.data.last == 2'b11;
  end
  assign out.valid = leaving.valid;
  assign out.data = leaving.data.word ^ $bits(T)'(flipped);
  assign leaving.ready = out.ready;

  localparam int unsigned SUMS = ($bits(kept_t) + 35) / 36;
  logic [SUMS-1:0] of_word;
  word_sums #(.WIDTH($bits(kept_t))) u_sums (.word(leaving.data), .sums(of_word));
  assign sums = datapath_pkg::sums_t'(of_word);

endmodule

`default_nettype wire
