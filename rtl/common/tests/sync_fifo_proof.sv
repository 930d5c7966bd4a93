// SPDX-License-Identifier: Apache-2.0
// sync_fifo, or bypass_fifo, holds what it takes, in order: one word, chosen freely among all that enter, leaves after those before
// it and before those after it, unchanged; the FIFO holds neither more nor less than what has entered and not left. What passes
// through bypass_fifo is what comes.
`default_nettype none

module sync_fifo_proof #(
    parameter int unsigned DEPTH = 4,
    parameter bit BLOCK_RAM = 1'b0,
    parameter bit SECRETS = 1'b0,
    parameter bit BYPASS = 1'b0
) (
    input wire clk,
    input wire restart,
    input wire choose,
    input wire in_valid,
    input wire in_data,
    input wire out_ready
);

  logic rst;
  proof_reset u_reset (.clk, .restart, .rst, .first());

  stream_if #(.T(logic)) in ();
  stream_if #(.T(logic)) out ();
  assign in.valid = in_valid, in.data = in_data, out.ready = out_ready;

  if (BYPASS) begin : g_bypass
    bypass_fifo #(.DEPTH(DEPTH), .SECRETS(SECRETS)) u_fifo (.clk, .rst, .in, .out, .fault());
  end else begin : g_plain
    sync_fifo #(.DEPTH(DEPTH), .BLOCK_RAM(BLOCK_RAM), .SECRETS(SECRETS)) u_fifo (.clk, .rst, .in, .out, .fault());
  end

  localparam int unsigned COUNT_W = $clog2(DEPTH) + 2;
  logic push, pop, passes, chosen, data;
  logic [COUNT_W-1:0] held, ahead;  // words in the FIFO; of them, those ahead of the chosen one
  assign push = in.valid && in.ready;
  assign pop = out.valid && out.ready;
  assign passes = pop && held == '0;

  proof_word #(
      .COUNT_W(COUNT_W)
  ) u_word (
      .clk, .rst, .push, .push_data(in.data), .pop, .choose(choose && !passes), .chosen, .data, .held, .ahead
  );

  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (32'(held) <= DEPTH);
      assert (in.ready == (32'(held) < DEPTH));
      assert (!(out.valid && held == '0) || (BYPASS && push && out.data == in.data));
      assert (!(out.valid && chosen && ahead == '0 && out.data != data));
      cover (chosen && ahead == '0 && out.valid && 32'(held) == DEPTH);
      if (!BLOCK_RAM) assert (out.valid == (held != '0 || (BYPASS && push)));
    end
  end

endmodule

`default_nettype wire
