// SPDX-License-Identifier: Apache-2.0
// Fetches the inbound keys of nested packets and hands them to open, in order.
//
// DEPTH: packets asked for and not yet taken by open: those that run ahead of their beats (dispatch, align).
// fifo_fault: of one of the FIFOs in here; see sync_fifo.
`default_nettype none
`include "sapulse_assert.svh"

module open_jobs #(
    parameter int unsigned DEPTH = 16
) (
    input wire clk,
    input wire rst,

    stream_if.sink   nested,  // nested_t
    sa_key_if.client key,
    stream_if.source open_job,  // open_job

    output logic fifo_fault
);

  localparam int unsigned COUNT_W = $clog2(DEPTH) + 1;

  stream_if #(sapulse_pkg::open_job) fetched ();
  logic [COUNT_W-1:0] held;  // asked for and not yet taken
  logic [13:0] length;
  logic take;

  assign take = open_job.valid && open_job.ready;
  assign nested.ready = !held[COUNT_W-1];
  assign key.valid = nested.valid && nested.ready;
  assign key.sa = nested.data.sa;

  always_ff @(posedge clk) begin
    if (key.valid != take) held <= key.valid ? held + 1'b1 : held - 1'b1;
    if (rst) held <= '0;
  end

  delay_line #(
      .WIDTH($bits(length)),
      .CYCLES(sa_pkg::IN_KEY_LATENCY)
  ) u_length (.clk, .in(nested.data.length), .out(length));

  assign fetched.valid = key.key_valid;
  assign fetched.data = '{length: length, sa: key.key};
  sync_fifo #(.DEPTH(DEPTH), .SECRETS(1'b1)) u_jobs (.clk, .rst, .in(fetched), .out(open_job), .fault(fifo_fault));

  `SAPULSE_ASSERT(clk, rst, !fetched.valid || fetched.ready, "open_jobs: a key without room")

endmodule

`default_nettype wire
