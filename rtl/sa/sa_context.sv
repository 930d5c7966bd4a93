// SPDX-License-Identifier: Apache-2.0
// Key material of all SAs: inbound half (key_t, crash token) and outbound half (key_t, SPI). Written by commands, read by the data
// path only: no path leads from here back to the host.
//
// key: inbound key, one question a cycle.
// out_half, out_token: outbound half and token of out_sa, 3 cycles later, one a cycle; the reader counts the cycles. out_valid:
//   they are used; out_damaged: they must not be, because one of them is damaged.
// in_fault, out_fault, token_fault: what was asked for is damaged. An inbound key goes on: no packet is authentic under it.
// key_update: a read of the same cycle sees the old half.
`default_nettype none

module sa_context #(
    parameter int unsigned SA_CAPACITY = 1024
) (
    input wire clk,
    input wire rst,
    input wire sa_pkg::sweep_t sweep,

    sa_key_if.server key,

    input  wire               out_valid,
    input  wire sa_pkg::sa_t  out_sa,
    output sa_pkg::out_half_t out_half,
    output sa_pkg::token_t    out_token,
    output logic              out_damaged,

    output sa_pkg::fault_t in_fault,
    output sa_pkg::fault_t out_fault,
    output sa_pkg::fault_t token_fault,

    input wire sa_pkg::key_update_t key_update
);

  sapulse_pkg::key_t in_q;
  sa_pkg::out_half_t out_q, out_q2;
  sa_pkg::token_t token_q, token_q2;
  logic in_valid_1, in_check_1, in_check_2, out_check_1, out_check_2, token_check_1, token_check_2;
  logic [2:1] out_valids;
  sa_pkg::sa_t in_sa_1, in_sa_2, out_sa_1, out_sa_2;
  logic in_damaged, half_damaged_2, token_damaged_2;

  sa_ram #(
      .T(sapulse_pkg::key_t),
      .DEPTH(SA_CAPACITY)
  ) u_in_keys (
      .clk, .sweep,
      .write_valid(key_update.in_valid),
      .write_address(key_update.sa),
      .write_data(key_update.key),
      .read_address(key.sa),
      .read_data(in_q),
      .read_check(in_check_1)
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
      .read_data(token_q),
      .read_check(token_check_1)
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
      .read_data(out_q),
      .read_check(out_check_1)
  );

  assign in_damaged = ^{key.key, in_check_2};
  assign half_damaged_2 = ^{out_q2, out_check_2};
  assign token_damaged_2 = ^{token_q2, token_check_2};

  always_ff @(posedge clk) begin
    in_valid_1 <= key.valid && !rst;
    key.key_valid <= in_valid_1 && !rst;
    key.key <= in_q;
    in_check_2 <= in_check_1;
    in_sa_1 <= key.sa;
    in_sa_2 <= in_sa_1;
    in_fault <= '{valid: key.key_valid && in_damaged, entry: sa_pkg::entry_number_t'(in_sa_2)};
  end

  always_ff @(posedge clk) begin
    out_q2 <= out_q;
    out_check_2 <= out_check_1;
    out_half <= out_q2;
    token_q2 <= token_q;
    token_check_2 <= token_check_1;
    out_token <= token_q2;
    out_sa_1 <= out_sa;
    out_sa_2 <= out_sa_1;
    out_valids <= rst ? '0 : {out_valids[1], out_valid};
    out_fault <= '{valid: out_valids[2] && half_damaged_2, entry: sa_pkg::entry_number_t'(out_sa_2)};
    token_fault <= '{valid: out_valids[2] && token_damaged_2, entry: sa_pkg::entry_number_t'(out_sa_2)};
  end
  assign out_damaged = out_fault.valid || token_fault.valid;

endmodule

`default_nettype wire
