// SPDX-License-Identifier: Apache-2.0
// The card asks: pings and messages for commands of the host, probes, and the replies to them.
//
// ready: low after reset until everything here has been cleared. now, uptime: ns. customer: see prober.
// command: of the host; those about SAs go on as sa_command, with the same descriptor.
// epoch, enter, leave, path, own_context: sa_tables; leave: of messages that cannot be sent and of replies.
// request, request_order: messages on their way to seal_path. match_job, match: replies, from open_gate.
// moved_job: see reply_match.
// endings: of a reply (1), of a probe that could not be sent (0).
// faults: damaged entries of the tables here. fault: one of any table, for an event.
// fifo_fault: of one of the FIFOs or kernels in here; see sync_fifo.
`default_nettype none

module requester #(
    parameter int unsigned SA_CAPACITY = 1024
) (
    input wire        clk,
    input wire        rst,
    output logic      ready,
    input wire [63:0] now,
    input wire [63:0] uptime,

    input wire requester_pkg::settings_t settings,
    input wire sa_pkg::customer_t customer,
    command_if.server             command,
    command_if.client             sa_command,

    input wire                     epoch,
    output sa_pkg::passage_t       enter,
    output sa_pkg::passage_t [1:0] leave,
    sa_path_if.client              path,
    sa_context_if.client           own_context,

    stream_if.source              request,        // payload_beat
    stream_if.source              request_order,  // seal_order_t
    stream_if.sink                match_job,      // control_job_t
    stream_if.sink                match,          // payload_beat
    stream_if.source              moved_job,      // control_job_t
    output datapath_pkg::ending_t [1:0] endings,
    output sa_pkg::faults_t       faults,
    stream_if.sink                fault,          // table_fault_t
    ring_entry_if.source          events,

    output logic fifo_fault
);

  logic [4:0] fifo_faults;
  assign fifo_fault = |fifo_faults;

  logic pings_ready, prober_ready;
  assign ready = pings_ready && prober_ready;

  // Commands pass those of the requester, then those of the prober, on their way to sa_tables.
  command_if passed_command ();
  stream_if #(requester_pkg::order_t) order (), probe_order ();
  requester_pkg::order_result_t order_result;
  requester_pkg::free_t free, wire_free;
  assign wire_free = '{valid: free.valid, transaction: requester_pkg::wire_transaction(free.transaction, settings.seed)};
  stream_if #(requester_pkg::sent_ping_t) open ();

  request_commands #(
      .SA_CAPACITY(SA_CAPACITY)
  ) u_commands (
      .clk, .rst,
      .ready(settings.tables_ready && ready),
      .uptime,
      .command,
      .next(passed_command),
      .order, .order_result,
      .free(wire_free),
      .open
  );

  stream_if #(prober_pkg::probe_command_t) probe_command ();
  prober_pkg::probe_done_t probe_done;

  prober_commands #(
      .SA_CAPACITY(SA_CAPACITY)
  ) u_probe_commands (
      .clk, .rst,
      .ready(prober_ready),
      .command(passed_command),
      .next(sa_command),
      .probe_command, .probe_done
  );

  // Messages.
  stream_if #(sapulse_pkg::request_job) job ();

  request_start u_start (
      .clk, .rst, .now,
      .order, .probe_order, .order_result,
      .epoch, .enter,
      .leave(leave[0]),
      .path, .own_context,
      .job, .request_order,
      .fifo_fault(fifo_faults[0])
  );

  request u_request (
      .ap_clk(clk), .ap_rst_n(!rst),
      .job_tdata(job.data), .job_tvalid(job.valid), .job_tready(job.ready),
      .packet_tdata(request.data), .packet_tvalid(request.valid), .packet_tready(request.ready),
      .memory_fault(fifo_faults[4])
  );

  // Replies.
  stream_if #(requester_pkg::reply_t) ping_reply ();
  requester_pkg::ping_verdict_t ping_verdict;
  stream_if #(prober_pkg::probe_reply_t) probe_reply ();
  prober_pkg::probe_verdict_t probe_verdict;

  reply_match u_match (
      .clk, .rst,
      .seed(settings.seed),
      .match_job, .match,
      .ping_reply, .ping_verdict,
      .probe_reply, .probe_verdict,
      .moved_job,
      .match_end(endings[1]),
      .leave(leave[1]),
      .fifo_fault(fifo_faults[1])
  );

  stream_if #(sapulse_pkg::event_t) table_event (), ping_event (), probe_event (), fault_event ();
  logic event_full;
  sa_pkg::fault_t ping_fault, entry_fault, data_fault;

  ping_table u_pings (
      .clk, .rst,
      .ready(pings_ready),
      .uptime,
      .free, .open,
      .ping_reply, .ping_verdict,
      .ping_event(table_event),
      .event_full,
      .fault(ping_fault),
      .fifo_fault(fifo_faults[2])
  );

  assign ping_event.valid = table_event.valid;
  assign table_event.ready = ping_event.ready;
  always_comb begin
    ping_event.data = table_event.data;
    ping_event.data.transaction = requester_pkg::wire_transaction(table_event.data.transaction, settings.seed);
  end

  // Probes.
  stream_if #(prober_pkg::probe_t) probe ();
  stream_if #(prober_pkg::change_t) change ();

  prober #(
      .SA_CAPACITY(SA_CAPACITY)
  ) u_prober (
      .clk, .rst,
      .ready(prober_ready),
      .probing(settings.probing),
      .uptime, .now, .customer,
      .probe_command, .probe_done,
      .probe_reply, .probe_verdict,
      .probe, .change,
      .entry_fault, .data_fault,
      .fifo_fault(fifo_faults[3])
  );

  always_comb begin
    faults = '0;
    faults[sapulse_pkg::SA_TABLE_PROBER] = entry_fault;
    faults[sapulse_pkg::SA_TABLE_CUSTOMER_TIME] = data_fault;
    faults[sapulse_pkg::SA_TABLE_PINGS] = ping_fault;
  end

  assign probe_order.valid = probe.valid;
  assign probe.ready = probe_order.ready;
  assign probe_order.data = '{
      raw: 1'b0,
      sa: probe.data.sa,
      transaction: requester_pkg::wire_transaction({2'b11, probe.data.number}, settings.seed),
      length: probe.data.length,
      message: sapulse_pkg::TYPE_ECHO_REQUEST,
      code: 8'd0,
      body: '0,
      counter: sapulse_pkg::COUNTER_PROBES
  };
  assign endings[0] = '{valid: probe.ready && !order_result.usable, counter: sapulse_pkg::COUNTER_PROBES_UNSENT};

  assign probe_event.valid = change.valid;
  assign change.ready = probe_event.ready;
  assign probe_event.data = '{
      kind: sapulse_pkg::EVENT_KIND_PROBE_STATE,
      state: 8'(change.data.report.state),
      previous: 8'(change.data.previous),
      sa: 32'(change.data.sa),
      time_ns: change.data.time_ns,
      rtt: change.data.report.rtt,
      heard: change.data.report.heard,
      probes: 32'(change.data.report.probes),
      replies: change.data.report.replies,
      default: '0
  };

  assign fault_event.valid = fault.valid;
  assign fault.ready = fault_event.ready;
  assign fault_event.data = '{
      kind: sapulse_pkg::EVENT_KIND_TABLE_FAULT,
      sa_table: 8'(fault.data.sa_table),
      entry: 32'(fault.data.entry),
      default: '0
  };

  event_writer u_events (
      .clk, .rst, .now,
      .ping_event, .fault_event, .probe_event, .event_full,
      .events
  );

endmodule

`default_nettype wire
