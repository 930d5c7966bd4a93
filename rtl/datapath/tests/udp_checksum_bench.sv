// SPDX-License-Identifier: Apache-2.0
// udp_checksum with the FIFO of whole frames that it stands beside.
`default_nettype none

module udp_checksum_bench #(
    localparam int unsigned DATA_W = 8 * sapulse_pkg::BEAT_BYTES
) (
    input wire clk,
    input wire rst,

    input  wire        job_valid,
    input  wire        wanted,
    input  wire  [1:0] tags,

    input  wire                                in_valid,
    output logic                               in_ready,
    input  wire  [DATA_W-1:0]                  in_data,
    input  wire  [sapulse_pkg::BEAT_BYTES-1:0] in_keep,
    input  wire                                in_last,

    output logic                               out_valid,
    input  wire                                out_ready,
    output logic [DATA_W-1:0]                  out_data,
    output logic [sapulse_pkg::BEAT_BYTES-1:0] out_keep,
    output logic                               out_last
);

  stream_if #(datapath_pkg::checksum_job_t) job ();
  stream_if #(sapulse_pkg::axis_beat) whole (), out ();
  frame_write_if in ();

  assign job.valid = job_valid;
  assign job.data = '{wanted: wanted, tags: tags};
  assign in.valid = in_valid && in.ready;
  assign in_ready = in.ready;
  assign in.beat = '{user: 1'b0, last: in_last, keep: in_keep, data: in_data};
  assign in.keep = in.beat.last;
  assign out_valid = out.valid;
  assign out.ready = out_ready;
  assign {out_data, out_keep, out_last} = {out.data.data, out.data.keep, out.data.last};

  frame_fifo #(.DEPTH(512)) u_frames (.clk, .rst, .in, .out(whole), .fault());

  udp_checksum u_dut (.clk, .rst, .job, .entered(in.valid), .entered_beat(in.beat), .in(whole), .out, .fifo_fault());

endmodule

`default_nettype wire
