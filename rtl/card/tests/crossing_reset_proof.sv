// SPDX-License-Identifier: Apache-2.0
// crossing_reset does what async_fifo asks for, whenever the sides ask and however often: both are in reset as soon as one asks,
// and neither is released before an edge of each clock and then two more of each have come; side b goes first. Clock a is no slower
// than a quarter of clock b; else edges come in any order. For prove.py --clocks.
`default_nettype none

module crossing_reset_proof (
    input wire a_clk,
    input wire b_clk,
    input wire a_asks,
    input wire b_asks
);

  logic a_request = 1'b1, b_request = 1'b1, a_rst, b_rst;
  always_ff @(posedge a_clk) a_request <= a_asks;
  always_ff @(posedge b_clk) b_request <= b_asks;
  crossing_reset u_dut (.a_clk, .a_request, .a_rst, .b_clk, .b_request, .b_rst);
  wire request = a_request || b_request;

  // At most four edges of clock b between two of clock a.
  logic [2:0] b_count = '0, b_before = '0;
  always_ff @(posedge b_clk) b_count <= b_count + 1'b1;
  always_ff @(posedge a_clk) b_before <= b_count;
  wire [2:0] b_since = b_count - b_before;
  always_comb begin
    assume (b_since <= 3'd4);
  end

  // Edges since nobody asks any more.
  logic [1:0] a_edges, b_edges;
  wire both_once = a_edges != '0 && b_edges != '0;
  always_ff @(posedge a_clk or posedge request) begin
    if (request) a_edges <= '0;
    else if (a_edges == '0 || (both_once && !(&a_edges))) a_edges <= a_edges + 1'b1;
  end
  always_ff @(posedge b_clk or posedge request) begin
    if (request) b_edges <= '0;
    else if (b_edges == '0 || (both_once && !(&b_edges))) b_edges <= b_edges + 1'b1;
  end

  always_comb begin
    assert (!request || (a_rst && b_rst));
    assert ((a_rst && b_rst) || (&a_edges && &b_edges));
    assert (!b_rst || a_rst);
    cover (!a_rst);
  end

endmodule

`default_nettype wire
