// SPDX-License-Identifier: Apache-2.0
// In the place of source_hash in proofs: any hash, which the low end of the address says.
`default_nettype none
/* verilator lint_off UNUSEDSIGNAL */

module source_hash #(
    parameter int unsigned WIDTH = 10,
    parameter int unsigned LATENCY = 3
) (
    input wire clk,

    input  wire  [63:0]      key,
    input  wire  [127:0]     address,
    output logic [WIDTH-1:0] hash
);

  logic [LATENCY-1:0][WIDTH-1:0] held;
  always_ff @(posedge clk) held <= {held[LATENCY-2:0], address[WIDTH-1:0]};
  assign hash = held[LATENCY-1];

endmodule

/* verilator lint_on UNUSEDSIGNAL */
`default_nettype wire
