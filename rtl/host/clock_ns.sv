// SPDX-License-Identifier: Apache-2.0
// Clock of the card in nanoseconds.
//
// increment  added every cycle, unsigned fixed point 8.24 ns
// set_valid  the clock shows set_value in the next cycle and counts on from there
// now        64 bits, ns
// uptime     ns since reset, never set: for intervals that must not jump with the clock
`default_nettype none

module clock_ns (
    input  wire         clk,
    input  wire         rst,
    input  wire  [31:0] increment,
    input  wire         set_valid,
    input  wire  [63:0] set_value,
    output logic [63:0] now,
    output logic [63:0] uptime
);
  logic [87:0] now_q, uptime_q;  // 64.24

  always_ff @(posedge clk) begin
    if (rst) begin
      now_q <= 88'h0;
      uptime_q <= 88'h0;
    end else begin
      now_q <= set_valid ? {set_value, 24'h0} : now_q + 88'(increment);
      uptime_q <= uptime_q + 88'(increment);
    end
  end

  assign now = now_q[87:24];
  assign uptime = uptime_q[87:24];

endmodule

`default_nettype wire
