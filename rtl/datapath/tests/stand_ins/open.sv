// SPDX-License-Identifier: Apache-2.0
// Stand-in for the kernel open, with its ports: the plaintext is the ciphertext; the verdict is good and has the first
// byte of the last beat as sub-type.
// Only order, jobs and back-pressure are those of the kernel. Not for synthesis.
`default_nettype none

module open (
    input wire ap_clk,
    input wire ap_rst_n,

    input  sapulse_pkg::open_job job_tdata,
    input  wire  job_tvalid,
    output logic job_tready,

    input  sapulse_pkg::payload_beat cipher_tdata,
    input  wire  cipher_tvalid,
    output logic cipher_tready,

    output sapulse_pkg::payload_beat plain_tdata,
    output logic plain_tvalid,
    input  wire  plain_tready,

    output sapulse_pkg::open_verdict verdict_tdata,
    output logic verdict_tvalid,
    input  wire  verdict_tready,

    output wire memory_fault
);

  assign memory_fault = 1'b0;

  // One packet per job.
  logic busy, fire;
  logic [7:0] subtype;
  assign fire = cipher_tvalid && cipher_tready;
  assign job_tready = !busy && !verdict_tvalid;
  assign plain_tvalid = cipher_tvalid && busy;
  assign cipher_tready = plain_tready && busy;
  assign plain_tdata = cipher_tdata;
  assign verdict_tdata.status = 2'd0;
  assign verdict_tdata.subtype = subtype;

  always_ff @(posedge ap_clk) begin
    if (job_tvalid && job_tready) busy <= 1'b1;
    if (fire && cipher_tdata.last) busy <= 1'b0;
    if (!ap_rst_n) busy <= 1'b0;
  end

  always_ff @(posedge ap_clk) begin
    if (verdict_tready) verdict_tvalid <= 1'b0;
    if (fire && cipher_tdata.last) begin
      verdict_tvalid <= 1'b1;
      subtype <= cipher_tdata.data[7:0];
    end
    if (!ap_rst_n) verdict_tvalid <= 1'b0;
  end

  logic unused_job;
  assign unused_job = ^job_tdata;

endmodule

`default_nettype wire
