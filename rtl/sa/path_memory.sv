// SPDX-License-Identifier: Apache-2.0
// How messages that the card originates reach the peer of an SA: addresses, encapsulation, SPI, token nonce.
//
// path: one question a cycle. fault: the path of one (path.valid) was damaged; then there is none.
// path_update: path.valid = 0: there is none. A read of the same cycle sees the old one.
`default_nettype none

module path_memory #(
    parameter int unsigned SA_CAPACITY = 1024
) (
    input wire clk,
    input wire sa_pkg::sweep_t sweep,

    sa_path_if.server path,

    input wire sa_pkg::path_update_t path_update,

    output sa_pkg::fault_t fault
);

  sa_pkg::path_t stored_1, stored_2;
  logic check_1, check_2, damaged_2;
  logic [2:1] valids;
  sa_pkg::sa_t sa_1, sa_2;

  sa_ram #(
      .T(sa_pkg::path_t),
      .DEPTH(SA_CAPACITY)
  ) u_paths (
      .clk, .sweep,
      .write_valid(path_update.valid),
      .write_address(path_update.sa),
      .write_data(path_update.path),
      .read_address(path.sa),
      .read_data(stored_1),
      .read_check(check_1)
  );

  parity #(.WIDTH($bits(stored_2) + 1)) u_parity (.data({stored_2, check_2}), .odd(damaged_2));

  always_ff @(posedge clk) begin
    stored_2 <= stored_1;
    check_2 <= check_1;
    sa_1 <= path.sa;
    sa_2 <= sa_1;
    valids <= {valids[1], path.valid};
    path.path <= stored_2;
    path.path.valid <= stored_2.valid && !damaged_2;
    fault <= '{valid: valids[2] && damaged_2, entry: sa_pkg::entry_number_t'(sa_2)};
  end

endmodule

`default_nettype wire
