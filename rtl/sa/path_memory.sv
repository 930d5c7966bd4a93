// SPDX-License-Identifier: Apache-2.0
// How messages that the card originates reach the peer of an SA: addresses, encapsulation, SPIs.
//
// read: path of read_sa, sa_pkg::PATH_LATENCY (2) cycles later, one a cycle; the reader counts the cycles.
// write: a path of an SA; valid = 0: there is none. A read of the same cycle sees the old one.
`default_nettype none

module path_memory #(
    parameter int unsigned SA_CAPACITY = 1024,
    localparam int unsigned SA_W = $clog2(SA_CAPACITY)
) (
    input  wire                    clk,
    input  wire                    sweep_valid,
    input  wire         [SA_W-1:0] sweep_sa,

    input  wire         [SA_W-1:0] read_sa,
    output sa_pkg::path_t          path,

    input  wire                    write_valid,
    input  wire         [SA_W-1:0] write_sa,
    input  sa_pkg::path_t          write_path
);

  sa_pkg::path_t stored;

  sa_ram #(
      .WIDTH($bits(stored)),
      .DEPTH(SA_CAPACITY)
  ) paths (
      .clk,
      .sweep_valid,
      .sweep_address(sweep_sa),
      .write_valid,
      .write_address(write_sa),
      .write_data(write_path),
      .read_address(read_sa),
      .read_data(stored)
  );

  always_ff @(posedge clk) path <= stored;

endmodule

`default_nettype wire
