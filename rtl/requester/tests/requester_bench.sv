// SPDX-License-Identifier: Apache-2.0
// The whole requester of a card of 1024 SAs whose paths and contexts are always there. Its kernel makes nothing: sent_* tell what a
// peer would repeat of a message.
`default_nettype none

// In place of the kernel.
module request (
    input  wire                      ap_clk,
    input  wire                      ap_rst_n,
    input  sapulse_pkg::request_job  job_tdata,
    input  wire                      job_tvalid,
    output logic                     job_tready,
    output sapulse_pkg::payload_beat packet_tdata,
    output logic                     packet_tvalid,
    input  wire                      packet_tready,
    output logic                     memory_fault
);

  assign job_tready = 1'b1;
  assign packet_tdata = '0;
  assign packet_tvalid = 1'b0;
  assign memory_fault = 1'b0;
  wire unused = &{1'b0, ap_clk, ap_rst_n, job_tdata, job_tvalid, packet_tready};

endmodule

module requester_bench (
    input  wire         clk,
    input  wire         rst,
    output logic        ready,
    input  wire  [63:0] now,
    input  wire  [29:0] seed,

    input  wire           cmd_valid,
    output logic          cmd_ready,
    input  wire  [2047:0] cmd_descriptor,
    output logic          rsp_valid,
    output logic [   7:0] rsp_status,

    output logic         sent_valid,
    output logic [ 15:0] sent_sa,
    output logic [ 31:0] sent_transaction,
    output logic [ 63:0] sent_t_origin,

    input  wire          job_valid,
    output logic         job_ready,
    input  wire  [ 15:0] job_sa,
    input  wire  [ 31:0] job_transaction,
    input  wire  [ 63:0] job_received,
    input  wire          beat_valid,
    output logic         beat_ready,
    input  wire  [511:0] beat_data,
    input  wire          beat_last,
    output logic         end_valid,
    output logic [  5:0] end_counter,

    output logic         event_valid,
    output logic         event_last,
    output logic [511:0] event_data
);

  command_if command (), sa_command ();
  assign command.cmd_valid = cmd_valid;
  assign cmd_ready = command.cmd_ready;
  assign command.descriptor = cmd_descriptor;
  assign rsp_valid = command.rsp_valid;
  assign command.rsp_ready = 1'b1;
  assign rsp_status = command.status;
  assign sa_command.cmd_ready = 1'b0;
  assign sa_command.rsp_valid = 1'b0;
  assign sa_command.status = '0;
  assign sa_command.completion = '0;

  sa_path_if path ();
  assign path.path = '{valid: 1'b1, default: '0};

  // Contexts come as from sa_tables; the key stands for the SA.
  sa_context_if own_context ();
  logic [2:0] asked;
  logic [63:0] n;
  logic [15:0] asked_sa;
  always_ff @(posedge clk) begin
    asked <= {asked[1:0], own_context.valid && own_context.ready};
    if (own_context.valid) asked_sa <= own_context.sa;
    n <= rst ? 64'd1 : n + 64'd1;
  end
  assign own_context.ready = 1'b1;
  assign own_context.context_valid = asked[2];
  assign own_context.ctx = '{usable: 1'b1, spi: {asked_sa, 16'd1}, n: n, default: '0};

  stream_if #(sapulse_pkg::payload_beat) request (), match ();
  stream_if #(datapath_pkg::seal_order_t) request_order ();
  stream_if #(datapath_pkg::control_job_t) match_job (), moved_job ();
  assign moved_job.ready = 1'b1;
  assign request.ready = 1'b1;
  assign request_order.ready = 1'b1;
  assign sent_valid = u_dut.job.valid && u_dut.job.ready;
  assign sent_sa = u_dut.job.data.spi[31:16];
  assign sent_transaction = u_dut.job.data.transaction;
  assign sent_t_origin = u_dut.job.data.t_origin;

  assign match_job.valid = job_valid;
  assign job_ready = match_job.ready;
  always_comb begin
    match_job.data = '0;
    match_job.data.received = job_received;
    match_job.data.job.sa = job_sa;
    match_job.data.job.record.control.transaction = job_transaction;
  end
  assign match.valid = beat_valid;
  assign beat_ready = match.ready;
  assign match.data = '{last: beat_last, data: beat_data};

  datapath_pkg::ending_t [1:0] endings;
  assign {end_valid, end_counter} = endings[1];

  ring_entry_if events ();
  assign events.room = 1'b1;
  assign events.ready = 1'b1;
  assign event_valid = events.valid;
  assign {event_last, event_data} = events.beat;

  sa_pkg::passage_t enter;
  sa_pkg::passage_t [1:0] leave;
  sa_pkg::faults_t faults;
  stream_if #(sa_pkg::table_fault_t) fault ();
  assign fault.valid = 1'b0;
  wire unused = &{1'b0, enter, leave, endings[0], faults};

  requester #(
      .SA_CAPACITY(1024)
  ) u_dut (
      .clk, .rst,
      .ready, .now,
      .uptime(now),
      .settings('{tables_ready: 1'b1, probing: 1'b1, seed: seed}),
      .customer('0),
      .command, .sa_command,
      .epoch(1'b0),
      .enter, .leave, .path, .own_context,
      .request, .request_order,
      .match_job, .match, .moved_job,
      .endings, .faults, .fault, .events,
      .fifo_fault()
  );

endmodule

`default_nettype wire
