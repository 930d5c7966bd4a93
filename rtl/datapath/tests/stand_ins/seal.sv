// SPDX-License-Identifier: Apache-2.0
// Stand-in for the kernel seal, with its ports: the ciphertext is the plaintext, the ICV zero.
// Only order, jobs and back-pressure are those of the kernel. Not for synthesis.
`default_nettype none

module seal (
    input wire ap_clk,
    input wire ap_rst_n,

    input  sapulse_pkg::seal_job job_tdata,
    input  wire  job_tvalid,
    output logic job_tready,

    input  sapulse_pkg::payload_beat reply_tdata,
    input  wire  reply_tvalid,
    output logic reply_tready,

    output sapulse_pkg::payload_beat sealed_tdata,
    output logic sealed_tvalid,
    input  wire  sealed_tready,

    output sapulse_pkg::icv_t icv_tdata,
    output logic icv_tvalid,
    input  wire  icv_tready,

    output wire memory_fault
);

  assign memory_fault = 1'b0;

  // One packet per job.
  logic busy, fire;
  assign fire = reply_tvalid && reply_tready;
  assign job_tready = !busy && !icv_tvalid;
  assign sealed_tvalid = reply_tvalid && busy;
  assign reply_tready = sealed_tready && busy;
  assign sealed_tdata = reply_tdata;
  assign icv_tdata.icv = 128'd0;
  assign icv_tdata.present = 1'b1;

  always_ff @(posedge ap_clk) begin
    if (job_tvalid && job_tready) busy <= 1'b1;
    if (fire && reply_tdata.last) busy <= 1'b0;
    if (!ap_rst_n) busy <= 1'b0;
  end

  always_ff @(posedge ap_clk) begin
    if (icv_tready) icv_tvalid <= 1'b0;
    if (fire && reply_tdata.last) icv_tvalid <= 1'b1;
    if (!ap_rst_n) icv_tvalid <= 1'b0;
  end

  logic unused_job;
  assign unused_job = ^job_tdata;

endmodule

`default_nettype wire
