// SPDX-License-Identifier: Apache-2.0
// Function-level reset of the card's PCIe function. The PCIe block resets nothing behind it by itself: it asks, and holds the
// function back until it is told that all is done.
//
// HOLD     cycles in which everything behind the PCIe block is in reset; again as many later it is said to be done
// request  one cycle: the host wants a reset
// active   everything behind the PCIe block shall be in reset
// done     one cycle, once for each request, but for one that comes while another is under way: that starts anew
`default_nettype none

module function_reset #(
    parameter int unsigned HOLD = 256
) (
    input  wire  clk,
    input  wire  rst,
    input  wire  request,
    output logic active,
    output logic done
);

  localparam int unsigned COUNT_W = $clog2(2 * HOLD);

  logic [COUNT_W-1:0] left;
  logic waiting;

  always_ff @(posedge clk) begin
    done <= 1'b0;
    if (request) begin
      waiting <= 1'b1;
      active <= 1'b1;
      left <= COUNT_W'(2 * HOLD - 1);
    end else if (waiting) begin
      left <= left - 1'b1;
      if (left == COUNT_W'(HOLD)) active <= 1'b0;
      if (left == '0) begin
        waiting <= 1'b0;
        done <= 1'b1;
      end
    end
    if (rst) begin
      waiting <= 1'b0;
      active <= 1'b0;
      done <= 1'b0;
    end
  end

endmodule

`default_nettype wire
