// SPDX-License-Identifier: Apache-2.0
// Fetches the inbound keys of nested packets and hands them to open, in order.
//
// DEPTH: packets asked for and not yet taken by open: those that run ahead of their beats (dispatch, align).
// key_*: SA and length (bytes) of a nested packet, valid/ready. in_*: sa_tables. job_*: to open, valid/ready.
`default_nettype none
`include "sapulse_assert.svh"

module open_jobs #(
    parameter int unsigned DEPTH = 16
) (
    input wire clk,
    input wire rst,

    input  wire                              key_valid,
    output logic                             key_ready,
    input  wire  [datapath_pkg::SA_BITS-1:0] key_sa,
    input  wire  [                     13:0] key_length,

    output logic                             in_valid,
    output logic [datapath_pkg::SA_BITS-1:0] in_sa,
    input  wire                              in_key_valid,
    input  sapulse_pkg::key_t          in_key,

    output logic                            job_valid,
    input  wire                             job_ready,
    output sapulse_pkg::open_job      job
);

  localparam int unsigned COUNT_W = $clog2(DEPTH) + 1;

  logic [COUNT_W-1:0] held;  // asked for and not yet taken
  logic [13:0] length;
  logic key_room, ask, take;
  sapulse_pkg::open_job fetched;

  assign ask = key_valid && key_ready;
  assign take = job_valid && job_ready;
  assign key_ready = !held[COUNT_W-1];
  assign in_valid = ask;
  assign in_sa = key_sa;

  always_ff @(posedge clk) begin
    if (ask != take) held <= ask ? held + 1'b1 : held - 1'b1;
    if (rst) held <= '0;
  end

  delay_line #(
      .WIDTH (14),
      .CYCLES(sa_pkg::IN_KEY_LATENCY)
  ) u_length (
      .clk,
      .in (key_length),
      .out(length)
  );

  assign fetched.sa = in_key;
  assign fetched.length = length;

  sync_fifo #(
      .WIDTH($bits(fetched)),
      .DEPTH(DEPTH)
  ) u_jobs (
      .clk,
      .rst,
      .in_valid(in_key_valid),
      .in_ready(key_room),
      .in_data(fetched),
      .out_valid(job_valid),
      .out_ready(job_ready),
      .out_data(job)
  );

  `SAPULSE_ASSERT(clk, rst, !in_key_valid || key_room, "open_jobs: a key without room")

endmodule

`default_nettype wire
