// SPDX-License-Identifier: Apache-2.0
// Shift register without reset: out is in of CYCLES cycles before.
//
// WIDTH: bits; CYCLES: at least 1.
`default_nettype none

module delay_line #(
    parameter int unsigned WIDTH = 1,
    parameter int unsigned CYCLES = 1
) (
    input  wire              clk,
    input  wire  [WIDTH-1:0] in,
    output logic [WIDTH-1:0] out
);

  if (CYCLES < 1) begin : g_cycles
    $error("delay_line: CYCLES must be at least 1");
  end

  logic [WIDTH-1:0] stage[0:CYCLES-1];

  always_ff @(posedge clk) begin
    stage[0] <= in;
    for (int i = 1; i < CYCLES; i++) stage[i] <= stage[i-1];
  end

  assign out = stage[CYCLES-1];

endmodule

`default_nettype wire
