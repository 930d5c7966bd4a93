// SPDX-License-Identifier: Apache-2.0
// dispatch with the fields that its test sets and looks at as plain ports. The frame's number travels as its arrival time.
`default_nettype none

module dispatch_bench (
    input wire clk,
    input wire rst,

    input  wire         job_valid,
    output logic        job_ready,
    input  wire  [ 1:0] route,
    input  wire  [31:0] number,
    input  wire  [15:0] sa,
    input  wire  [15:0] control_length,
    input  wire  [ 7:0] payload,
    input  wire  [13:0] echo_length,
    input  wire         beat_valid,
    output logic        beat_ready,
    input  wire         beat_last,

    output logic        exception_job_valid,
    input  wire         exception_job_ready,
    output logic [31:0] exception_number,
    output logic        exception_valid,
    input  wire         exception_ready,
    output logic        align_job_valid,
    input  wire         align_job_ready,
    output logic [ 7:0] align_offset,
    output logic [13:0] align_length,
    output logic        align_valid,
    input  wire         align_ready,
    output logic        key_valid,
    input  wire         key_ready,
    output logic [15:0] key_sa,
    output logic [13:0] key_length,
    output logic        ping_valid,
    input  wire         ping_ready,
    output logic [31:0] ping_number,
    output logic        echo_valid,
    input  wire         echo_ready,
    output logic [31:0] echo_number,
    output logic        payload_echo_valid,
    input  wire         payload_echo_ready,
    output logic        payload_echo
);

  stream_if #(datapath_pkg::control_job_t) job (), raw_job (), ping (), echo ();
  stream_if #(sapulse_pkg::axis_beat) frame (), align ();
  stream_if #(sapulse_pkg::payload_beat) raw ();
  stream_if #(sapulse_pkg::align_job) align_job ();
  stream_if #(datapath_pkg::nested_t) nested ();
  stream_if #(logic) cut ();

  assign job.valid = job_valid;
  assign job_ready = job.ready;
  always_comb begin
    job.data = '0;
    job.data.received = {32'd0, number};
    job.data.job.route = datapath_pkg::route_t'(route);
    job.data.job.sa = sa;
    job.data.job.record.control.length = control_length;
    job.data.job.record.l4.payload = payload;
    job.data.job.record.echo_length = echo_length;
  end
  assign frame.valid = beat_valid;
  assign beat_ready = frame.ready;
  assign frame.data = '{user: 1'b0, last: beat_last, keep: '1, data: '0};

  assign exception_job_valid = raw_job.valid;
  assign raw_job.ready = exception_job_ready;
  assign exception_number = raw_job.data.received[31:0];
  assign exception_valid = raw.valid;
  assign raw.ready = exception_ready;
  assign align_job_valid = align_job.valid;
  assign align_job.ready = align_job_ready;
  assign align_offset = align_job.data.offset;
  assign align_length = align_job.data.length;
  assign align_valid = align.valid;
  assign align.ready = align_ready;
  assign key_valid = nested.valid;
  assign nested.ready = key_ready;
  assign key_sa = nested.data.sa;
  assign key_length = nested.data.length;
  assign ping_valid = ping.valid;
  assign ping.ready = ping_ready;
  assign ping_number = ping.data.received[31:0];
  assign echo_valid = echo.valid;
  assign echo.ready = echo_ready;
  assign echo_number = echo.data.received[31:0];
  assign payload_echo_valid = cut.valid;
  assign cut.ready = payload_echo_ready;
  assign payload_echo = cut.data;

  dispatch u_dut (.clk, .rst, .job, .frame, .raw_job, .raw, .align_job, .align, .nested, .ping, .echo, .cut, .fifo_fault());

endmodule

`default_nettype wire
