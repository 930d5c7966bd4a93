// SPDX-License-Identifier: Apache-2.0
// Clock of the card in nanoseconds.
//
// increment  added every cycle, unsigned fixed point 16.32 ns
// set_valid  the clock shows set_value in the next cycle and counts on from there
// now        64 bits, ns
// uptime     ns since reset, never set: for intervals that must not jump with the clock
`default_nettype none

module clock_ns (
    input  wire         clk,
    input  wire         rst,
    input  wire  [47:0] increment,
    input  wire         set_valid,
    input  wire  [63:0] set_value,
    output logic [63:0] now,
    output logic [63:0] uptime
);
  logic [95:0] now_q, uptime_q;  // 64.32

  always_ff @(posedge clk) begin
    if (rst) begin
      now_q <= 96'h0;
      uptime_q <= 96'h0;
    end else begin
      now_q <= set_valid ? {set_value, 32'h0} : now_q + 96'(increment);
      uptime_q <= uptime_q + 96'(increment);
    end
  end

  assign now = now_q[95:32];
  assign uptime = uptime_q[95:32];

endmodule

`default_nettype wire
