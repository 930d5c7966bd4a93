// SPDX-License-Identifier: Apache-2.0
// Hands each frame of the control path to align (pings, clear echoes) or to exception_builder, and starts what goes with it.
//
// Jobs run ahead of beats by up to ROUTES frames: a job moves when everything that it starts has room, and leaves its route behind
// for the beats. All ports are valid/ready; a job and the first beat of its frame may be taken in any order.
//
// job_*: datapath_pkg::control_job_t; beat_*: handshake of the frames' beats, in the order of the jobs; their data goes straight to both takers.
// exception_*: job and beats of frames for the host. align_*: cut and frame of the others.
// key_*: inbound key of SA key_sa is wanted for a nested packet of key_length bytes. ping_*: job of a ping on its way to open.
// echo_*: job of a clear echo. payload_echo_*: for each cut that align will make, in order: 1 clear echo, 0 ping.
`default_nettype none
`include "sapulse_assert.svh"

module dispatch #(
    parameter int unsigned ROUTES = 4
) (
    input wire clk,
    input wire rst,

    input  wire                          job_valid,
    output logic                         job_ready,
    input  datapath_pkg::control_job_t   job,
    input  wire                          beat_valid,
    output logic                         beat_ready,
    input  wire                          beat_last,

    output logic                       exception_job_valid,
    input  wire                        exception_job_ready,
    output datapath_pkg::control_job_t exception_job,
    output logic                       exception_valid,
    input  wire                        exception_ready,

    output logic                        align_job_valid,
    input  wire                         align_job_ready,
    output sapulse_pkg::align_job align_job,
    output logic                        align_valid,
    input  wire                         align_ready,

    output logic                             key_valid,
    input  wire                              key_ready,
    output logic [datapath_pkg::SA_BITS-1:0] key_sa,
    output logic [                     13:0] key_length,
    output logic                             ping_valid,
    input  wire                              ping_ready,
    output datapath_pkg::control_job_t       ping,
    output logic                             echo_valid,
    input  wire                              echo_ready,
    output datapath_pkg::control_job_t       echo,
    output logic                             payload_echo_valid,
    input  wire                              payload_echo_ready,
    output logic                             payload_echo
);

  logic is_exception, is_ping, is_echo, route_ready, align_room, job_fire;
  /* verilator lint_off UNUSEDSIGNAL */  // the rest of the record travels on
  sapulse_pkg::record_t record;
  /* verilator lint_on UNUSEDSIGNAL */

  assign record = job.job.record;
  assign is_exception = job.job.route == datapath_pkg::ROUTE_EXCEPTION;
  assign is_ping = job.job.route == datapath_pkg::ROUTE_PING;
  assign is_echo = job.job.route == datapath_pkg::ROUTE_ECHO;

  // One job starts several things at once: each is told only when all the others can take theirs.
  assign align_room = align_job_ready && payload_echo_ready;
  always_comb begin
    job_ready = route_ready;
    if (is_exception) job_ready = route_ready && exception_job_ready;
    if (is_ping) job_ready = route_ready && align_room && key_ready && ping_ready;
    if (is_echo) job_ready = route_ready && align_room && echo_ready;
  end
  assign job_fire = job_valid && job_ready;
  assign exception_job_valid = job_fire && is_exception;
  assign align_job_valid = job_fire && !is_exception;
  assign payload_echo_valid = job_fire && !is_exception;
  assign key_valid = job_fire && is_ping;
  assign ping_valid = job_fire && is_ping;
  assign echo_valid = job_fire && is_echo;

  assign exception_job = job;
  assign ping = job;
  assign echo = job;
  assign payload_echo = is_echo;
  assign key_sa = job.job.sa;
  assign key_length = record.control.length[13:0] - 14'(datapath_pkg::CONTROL_HEADER_BYTES);

  // The nested packet follows the control header; a clear echo is everything behind the sequence number.
  always_comb begin
    align_job.offset = record.l4.payload;
    align_job.length = 14'(record.l4.limit - 17'(record.l4.payload));
    if (is_ping) begin
      align_job.offset = record.l4.payload + 8'(datapath_pkg::CONTROL_HEADER_BYTES);
      align_job.length = key_length;
    end
  end

  logic to_exception_valid, to_exception, route_pop;
  // ROUTES frames hide the latency from here to the beats.
  sync_fifo #(
      .WIDTH(1),
      .DEPTH(ROUTES)
  ) u_routes (
      .clk,
      .rst,
      .in_valid(job_fire),
      .in_ready(route_ready),
      .in_data(is_exception),
      .out_valid(to_exception_valid),
      .out_ready(route_pop),
      .out_data(to_exception)
  );

  assign exception_valid = beat_valid && to_exception_valid && to_exception;
  assign align_valid = beat_valid && to_exception_valid && !to_exception;
  assign beat_ready = to_exception_valid && (to_exception ? exception_ready : align_ready);
  assign route_pop = beat_valid && beat_ready && beat_last;

  `SAPULSE_ASSERT(clk, rst, !(job_valid && !is_exception && !is_ping && !is_echo), "dispatch: unknown route")
  `SAPULSE_ASSERT(clk, rst, !(job_fire && is_ping) || record.control.length[15:14] == 2'd0, "dispatch: nested packet too long")

endmodule

`default_nettype wire
