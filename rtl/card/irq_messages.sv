// SPDX-License-Identifier: Apache-2.0
// Interrupt levels as MSI-X messages: one message when a level rises, and another one every 2^RESEND_LOG2 cycles for as long as it
// stays up. The card's level does not fall between two events that the host has not seen apart, so an edge alone could be missed.
//
// WIDTH    interrupts; RESEND_LOG2: cycles between messages of one interrupt, logarithm
// levels   synchronous to clk
// request  until acknowledged, with the number of the interrupt
`default_nettype none

module irq_messages #(
    parameter int unsigned WIDTH = 4,
    parameter int unsigned RESEND_LOG2 = 16
) (
    input  wire              clk,
    input  wire              rst,
    input  wire  [WIDTH-1:0] levels,
    output logic             request,
    output logic [     10:0] number,
    input  wire              acknowledge
);

  logic [WIDTH-1:0] told, untold, chosen;
  logic [RESEND_LOG2-1:0] turn;
  logic resend;

  assign untold = levels & ~told;
  assign chosen = untold & (~untold + 1'b1);
  assign resend = turn == '0;

  always_ff @(posedge clk) begin
    turn <= turn + 1'b1;
    if (!request && untold != '0) begin
      request <= 1'b1;
      for (int i = 0; i < WIDTH; i = i + 1) if (chosen[i]) number <= 11'(i);
    end
    if (acknowledge) request <= 1'b0;
    told <= (resend ? '0 : told & levels) | (request ? '0 : chosen);
    if (rst) begin
      turn <= '0;
      request <= 1'b0;
      told <= '0;
    end
  end

endmodule

`default_nettype wire
