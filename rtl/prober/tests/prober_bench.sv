// SPDX-License-Identifier: Apache-2.0
// prober with the fields of its structures as ports, and a look inside at each operation when it is written back (tap_*): what a
// model cannot know from outside is the order of operations and what each of them found (time, room, random part of the interval).
`default_nettype none

module prober_bench #(
    parameter int unsigned SA_CAPACITY = 16,
    localparam int unsigned SA_W = $clog2(SA_CAPACITY)
) (
    input  wire             clk,
    input  wire             rst,
    output logic            ready,
    input  wire             enable,
    input  wire  [    63:0] uptime,
    input  wire  [    63:0] now,
    input  wire             data_valid,
    input  wire  [SA_W-1:0] data_sa,

    input  wire             command_valid,
    output logic            command_ready,
    input  wire  [     1:0] command,
    input  wire  [SA_W-1:0] command_sa,
    input  wire             config_enable,
    input  wire             config_data_alive,
    input  wire  [     6:0] config_jitter,
    input  wire  [    13:0] config_length,
    input  wire  [    29:0] config_interval,
    input  wire  [    30:0] config_suspect,
    input  wire  [    30:0] config_detect,
    input  wire  [     3:0] command_count,
    output logic            done_valid,
    output logic [     2:0] done_state,
    output logic [    31:0] done_rtt,
    output logic [    29:0] done_probes,
    output logic [    31:0] done_replies,
    output logic [    31:0] done_heard,

    input  wire             reply_valid,
    output logic            reply_ready,
    input  wire  [SA_W-1:0] reply_sa,
    input  wire  [    29:0] reply_number,
    input  wire  [    63:0] reply_t_origin,
    input  wire  [    63:0] reply_t_arrival,
    output logic            verdict_valid,
    output logic [     1:0] verdict,

    output logic            request_valid,
    input  wire             request_ready,
    output logic [SA_W-1:0] request_sa,
    output logic [    29:0] request_number,
    output logic [    13:0] request_length,

    output logic            event_valid,
    input  wire             event_ready,
    output logic [    15:0] event_sa,
    output logic [     2:0] event_previous,
    output logic [    63:0] event_time_ns,
    output logic [     2:0] event_state,
    output logic [    31:0] event_rtt,
    output logic [    29:0] event_probes,
    output logic [    31:0] event_replies,
    output logic [    31:0] event_heard,

    output logic            entry_fault,
    output logic [    16:0] entry_fault_sa,
    output logic            data_fault,
    output logic [    16:0] data_fault_sa,

    output logic            tap_valid,
    output logic [     2:0] tap_kind,
    output logic [SA_W-1:0] tap_sa,
    output logic [    31:0] tap_now,   // the time at present
    output logic [    31:0] tap_tick,  // the time that the operation found
    output logic [    31:0] tap_due,
    output logic            tap_request_room,
    output logic            tap_event_room,
    output logic            tap_probing
);

  stream_if #(prober_pkg::probe_command_t) probe_command ();
  stream_if #(prober_pkg::probe_reply_t) probe_reply ();
  stream_if #(prober_pkg::probe_t) probe ();
  stream_if #(prober_pkg::change_t) change ();
  prober_pkg::probe_done_t probe_done;
  prober_pkg::probe_verdict_t probe_verdict;

  assign probe_command.valid = command_valid;
  assign command_ready = probe_command.ready;
  assign probe_command.data = {
    command, 16'(command_sa), config_enable, config_data_alive, config_jitter, config_length, config_interval, config_suspect,
    config_detect, command_count
  };
  assign {done_valid, done_state, done_rtt, done_probes, done_replies, done_heard} = probe_done;

  assign probe_reply.valid = reply_valid;
  assign reply_ready = probe_reply.ready;
  assign probe_reply.data = '{sa: 16'(reply_sa), number: reply_number, t_origin: reply_t_origin, t_arrival: reply_t_arrival};
  assign verdict_valid = probe_verdict.valid;
  assign verdict = probe_verdict.verdict;

  assign request_valid = probe.valid;
  assign probe.ready = request_ready;
  assign request_sa = probe.data.sa[SA_W-1:0];
  assign request_number = probe.data.number;
  assign request_length = probe.data.length;

  assign event_valid = change.valid;
  assign change.ready = event_ready;
  assign {event_sa, event_previous, event_time_ns, event_state, event_rtt, event_probes, event_replies, event_heard} = change.data;

  prober #(
      .SA_CAPACITY(SA_CAPACITY),
      .QUEUE(16)  // small enough to fill
  ) u_dut (
      .clk, .rst, .ready,
      .probing(enable),
      .uptime, .now,
      .customer('{valid: data_valid, sa: 16'(data_sa), sequence_number: '0}),
      .probe_command, .probe_done,
      .probe_reply, .probe_verdict,
      .probe, .change,
      .entry_fault({entry_fault, entry_fault_sa}),
      .data_fault({data_fault, data_fault_sa}),
      .fifo_fault()
  );

  assign tap_valid = u_dut.ended.valid;
  assign tap_kind = u_dut.ended.kind;
  assign tap_sa = u_dut.ended.sa[SA_W-1:0];
  assign tap_now = u_dut.tick;
  assign tap_due = u_dut.ended.entry.due;
  logic request_room_q, event_room_q, probing_q;
  always_ff @(posedge clk) begin
    tap_tick <= u_dut.u_step.tick_4;
    {request_room_q, event_room_q, probing_q} <= {u_dut.request_room, u_dut.event_room, enable};
    {tap_request_room, tap_event_room, tap_probing} <= {request_room_q, event_room_q, probing_q};
  end

endmodule

`default_nettype wire
