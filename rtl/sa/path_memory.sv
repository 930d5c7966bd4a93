// SPDX-License-Identifier: Apache-2.0
// How messages that the card originates reach the peer of an SA: addresses, encapsulation, SPIs.
//
// path: one question a cycle.
// write: a path of an SA; path.valid = 0: there is none. A read of the same cycle sees the old one.
`default_nettype none

module path_memory #(
    parameter int unsigned SA_CAPACITY = 1024
) (
    input wire clk,
    input wire sa_pkg::sweep_t sweep,

    sa_path_if.server path,

    input wire sa_pkg::path_write_t write
);

  sa_pkg::path_t stored;

  sa_ram #(
      .T(sa_pkg::path_t),
      .DEPTH(SA_CAPACITY)
  ) u_paths (
      .clk, .sweep,
      .write_valid(write.valid),
      .write_address(write.sa),
      .write_data(write.path),
      .read_address(path.sa),
      .read_data(stored)
  );

  always_ff @(posedge clk) path.path <= stored;

endmodule

`default_nettype wire
