// SPDX-License-Identifier: Apache-2.0
// Stand-in for the kernel align, with its ports: every beat of the frame is a beat of the payload.
// Only order, jobs and back-pressure are those of the kernel. Not for synthesis.
`default_nettype none

module align (
    input wire ap_clk,
    input wire ap_rst_n,

    input  sapulse_pkg::align_job job_tdata,
    input  wire  job_tvalid,
    output logic job_tready,

    input  sapulse_pkg::axis_beat frame_tdata,
    input  wire  frame_tvalid,
    output logic frame_tready,

    output sapulse_pkg::payload_beat payload_tdata,
    output logic payload_tvalid,
    input  wire  payload_tready,

    output wire memory_fault
);

  assign memory_fault = 1'b0;

  // One packet per job.
  logic busy, fire;
  assign fire = frame_tvalid && frame_tready;
  assign job_tready = !busy;
  assign payload_tvalid = frame_tvalid && busy;
  assign frame_tready = payload_tready && busy;
  assign payload_tdata.data = frame_tdata.data;
  assign payload_tdata.last = frame_tdata.last;

  always_ff @(posedge ap_clk) begin
    if (job_tvalid && job_tready) busy <= 1'b1;
    if (fire && frame_tdata.last) busy <= 1'b0;
    if (!ap_rst_n) busy <= 1'b0;
  end

  logic unused_bits;
  assign unused_bits = ^{job_tdata, frame_tdata.keep, frame_tdata.user};

endmodule

`default_nettype wire
