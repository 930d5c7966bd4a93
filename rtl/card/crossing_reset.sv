// SPDX-License-Identifier: Apache-2.0
// Resets for the two sides of an async_fifo: when either side asks, both are in reset together; side b is released first, then a.
//
// a_request, b_request  levels, each from a register of its side; clock a runs always, and no slower than a quarter of clock b
// a_rst, b_rst          synchronous to their clocks when they fall
`default_nettype none

module crossing_reset (
    input  wire  a_clk,
    input  wire  a_request,
    output logic a_rst,
    input  wire  b_clk,
    input  wire  b_request,
    output logic b_rst
);

  // Long enough for side a to be reset and side b to see that.
  reset_synchronizer #(
      .STAGES(16)
  ) u_b (
      .clk(b_clk),
      .async_rst(a_request || b_request),
      .rst(b_rst)
  );
  reset_synchronizer u_a (
      .clk(a_clk),
      .async_rst(a_request || b_request || b_rst),
      .rst(a_rst)
  );

endmodule

`default_nettype wire
