// SPDX-License-Identifier: Apache-2.0
// Register slice of a valid/ready stream: all outputs come from registers, ready included; one word a cycle.
//
// WIDTH: bits of a word, all payload signals together.
`default_nettype none

module axis_register #(
    parameter int unsigned WIDTH = 577
) (
    input wire clk,
    input wire rst,

    input  wire              in_valid,
    output logic             in_ready,
    input  wire  [WIDTH-1:0] in_data,

    output logic             out_valid,
    input  wire              out_ready,
    output logic [WIDTH-1:0] out_data
);

  // A word that arrives while the output waits is parked; in_ready is low as long as one is, and in reset.
  logic parked_valid;
  logic [WIDTH-1:0] parked;
  logic out_free;

  assign out_free = !out_valid || out_ready;

  always_ff @(posedge clk) begin
    if (in_ready) parked <= in_data;
    if (out_free) out_data <= parked_valid ? parked : in_data;
  end

  always_ff @(posedge clk) begin
    if (out_free) begin
      out_valid <= parked_valid || (in_valid && in_ready);
      parked_valid <= 1'b0;
      in_ready <= 1'b1;
    end else if (in_valid && in_ready) begin
      parked_valid <= 1'b1;
      in_ready <= 1'b0;
    end
    if (rst) begin
      out_valid <= 1'b0;
      parked_valid <= 1'b0;
      in_ready <= 1'b0;
    end
  end

endmodule

`default_nettype wire
