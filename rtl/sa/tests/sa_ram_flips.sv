// SPDX-License-Identifier: Apache-2.0
// sa_ram for proofs, with flips: what is read has an odd number of bits flipped, any of them, or none, in each cycle anew. A memory
// in which one bit of an entry flips and stays so does no more than that.
`default_nettype none

module sa_ram #(
    parameter type T = logic,
    parameter int unsigned DEPTH = 1024
) (
    input wire clk,
    input wire sa_pkg::sweep_t sweep,

    input wire              write_valid,
    input wire sa_pkg::sa_t write_address,
    input wire T            write_data,

    input  wire sa_pkg::sa_t read_address,
    output T                 read_data,
    output logic             read_check
);

  localparam int unsigned ADDRESS_W = $clog2(DEPTH);
  localparam int unsigned WIDTH = $bits(T) + 1;

  logic [WIDTH-1:0] memory[0:DEPTH-1];
  logic [WIDTH-1:0] found;  // driven by the proof: any value in each cycle
  logic flips;

  sa_pkg::sa_t address;
  T data;
  assign address = sweep.valid ? sweep.sa : write_address;
  assign data = sweep.valid ? '0 : write_data;

  always_ff @(posedge clk) begin
    if (sweep.valid || write_valid) memory[address[ADDRESS_W-1:0]] <= {data, ^data};
    {read_data, read_check} <= found;
  end

  // What has been stored has even parity.
  assign flips = found != memory[read_address[ADDRESS_W-1:0]];
  always_comb begin
    assume (!flips || ^found);
  end

endmodule

`default_nettype wire
