// SPDX-License-Identifier: Apache-2.0
// Key material of all SAs: inbound half (key_t, crash token) and outbound half (key_t, SPI). Written by commands, read by the data
// path only: no path leads from here back to the host.
//
// key: inbound key, one question a cycle.
// out_half, out_token: outbound half and token of out_sa, 3 cycles later, one a cycle; the reader counts the cycles.
// key_update: a read of the same cycle sees the old half.
`default_nettype none

module sa_context #(
    parameter int unsigned SA_CAPACITY = 1024
) (
    input wire clk,
    input wire rst,
    input wire sa_pkg::sweep_t sweep,

    sa_key_if.server key,

    input  wire sa_pkg::sa_t  out_sa,
    output sa_pkg::out_half_t out_half,
    output sa_pkg::token_t    out_token,

    input wire sa_pkg::key_update_t key_update
);

  sapulse_pkg::key_t in_q;
  sa_pkg::out_half_t out_q, out_q2;
  sa_pkg::token_t token_q, token_q2;
  logic in_valid_1;

  sa_ram #(
      .T(sapulse_pkg::key_t),
      .DEPTH(SA_CAPACITY)
  ) u_in_keys (
      .clk, .sweep,
      .write_valid(key_update.in_valid),
      .write_address(key_update.sa),
      .write_data(key_update.key),
      .read_address(key.sa),
      .read_data(in_q)
  );

  sa_ram #(
      .T(sa_pkg::token_t),
      .DEPTH(SA_CAPACITY)
  ) u_tokens (
      .clk, .sweep,
      .write_valid(key_update.in_valid),
      .write_address(key_update.sa),
      .write_data(key_update.token),
      .read_address(out_sa),
      .read_data(token_q)
  );

  sa_ram #(
      .T(sa_pkg::out_half_t),
      .DEPTH(SA_CAPACITY)
  ) u_out_halves (
      .clk, .sweep,
      .write_valid(key_update.out_valid),
      .write_address(key_update.sa),
      .write_data('{spi: key_update.spi, key: key_update.key}),
      .read_address(out_sa),
      .read_data(out_q)
  );

  always_ff @(posedge clk) begin
    in_valid_1 <= key.valid && !rst;
    key.key_valid <= in_valid_1 && !rst;
    key.key <= in_q;
    out_q2 <= out_q;
    out_half <= out_q2;
    token_q2 <= token_q;
    out_token <= token_q2;
  end

endmodule

`default_nettype wire
