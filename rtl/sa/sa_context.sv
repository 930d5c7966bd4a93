// SPDX-License-Identifier: Apache-2.0
// Key material of all SAs: inbound half (key_t, crash token) and outbound half (key_t, SPI). Written by commands, read by the data
// path only: no path leads from here back to the host.
//
// in:  inbound key of in_sa, sa_pkg::IN_KEY_LATENCY (2) cycles later, one a cycle.
// out: outbound half and token of out_sa, 3 cycles later, one a cycle; the reader counts the cycles.
// write_in, write_out: one half of an SA in one cycle; a read of the same cycle sees the old half.
`default_nettype none

module sa_context #(
    parameter int unsigned SA_CAPACITY = 1024,
    localparam int unsigned SA_W = $clog2(SA_CAPACITY)
) (
    input  wire                                   clk,
    input  wire                                   rst,
    input  wire                                   sweep_valid,
    input  wire         [               SA_W-1:0] sweep_sa,

    input  wire                                   in_valid,
    input  wire         [               SA_W-1:0] in_sa,
    output logic                                  in_key_valid,
    output sapulse_types_pkg::key_t               in_key,

    input  wire         [               SA_W-1:0] out_sa,
    output logic        [                   31:0] out_spi,
    output logic        [   sa_pkg::KEY_BITS-1:0] out_key,
    output logic        [                  127:0] out_token,
    output logic                                  out_token_valid,

    input  wire                                   write_in_valid,
    input  wire                                   write_out_valid,
    input  wire         [               SA_W-1:0] write_sa,
    input  wire         [   sa_pkg::KEY_BITS-1:0] write_key,        // a key_t
    input  wire         [                  127:0] write_token,      // with write_in
    input  wire                                   write_token_valid,
    input  wire         [                   31:0] write_spi         // with write_out
);

  localparam int unsigned KEY_BITS = sa_pkg::KEY_BITS;
  localparam int unsigned OUT_BITS = KEY_BITS + 32;

  logic [KEY_BITS-1:0] in_q;
  logic [OUT_BITS-1:0] out_q, out_q2;
  logic [128:0] token_q, token_q2;
  logic in_valid_1;

  sa_ram #(
      .WIDTH(KEY_BITS),
      .DEPTH(SA_CAPACITY)
  ) in_keys (
      .clk,
      .sweep_valid,
      .sweep_address(sweep_sa),
      .write_valid(write_in_valid),
      .write_address(write_sa),
      .write_data(write_key),
      .read_address(in_sa),
      .read_data(in_q)
  );

  sa_ram #(
      .WIDTH(129),
      .DEPTH(SA_CAPACITY)
  ) tokens (
      .clk,
      .sweep_valid,
      .sweep_address(sweep_sa),
      .write_valid(write_in_valid),
      .write_address(write_sa),
      .write_data({write_token_valid, write_token}),
      .read_address(out_sa),
      .read_data(token_q)
  );

  sa_ram #(
      .WIDTH(OUT_BITS),
      .DEPTH(SA_CAPACITY)
  ) out_keys (
      .clk,
      .sweep_valid,
      .sweep_address(sweep_sa),
      .write_valid(write_out_valid),
      .write_address(write_sa),
      .write_data({write_spi, write_key}),
      .read_address(out_sa),
      .read_data(out_q)
  );

  always_ff @(posedge clk) begin
    in_valid_1 <= in_valid && !rst;
    in_key_valid <= in_valid_1 && !rst;
    in_key <= in_q;
    out_q2 <= out_q;
    token_q2 <= token_q;
    {out_spi, out_key} <= out_q2;
    {out_token_valid, out_token} <= token_q2;
  end

endmodule

`default_nettype wire
