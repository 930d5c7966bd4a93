// SPDX-License-Identifier: Apache-2.0
// Pending interrupts: an event sets its bit, writing one clears it (an event in the same cycle wins).
//
// irq  levels: pending and enabled
`default_nettype none

module interrupts #(
    parameter int unsigned WIDTH = 4
) (
    input  wire              clk,
    input  wire              rst,
    input  wire  [WIDTH-1:0] raise,
    input  wire  [WIDTH-1:0] clear,
    input  wire  [WIDTH-1:0] enable,
    output logic [WIDTH-1:0] pending,
    output logic [WIDTH-1:0] irq
);
  always_ff @(posedge clk) begin
    if (rst) begin
      pending <= '0;
      irq <= '0;
    end else begin
      pending <= (pending & ~clear) | raise;
      irq <= pending & enable;
    end
  end

endmodule

`default_nettype wire
