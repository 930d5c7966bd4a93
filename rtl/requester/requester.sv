// SPDX-License-Identifier: Apache-2.0
// The card asks: pings and messages for commands of the host, probes, and the replies to them.
//
// cfg_probing, data_*: see prober.
// cmd_*, rsp_*: commands of the host; those about SAs go on as sa_cmd_*, sa_rsp_* with the same descriptor.
// epoch, enter_*, leave_*, path_*, reply_*, ctx_*: sa_tables; leave: two ports, of messages that cannot be sent and of replies.
// request_*: messages on their way to seal_path. match_*: replies, from open_gate. end_*: a reply has ended, with its counter.
// unsent: a probe could not be sent.
// evt_*: see host_interface. ready: low after reset until everything here has been cleared.
`default_nettype none

module requester #(
    parameter int unsigned SA_CAPACITY = 1024
) (
    input  wire         clk,
    input  wire         rst,
    input  wire         tables_ready,
    output logic        ready,
    input  wire  [63:0] now,
    input  wire  [63:0] uptime,
    input  wire         cfg_probing,

    input  wire                             data_valid,
    input  wire [datapath_pkg::SA_BITS-1:0] data_sa,

    input  wire           cmd_valid,
    output logic          cmd_ready,
    input  wire  [2047:0] cmd_descriptor,
    output logic          rsp_valid,
    input  wire           rsp_ready,
    output logic [   7:0] rsp_status,
    output logic [ 511:0] rsp_completion,
    output logic          sa_cmd_valid,
    input  wire           sa_cmd_ready,
    input  wire           sa_rsp_valid,
    output logic          sa_rsp_ready,
    input  wire  [   7:0] sa_rsp_status,
    input  wire  [ 511:0] sa_rsp_completion,

    input  wire        epoch,
    output logic       enter_valid,
    output logic       enter_epoch,
    output logic [1:0] leave_valid,
    output logic [1:0] leave_epoch,

    output logic [datapath_pkg::SA_BITS-1:0] path_sa,
    input  sa_pkg::path_t                    path,
    output logic                             reply_valid,
    input  wire                              reply_ready,
    output logic [datapath_pkg::SA_BITS-1:0] reply_sa,
    input  wire                              ctx_valid,
    input  sa_pkg::reply_ctx                 ctx,

    output logic                           request_valid,
    input  wire                            request_ready,
    output sapulse_types_pkg::payload_beat request,
    output logic                           request_seal_valid,
    input  wire                            request_seal_ready,
    output sapulse_types_pkg::seal_job     request_seal_job,
    output sapulse_types_pkg::header_job   request_header,
    output datapath_pkg::answer_t          request_answer,

    input  wire                        match_job_valid,
    output logic                       match_job_ready,
    input  datapath_pkg::control_job_t match_job,
    input  wire                        match_valid,
    output logic                       match_ready,
    input  wire  [511:0]               match_data,
    input  wire                        match_last,
    output logic                       end_valid,
    output logic [5:0]                 end_counter,
    output logic                       unsent,

    input  wire          evt_room,
    output logic         evt_valid,
    input  wire          evt_ready,
    output logic [511:0] evt_data,
    output logic         evt_last
);

  localparam int unsigned SA_W = $clog2(SA_CAPACITY);

  logic pings_ready, prober_ready;
  assign ready = pings_ready && prober_ready;

  // Commands pass those of the requester, then those of the prober, on their way to sa_tables.
  logic probe_cmd_valid, probe_cmd_ready, probe_rsp_valid, probe_rsp_ready;
  logic [7:0] probe_rsp_status;
  logic [511:0] probe_rsp_completion;

  logic order_valid, order_ready, done_valid, done_usable;
  logic [63:0] done_n, done_t_origin;
  requester_pkg::order_t order;
  logic free_valid, open_valid, open_ready;
  logic [31:0] free_transaction, open_cookie;
  logic [15:0] open_sa;
  logic [63:0] open_t_origin, open_deadline;

  request_commands #(
      .SA_CAPACITY(SA_CAPACITY)
  ) u_commands (
      .clk,
      .rst,
      .ready(tables_ready && ready),
      .uptime,
      .cmd_valid,
      .cmd_ready,
      .cmd_descriptor,
      .rsp_valid,
      .rsp_ready,
      .rsp_status,
      .rsp_completion,
      .sa_cmd_valid(probe_cmd_valid),
      .sa_cmd_ready(probe_cmd_ready),
      .sa_rsp_valid(probe_rsp_valid),
      .sa_rsp_ready(probe_rsp_ready),
      .sa_rsp_status(probe_rsp_status),
      .sa_rsp_completion(probe_rsp_completion),
      .order_valid,
      .order_ready,
      .order,
      .done_usable,
      .done_n,
      .done_t_origin,
      .free_valid,
      .free_transaction,
      .open_valid,
      .open_ready,
      .open_sa,
      .open_cookie,
      .open_t_origin,
      .open_deadline
  );

  logic probe_command_valid, probe_command_ready, probe_done_valid;
  logic [1:0] probe_command;
  logic [SA_W-1:0] probe_command_sa;
  logic [3:0] probe_command_count;
  prober_pkg::config_t probe_command_config;
  prober_pkg::report_t probe_report;

  prober_commands #(
      .SA_CAPACITY(SA_CAPACITY)
  ) u_probe_commands (
      .clk,
      .rst,
      .ready(prober_ready),
      .cmd_valid(probe_cmd_valid),
      .cmd_ready(probe_cmd_ready),
      .cmd_descriptor,
      .rsp_valid(probe_rsp_valid),
      .rsp_ready(probe_rsp_ready),
      .rsp_status(probe_rsp_status),
      .rsp_completion(probe_rsp_completion),
      .next_cmd_valid(sa_cmd_valid),
      .next_cmd_ready(sa_cmd_ready),
      .next_rsp_valid(sa_rsp_valid),
      .next_rsp_ready(sa_rsp_ready),
      .next_rsp_status(sa_rsp_status),
      .next_rsp_completion(sa_rsp_completion),
      .command_valid(probe_command_valid),
      .command_ready(probe_command_ready),
      .command(probe_command),
      .command_sa(probe_command_sa),
      .command_config(probe_command_config),
      .command_count(probe_command_count),
      .done_valid(probe_done_valid),
      .done_report(probe_report)
  );

  logic probe_valid, probe_ready;
  logic [SA_W-1:0] probe_sa;
  logic [29:0] probe_number;
  logic [13:0] probe_length;
  requester_pkg::order_t probe;
  always_comb begin
    probe.raw = 1'b0;
    probe.sa = 16'(probe_sa);
    probe.transaction = {2'b11, probe_number};
    probe.length = probe_length;
    probe.message = datapath_pkg::MESSAGE_ECHO_REQUEST;
    probe.code = 8'd0;
    probe.body = '0;
    probe.counter = sapulse_pkg::COUNTER_PROBES;
  end

  logic job_valid, job_ready;
  sapulse_types_pkg::request_job job;

  request_start u_start (
      .clk,
      .rst,
      .now,
      .order_valid,
      .order_ready,
      .order,
      .probe_valid,
      .probe_ready,
      .probe,
      .done_valid,
      .done_usable,
      .done_n,
      .done_t_origin,
      .epoch,
      .enter_valid,
      .enter_epoch,
      .leave_valid(leave_valid[0]),
      .leave_epoch(leave_epoch[0]),
      .path_sa,
      .path,
      .reply_valid,
      .reply_ready,
      .reply_sa,
      .ctx_valid,
      .ctx,
      .job_valid,
      .job_ready,
      .job,
      .seal_valid(request_seal_valid),
      .seal_ready(request_seal_ready),
      .seal_job(request_seal_job),
      .seal_header(request_header),
      .seal_answer(request_answer)
  );
  assign unsent = probe_ready && !done_usable;

  request u_request (
      .ap_clk(clk),
      .ap_rst_n(!rst),
      .job_tdata(job),
      .job_tvalid(job_valid),
      .job_tready(job_ready),
      .packet_tdata(request),
      .packet_tvalid(request_valid),
      .packet_tready(request_ready)
  );

  logic ping_valid, ping_ready, ping_result_valid, probed_valid, probed_ready, verdict_valid;
  logic [1:0] ping_result, verdict;
  requester_pkg::reply_t reply;

  reply_match u_match (
      .clk,
      .rst,
      .job_valid(match_job_valid),
      .job_ready(match_job_ready),
      .job(match_job),
      .beat_valid(match_valid),
      .beat_ready(match_ready),
      .beat_data(match_data),
      .beat_last(match_last),
      .ping_valid,
      .ping_ready,
      .reply,
      .ping_result_valid,
      .ping_result,
      .probe_valid(probed_valid),
      .probe_ready(probed_ready),
      .verdict_valid,
      .verdict,
      .end_valid,
      .end_counter,
      .end_epoch(leave_epoch[1])
  );
  assign leave_valid[1] = end_valid;

  logic event_valid, event_ready, event_full;
  requester_pkg::event_t ping_event;

  ping_table u_pings (
      .clk,
      .rst,
      .ready(pings_ready),
      .uptime,
      .free_valid,
      .free_transaction,
      .open_valid,
      .open_ready,
      .open_sa,
      .open_cookie,
      .open_t_origin,
      .open_deadline,
      .reply_valid(ping_valid),
      .reply_ready(ping_ready),
      .reply,
      .result_valid(ping_result_valid),
      .result(ping_result),
      .event_valid,
      .event_ready,
      .event_full,
      .event_out(ping_event)
  );

  logic change_valid, change_ready;
  prober_pkg::event_t change;
  requester_pkg::event_t probe_event;

  prober #(
      .SA_CAPACITY(SA_CAPACITY)
  ) u_prober (
      .clk,
      .rst,
      .ready(prober_ready),
      .enable(cfg_probing),
      .uptime,
      .now,
      .data_valid,
      .data_sa(data_sa[SA_W-1:0]),
      .command_valid(probe_command_valid),
      .command_ready(probe_command_ready),
      .command(probe_command),
      .command_sa(probe_command_sa),
      .command_config(probe_command_config),
      .command_count(probe_command_count),
      .done_valid(probe_done_valid),
      .done_report(probe_report),
      .reply_valid(probed_valid),
      .reply_ready(probed_ready),
      .reply_sa(reply.sa[SA_W-1:0]),
      .reply_number(reply.transaction[29:0]),
      .reply_t_origin(reply.t_origin),
      .reply_t_arrival(reply.t_arrival),
      .verdict_valid,
      .verdict,
      .request_valid(probe_valid),
      .request_ready(probe_ready),
      .request_sa(probe_sa),
      .request_number(probe_number),
      .request_length(probe_length),
      .event_valid(change_valid),
      .event_ready(change_ready),
      .event_out(change)
  );

  always_comb begin
    probe_event = '0;
    probe_event.kind = sapulse_pkg::EVENT_KIND_PROBE_STATE;
    probe_event.state = change.state;
    probe_event.previous = change.previous;
    probe_event.sa = change.sa;
    probe_event.rtt = change.rtt;
    probe_event.heard = change.heard;
    probe_event.probes = {2'd0, change.probes};
    probe_event.replies = change.replies;
  end

  logic unused;
  assign unused = ^{done_valid, data_sa, reply.sa};  // SA numbers have fewer bits with fewer SAs

  event_writer u_events (
      .clk,
      .rst,
      .now,
      .ping_valid(event_valid),
      .ping_ready(event_ready),
      .ping(ping_event),
      .probe_valid(change_valid),
      .probe_ready(change_ready),
      .probe(probe_event),
      .probe_made(change.time_ns),
      .full(event_full),
      .evt_room,
      .evt_valid,
      .evt_ready,
      .evt_data,
      .evt_last
  );

endmodule

`default_nettype wire
