// SPDX-License-Identifier: Apache-2.0
// counters with plain ports.
`default_nettype none

module counters_bench #(
    parameter int unsigned COUNTERS = 4,
    parameter int unsigned INCREMENT_W = 31
) (
    input  wire                                 clk,
    input  wire                                 rst,
    input  wire  [COUNTERS-1:0][INCREMENT_W-1:0] increment,
    input  wire  [5:0]                          index,
    input  wire                                 high,
    input  wire                                 read,
    output logic [31:0]                         rdata,
    output logic                                busy
);

  counters #(
      .COUNTERS(COUNTERS),
      .INCREMENT_W(INCREMENT_W)
  ) u_counters (
      .clk, .rst,
      .increments(increment),
      .access('{index: index, word: high, read: read}),
      .rdata, .busy
  );

endmodule

`default_nettype wire
