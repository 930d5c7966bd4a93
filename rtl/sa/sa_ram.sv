// SPDX-License-Identifier: Apache-2.0
// Memory of one table: one write port, one read port, written so that tools infer block RAM (large ones: UltraRAM).
//
// T: an entry. DEPTH: entries, a power of two up to 65536; of addresses only the low bits count.
// sweep: writes zeros, takes precedence over write.
// read_data: entry at read_address of the cycle before; a write in that same cycle is not seen.
// read_check: ^{read_data, read_check} is 1 if one bit of what was read has flipped since it was written. The reader looks at it
//   behind a register, which tools move into the RAM.
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
  localparam int unsigned WIDTH = $bits(T) + 1;  // the last one: even parity

  // An UltraRAM is 4096 entries of 72 bits: worth it from there on.
  /* verilator lint_off UNUSEDPARAM */  // attributes are for synthesis alone
  localparam STYLE = (DEPTH >= 4096 && WIDTH >= 64) ? "ultra" : "block";
  /* verilator lint_on UNUSEDPARAM */

  (* ram_style = STYLE *)
  logic [WIDTH-1:0] memory[0:DEPTH-1];

  sa_pkg::sa_t address;
  T data;
  assign address = sweep.valid ? sweep.sa : write_address;
  assign data = sweep.valid ? '0 : write_data;

  always_ff @(posedge clk) begin
    if (sweep.valid || write_valid) memory[address[ADDRESS_W-1:0]] <= {data, ^data};
    {read_data, read_check} <= memory[read_address[ADDRESS_W-1:0]];
  end

  wire unused = &{1'b0, address, read_address};

endmodule

`default_nettype wire
