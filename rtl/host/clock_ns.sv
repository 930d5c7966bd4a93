// SPDX-License-Identifier: Apache-2.0
// Clock of the card in nanoseconds.
//
// now     64 bits, ns
// uptime  ns since reset, never set: for intervals that must not jump with the clock
`default_nettype none

module clock_ns (
    input  wire                      clk,
    input  wire                      rst,
    input  host_pkg::clock_setting_t setting,
    output logic [63:0]              now,
    output logic [63:0]              uptime
);
  logic [95:0] now_q, uptime_q;  // 64.32

  always_ff @(posedge clk) begin
    if (rst) begin
      now_q <= 96'h0;
      uptime_q <= 96'h0;
    end else begin
      now_q <= setting.load ? {setting.value, 32'h0} : now_q + 96'(setting.increment);
      uptime_q <= uptime_q + 96'(setting.increment);
    end
  end

  assign now = now_q[95:32];
  assign uptime = uptime_q[95:32];

endmodule

`default_nettype wire
