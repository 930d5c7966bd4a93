// SPDX-License-Identifier: Apache-2.0
// How messages that the card originates reach the peer of an SA: addresses, encapsulation, SPIs.
//
// path: one question a cycle.
// path_update: path.valid = 0: there is none. A read of the same cycle sees the old one.
`default_nettype none

module path_memory #(
    parameter int unsigned SA_CAPACITY = 1024
) (
    input wire clk,
    input wire sa_pkg::sweep_t sweep,

    sa_path_if.server path,

    input wire sa_pkg::path_update_t path_update
);

  sa_pkg::path_t stored;

  sa_ram #(
      .T(sa_pkg::path_t),
      .DEPTH(SA_CAPACITY)
  ) u_paths (
      .clk, .sweep,
      .write_valid(path_update.valid),
      .write_address(path_update.sa),
      .write_data(path_update.path),
      .read_address(path.sa),
      .read_data(stored)
  );

  always_ff @(posedge clk) path.path <= stored;

endmodule

`default_nettype wire
