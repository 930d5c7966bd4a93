// SPDX-License-Identifier: Apache-2.0
// Stand-in for the kernel respond, with its ports: the reply is the request.
// Only order, jobs and back-pressure are those of the kernel. Not for synthesis.
`default_nettype none

module respond (
    input wire ap_clk,
    input wire ap_rst_n,

    input  sapulse_pkg::respond_job job_tdata,
    input  wire  job_tvalid,
    output logic job_tready,

    input  sapulse_pkg::payload_beat plain_tdata,
    input  wire  plain_tvalid,
    output logic plain_tready,

    output sapulse_pkg::payload_beat reply_tdata,
    output logic reply_tvalid,
    input  wire  reply_tready,

    output wire memory_fault
);

  assign memory_fault = 1'b0;

  // One packet per job.
  logic busy, fire;
  assign fire = plain_tvalid && plain_tready;
  assign job_tready = !busy;
  assign reply_tvalid = plain_tvalid && busy;
  assign plain_tready = reply_tready && busy;
  assign reply_tdata = plain_tdata;

  always_ff @(posedge ap_clk) begin
    if (job_tvalid && job_tready) busy <= 1'b1;
    if (fire && plain_tdata.last) busy <= 1'b0;
    if (!ap_rst_n) busy <= 1'b0;
  end

  logic unused_job;
  assign unused_job = ^job_tdata;

endmodule

`default_nettype wire
