// SPDX-License-Identifier: Apache-2.0
// Memory of one table: one write port, one read port, written so that tools infer block RAM (large ones: UltraRAM).
//
// WIDTH, DEPTH: bits of an entry, entries (a power of two).
// sweep: writes zeros after reset, takes precedence over write.
// read_data: entry at read_address of the cycle before; a write in that same cycle is not seen.
`default_nettype none

module sa_ram #(
    parameter int unsigned WIDTH = 32,
    parameter int unsigned DEPTH = 1024,
    localparam int unsigned ADDRESS_W = $clog2(DEPTH)
) (
    input  wire                  clk,
    input  wire                  sweep_valid,
    input  wire  [ADDRESS_W-1:0] sweep_address,
    input  wire                  write_valid,
    input  wire  [ADDRESS_W-1:0] write_address,
    input  wire  [    WIDTH-1:0] write_data,
    input  wire  [ADDRESS_W-1:0] read_address,
    output logic [    WIDTH-1:0] read_data
);

  // An UltraRAM is 4096 entries of 72 bits: worth it from there on.
  /* verilator lint_off UNUSEDPARAM */  // attributes are for synthesis alone
  localparam STYLE = (DEPTH >= 4096 && WIDTH >= 64) ? "ultra" : "block";
  /* verilator lint_on UNUSEDPARAM */

  (* ram_style = STYLE *)
  logic [WIDTH-1:0] memory[0:DEPTH-1];

  wire [ADDRESS_W-1:0] address = sweep_valid ? sweep_address : write_address;
  wire [WIDTH-1:0] data = sweep_valid ? {WIDTH{1'b0}} : write_data;

  always_ff @(posedge clk) begin
    if (sweep_valid || write_valid) memory[address] <= data;
    read_data <= memory[read_address];
  end

endmodule

`default_nettype wire
