// SPDX-License-Identifier: Apache-2.0
// sa_tables with loose ports.
`default_nettype none

module sa_tables_bench #(
    parameter int unsigned SA_CAPACITY = 1024
) (
    input  wire  clk,
    input  wire  rst,
    output logic ready,

    input  wire          lookup_valid,
    input  wire  [ 31:0] lookup_spi,
    output logic         result_valid,
    output logic         result_found,
    output sa_pkg::sa_t  result_sa,
    output logic         result_epoch,

    input  wire  [sa_pkg::ENTER_PORTS-1:0] enter_valid,
    input  wire  [sa_pkg::ENTER_PORTS-1:0] enter_epoch,
    input  wire  [sa_pkg::LEAVE_PORTS-1:0] leave_valid,
    input  wire  [sa_pkg::LEAVE_PORTS-1:0] leave_epoch,
    output logic                           epoch,
    output logic                           busy,

    input wire              data_valid,
    input wire sa_pkg::sa_t data_sa,
    input wire [31:0]       data_sequence,

    input  wire                     in_valid,
    input  wire sa_pkg::sa_t        in_sa,
    output logic                    in_key_valid,
    output sapulse_pkg::key_t       in_key,

    input  wire              verdict_valid,
    output logic             verdict_ready,
    input  wire sa_pkg::sa_t verdict_sa,
    input  wire [63:0]       verdict_n,
    input  wire              verdict_ok,
    input  wire              verdict_late,
    input  wire [127:0]      verdict_address,
    input  wire [15:0]       verdict_port,
    output logic             accept_valid,
    output logic             accept,
    output logic             accept_down,
    output logic             accept_moved,

    input  wire                reply_valid,
    output logic               reply_ready,
    input  wire sa_pkg::sa_t   reply_sa,
    input  wire                reply_dropped,
    output logic               ctx_valid,
    output sa_pkg::reply_ctx_t ctx,

    input  wire              path_valid,
    input  wire sa_pkg::sa_t path_sa,
    output sa_pkg::path_t    path,

    input  wire                                        cmd_valid,
    output logic                                       cmd_ready,
    input  wire  [   8*sapulse_pkg::COMMAND_BYTES-1:0] cmd_descriptor,
    output logic                                       rsp_valid,
    input  wire                                        rsp_ready,
    output logic [                                7:0] rsp_status,
    output logic [8*sapulse_pkg::COMPLETION_BYTES-1:0] rsp_completion,

    output logic [sapulse_pkg::SA_TABLES-1:0]                 fault_found,
    output sa_pkg::entry_number_t [sapulse_pkg::SA_TABLES-1:0] fault_entry,
    output logic [3:0]                                        fault_count,
    output logic                                              fault_valid,
    input  wire                                               fault_ready,
    output logic [3:0]                                        fault_table,
    output sa_pkg::entry_number_t                             fault_number
);

  sa_lookup_if lookup ();
  assign lookup.valid = lookup_valid;
  assign lookup.spi = lookup_spi;
  assign result_valid = lookup.result_valid;
  assign result_found = lookup.found;
  assign result_sa = lookup.sa;
  assign result_epoch = lookup.epoch;

  sa_pkg::passage_t [sa_pkg::ENTER_PORTS-1:0] enter;
  sa_pkg::passage_t [sa_pkg::LEAVE_PORTS-1:0] leave;
  for (genvar i = 0; i < sa_pkg::ENTER_PORTS; i++) begin : g_enter
    assign enter[i] = '{valid: enter_valid[i], epoch: enter_epoch[i]};
  end
  for (genvar i = 0; i < sa_pkg::LEAVE_PORTS; i++) begin : g_leave
    assign leave[i] = '{valid: leave_valid[i], epoch: leave_epoch[i]};
  end

  sa_pkg::customer_t customer;
  assign customer = '{valid: data_valid, sa: data_sa, sequence_number: data_sequence};

  sa_key_if key ();
  assign key.valid = in_valid;
  assign key.sa = in_sa;
  assign in_key_valid = key.key_valid;
  assign in_key = key.key;

  sa_window_if window ();
  assign window.valid = verdict_valid;
  assign window.sa = verdict_sa;
  assign window.n = verdict_n;
  // verdict_ok belongs to the question of the same handshake; its verdict comes as soon as it can, unless verdict_late is 1.
  assign window.verdict_valid = !verdict_late;
  always_ff @(posedge clk) if (window.valid && window.ready) window.ok <= verdict_ok;
  assign window.source = '{address: verdict_address, port: verdict_port};
  assign verdict_ready = window.ready;
  assign accept_valid = window.accept_valid;
  assign accept = window.accept;
  assign accept_down = window.down;
  assign accept_moved = window.moved;

  sa_context_if reply_context ();
  assign reply_context.valid = reply_valid;
  assign reply_context.sa = reply_sa;
  // The question of the same handshake is not kept.
  logic [sa_pkg::KEPT_LATENCY-1:0] dropped;
  always_ff @(posedge clk) dropped <= {dropped[sa_pkg::KEPT_LATENCY-2:0], reply_dropped};
  assign reply_context.kept = !dropped[sa_pkg::KEPT_LATENCY-1];
  assign reply_ready = reply_context.ready;
  assign ctx_valid = reply_context.context_valid;
  assign ctx = reply_context.ctx;

  sa_path_if path_if ();
  assign path_if.valid = path_valid;
  assign path_if.sa = path_sa;
  assign path = path_if.path;

  sa_pkg::faults_t faults;
  stream_if #(sa_pkg::table_fault_t) fault ();
  assign fault_valid = fault.valid;
  assign fault.ready = fault_ready;
  assign fault_table = fault.data.sa_table;
  assign fault_number = fault.data.entry;

  command_if command ();
  assign command.cmd_valid = cmd_valid;
  assign command.descriptor = cmd_descriptor;
  assign command.rsp_ready = rsp_ready;
  assign cmd_ready = command.cmd_ready;
  assign rsp_valid = command.rsp_valid;
  assign rsp_status = command.status;
  assign rsp_completion = command.completion;

  sa_tables #(
      .SA_CAPACITY(SA_CAPACITY)
  ) u_tables (
      .clk, .rst, .ready,
      .lookup,
      .enter, .leave, .epoch, .busy,
      .customer,
      .key, .window, .reply_context,
      .path(path_if),
      .command,
      .faults
  );

  sa_faults u_faults (.clk, .rst, .ready, .faults, .count(fault_count), .fault);

  // What each table has found in this cycle.
  for (genvar i = 0; i < sapulse_pkg::SA_TABLES; i++) begin : g_fault
    assign fault_found[i] = faults[i].valid;
    assign fault_entry[i] = faults[i].entry;
  end

endmodule

`default_nettype wire
