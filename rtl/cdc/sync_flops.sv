// SPDX-License-Identifier: Apache-2.0
// Two flip-flops in a row for bits of another clock; the part that the synchronisers of this folder share. It carries no timing
// exception of its own: the module around it knows where its input comes from.
//
// WIDTH: bits. Each bit may arrive one cycle later than its neighbour.
// earlier: what `in` was before its last change; for simulation, where a change since the last edge is taken at this edge or at the
// next one, at random, bit by bit: what relies on bits arriving together fails there.
`default_nettype none

module sync_flops #(
    parameter int unsigned WIDTH = 1
) (
    input  wire              clk,
    input  wire  [WIDTH-1:0] in,
    input  wire  [WIDTH-1:0] earlier,
    output logic [WIDTH-1:0] out
);

  (* ASYNC_REG = "TRUE" *)
  logic [WIDTH-1:0] meta;
  (* ASYNC_REG = "TRUE" *)
  logic [WIDTH-1:0] stable;

`ifdef SYNTHESIS
  always_ff @(posedge clk) meta <= in;
`else
  logic [WIDTH-1:0] sampled;
  always_ff @(posedge clk) begin
    sampled <= in;
    for (int i = 0; i < WIDTH; i = i + 1) meta[i] <= in != sampled && $urandom_range(1, 0) == 0 ? earlier[i] : in[i];
  end
`endif

  always_ff @(posedge clk) stable <= meta;
  assign out = stable;

endmodule

`default_nettype wire
