// SPDX-License-Identifier: Apache-2.0
// Stand-in for the kernel assemble, with its ports: the frame is the payload; its last beat waits for the ICV.
// Only order, jobs and back-pressure are those of the kernel. Not for synthesis.
`default_nettype none

module assemble (
    input wire ap_clk,
    input wire ap_rst_n,

    input  sapulse_pkg::header_t header_tdata,
    input  wire  header_tvalid,
    output logic header_tready,

    input  sapulse_pkg::icv_t icv_tdata,
    input  wire  icv_tvalid,
    output logic icv_tready,

    input  sapulse_pkg::payload_beat payload_tdata,
    input  wire  payload_tvalid,
    output logic payload_tready,

    output sapulse_pkg::axis_beat frame_tdata,
    output logic frame_tvalid,
    input  wire  frame_tready,

    output wire memory_fault
);

  assign memory_fault = 1'b0;

  logic busy, complete;
  assign complete = !payload_tdata.last || icv_tvalid;
  assign header_tready = !busy;
  assign frame_tvalid = busy && payload_tvalid && complete;
  assign payload_tready = busy && frame_tready && complete;
  assign icv_tready = payload_tvalid && payload_tready && payload_tdata.last;
  assign frame_tdata.data = payload_tdata.data;
  assign frame_tdata.keep = '1;
  assign frame_tdata.last = payload_tdata.last;
  assign frame_tdata.user = 1'b0;

  always_ff @(posedge ap_clk) begin
    if (header_tvalid && header_tready) busy <= 1'b1;
    if (icv_tready) busy <= 1'b0;
    if (!ap_rst_n) busy <= 1'b0;
  end

  logic unused_bits;
  assign unused_bits = ^{header_tdata, icv_tdata};

endmodule

`default_nettype wire
