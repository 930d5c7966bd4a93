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
    input  wire  [16:0] limit,
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

  sapulse_pkg::record_t record;
  sapulse_pkg::align_job align_job;
  datapath_pkg::control_job_t job;
  /* verilator lint_off UNUSEDSIGNAL */
  datapath_pkg::control_job_t exception_job, ping, echo;
  /* verilator lint_on UNUSEDSIGNAL */

  always_comb begin
    record = '0;
    record.control.length = control_length;
    record.l4.payload = payload;
    record.l4.limit = limit;
    job = '0;
    job.received = {32'd0, number};
    job.job.route = route;
    job.job.sa = sa;
    job.job.record = record;
  end

  dispatch dut (.*);

  assign exception_number = exception_job.received[31:0];
  assign ping_number = ping.received[31:0];
  assign echo_number = echo.received[31:0];
  assign align_offset = align_job.offset;
  assign align_length = align_job.length;

endmodule

`default_nettype wire
