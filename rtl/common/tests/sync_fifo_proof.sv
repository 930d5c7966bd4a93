// SPDX-License-Identifier: Apache-2.0
// sync_fifo holds what it takes, in order: one word, chosen freely among all that enter, leaves after those before it and before
// those after it, unchanged; the FIFO holds neither more nor less than what has entered and not left.
`default_nettype none

module sync_fifo_proof #(
    parameter int unsigned DEPTH = 4,
    parameter bit BLOCK_RAM = 1'b0,
    parameter bit SECRETS = 1'b0
) (
    input wire clk,
    input wire restart,
    input wire choose,
    input wire in_valid,
    input wire in_data,
    input wire out_ready
);

  logic started = 1'b0;
  logic rst;
  always_ff @(posedge clk) started <= 1'b1;
  assign rst = !started || restart;

  stream_if #(.T(logic)) in ();
  stream_if #(.T(logic)) out ();
  assign in.valid = in_valid, in.data = in_data, out.ready = out_ready;

  sync_fifo #(
      .DEPTH(DEPTH),
      .BLOCK_RAM(BLOCK_RAM),
      .SECRETS(SECRETS)
  ) u_fifo (
      .clk, .rst, .in, .out
  );

  localparam int unsigned COUNT_W = $clog2(DEPTH) + 2;
  logic push, pop, chosen, data;
  logic [COUNT_W-1:0] held, ahead;  // words in the FIFO; of them, those ahead of the chosen one
  assign push = in.valid && in.ready;
  assign pop = out.valid && out.ready;

  always_ff @(posedge clk) begin
    held <= held + COUNT_W'(push) - COUNT_W'(pop);
    if (push && choose && !chosen) begin
      chosen <= 1'b1;
      data <= in.data;
      ahead <= held - COUNT_W'(pop);
    end else if (chosen && pop) begin
      ahead <= ahead - 1'b1;
      if (ahead == '0) chosen <= 1'b0;
    end
    if (rst) begin
      held <= '0;
      chosen <= 1'b0;
    end
  end

  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (32'(held) <= DEPTH);
      assert (in.ready == (32'(held) < DEPTH));
      assert (!(out.valid && held == '0));
      assert (!(out.valid && chosen && ahead == '0 && out.data != data));
      cover (chosen && ahead == '0 && out.valid && 32'(held) == DEPTH);
      if (!BLOCK_RAM) assert (out.valid == (held != '0));
    end
  end

endmodule

`default_nettype wire
