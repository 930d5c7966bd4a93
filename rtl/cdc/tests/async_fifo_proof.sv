// SPDX-License-Identifier: Apache-2.0
// async_fifo loses, doubles and reorders nothing between two clocks that rise and fall in any order: one word, chosen freely among
// all that enter, leaves unchanged after those ahead of it. It never holds more than it has room for: DEPTH words in memory, one at
// the output. For prove.py --clocks.
`default_nettype none

module async_fifo_proof #(
    parameter int unsigned DEPTH = 4
) (
    input wire in_clk,
    input wire out_clk,
    input wire in_release,
    input wire out_release,
    input wire choose,
    input wire in_valid,
    input wire in_data,
    input wire out_ready
);

  // An edge of each clock resets the pointers, two more edges of each carry them across.
  logic in_rst = 1'b1, out_rst = 1'b1;
  logic [1:0] in_edges = '0, out_edges = '0;
  wire pointers = in_edges != '0 && out_edges != '0;
  wire both = &in_edges && &out_edges;
  always_ff @(posedge in_clk) begin
    if (in_edges == '0 || (pointers && !(&in_edges))) in_edges <= in_edges + 1'b1;
    if (both && in_release) in_rst <= 1'b0;
  end
  always_ff @(posedge out_clk) begin
    if (out_edges == '0 || (pointers && !(&out_edges))) out_edges <= out_edges + 1'b1;
    if (both && out_release) out_rst <= 1'b0;
  end

  stream_if #(.T(logic)) in ();
  stream_if #(.T(logic)) out ();
  assign in.data = in_data;
  // Inputs change with the clock to which they belong.
  always_ff @(posedge in_clk) in.valid <= in_valid;
  always_ff @(posedge out_clk) out.ready <= out_ready;

  async_fifo #(.DEPTH(DEPTH)) u_fifo (.in_clk, .in_rst, .in, .out_clk, .out_rst, .out);

  // Words that have entered and left, and the number of the chosen one. Wide enough: at most DEPTH + 1 are inside.
  localparam int unsigned COUNT_W = $clog2(DEPTH) + 2;
  logic [COUNT_W-1:0] entered = '0, left = '0, number;
  logic chosen = 1'b0, data;
  always_ff @(posedge in_clk) begin
    if (in.valid && in.ready) begin
      entered <= entered + 1'b1;
      if (choose && !chosen) begin
        chosen <= 1'b1;
        number <= entered;
        data <= in.data;
      end
    end
  end
  always_ff @(posedge out_clk) if (out.valid && out.ready && !out_rst) left <= left + 1'b1;

  // Until the counters have come round, the chosen word is the one of its number.
  logic gone = 1'b0;
  always_ff @(posedge out_clk) if (chosen && left == number && out.valid && out.ready && !out_rst) gone <= 1'b1;

  always_ff @(posedge out_clk) begin
    if (!out_rst) begin
      assert (32'(COUNT_W'(entered - left)) <= DEPTH + 1);
      assert (!(out.valid && entered == left));
      assert (!(out.valid && chosen && !gone && left == number && out.data != data));
      cover (gone && 32'(COUNT_W'(entered - left)) == DEPTH + 1);
    end
  end

endmodule

`default_nettype wire
