// SPDX-License-Identifier: Apache-2.0
// The card without its MACs and its host bus; see docs/architecture.md.
//
// SA_CAPACITY  number of SAs: 1024, 16384 or 65536
// CLOCK_KHZ    frequency of aclk, for the clock in ns and the register of that name
//
// aresetn      synchronous, active low, at least two cycles
// git_hash     first 32 bits of the commit, for the register of that name; constant
// line_*, core_*  frames without FCS: byte i of a beat at data[8i+7:8i], keep contiguous from bit 0 and full but for the last beat.
//              user, valid with last: the MAC has found the frame bad. line: the network; core: the gateway.
//              Frames that only pass keep their gaps, so a MAC that cannot take gaps needs a buffer that holds whole frames.
// axil         registers (docs/registers.md); they are for everyone who can reach them, so its protection type is ignored
// axi          host memory; see host_interface
// bus_fault    a pulse: a flipped bit on the way between the host's bus and axil or axi
// irq          levels, in the order of INTERRUPT_STATUS
`default_nettype none

module sapulse_core #(
    parameter int unsigned SA_CAPACITY = 1024,
    parameter int unsigned CLOCK_KHZ = 322266
) (
    input wire        aclk,
    input wire        aresetn,
    input wire [31:0] git_hash,

    stream_if.sink   line_rx,  // axis_beat, as the next three
    stream_if.source line_tx,
    stream_if.sink   core_rx,
    stream_if.source core_tx,

    axil_if.subordinate axil,
    axi_if.manager      axi,
    input wire          bus_fault,

    output logic [sapulse_pkg::REG_INTERRUPT_STATUS_BITS-1:0] irq
);

  if (SA_CAPACITY != 1024 && SA_CAPACITY != 16384 && SA_CAPACITY != 65536) begin : g_capacity
    $error("sapulse_core: SA_CAPACITY must be 1024, 16384 or 65536");
  end
  if (CLOCK_KHZ < 4000 || CLOCK_KHZ > 1000000) begin : g_clock
    $error("sapulse_core: CLOCK_KHZ must be between 4000 and 1000000");
  end

  // Customer frames that wait while the longest answer or frame from the host (145 beats) leaves on line TX.
  localparam int unsigned CORE_BEATS = 256;

  logic clk, rst;
  assign clk = aclk;
  always_ff @(posedge aclk) rst <= !aresetn;

  // Configuration and clock.
  datapath_pkg::config_t cfg;
  logic tables_ready, requester_ready, line_idle, tables_busy;
  datapath_pkg::control_load_t control_load;
  logic [7:0] action_spi;
  logic [2:0] action;
  logic [63:0] now, uptime;

  // Rate limits: policy cannot wait, so the control path asks when policy does not.
  limit_if line_limit (), control_limit (), limit ();
  assign limit.valid = line_limit.valid || control_limit.valid;
  assign limit.cause = line_limit.valid ? line_limit.cause : control_limit.cause;
  assign line_limit.grant = limit.grant;
  assign line_limit.pass = limit.pass;
  assign control_limit.grant = limit.grant && !line_limit.valid;
  assign control_limit.pass = limit.pass;

  // Between the data path and sa_tables. Contexts are for answers and for messages of the card's own.
  sa_lookup_if lookup ();
  sa_key_if key ();
  sa_window_if window ();
  sa_context_if answer_context (), own_context (), reply_context ();
  sa_path_if path ();
  sa_pkg::passage_t [sa_pkg::ENTER_PORTS-1:0] enter;
  sa_pkg::passage_t [sa_pkg::LEAVE_PORTS-1:0] leave;
  sa_pkg::customer_t customer;
  logic epoch;
  command_if command (), sa_command ();

  // From line RX on.
  frame_write_if control ();
  stream_if #(datapath_pkg::control_job_t) job ();
  datapath_pkg::port_beat_t line_received;
  datapath_pkg::ending_t line_end;
  logic fragment, copy_lost;
  sa_pkg::faults_t table_faults, requester_faults;
  stream_if #(sa_pkg::table_fault_t) fault ();
  logic [3:0] fault_count;

  // Flipped bits in FIFOs and in what host_interface keeps. Nobody knows what has become of one in the control path, so from then
  // on nothing of it leaves on line TX, until a reset: long before the word that it was in can be in an answer that is whole. A
  // customer's frame is marked bad where it leaves.
  logic [1:0] line_faults;
  logic control_fault, requester_fault, host_fault, core_fault, stopped;
  logic [4:0] own_faults;  // of the control path
  logic [2:0] memory_faults;  // how many
  assign own_faults = {line_faults[0], control_fault, requester_fault, host_fault, bus_fault};
  always_ff @(posedge clk) begin
    stopped <= (stopped || own_faults != '0) && !rst;
    memory_faults <= '0;
    if (!rst) begin
      memory_faults <= 3'(own_faults[0]) + 3'(own_faults[1]) + 3'(own_faults[2]) + 3'(own_faults[3])
          + 3'(own_faults[4]) + 3'(line_faults[1]) + 3'(core_fault);
    end
  end

  line_path u_line (
      .clk, .rst, .now,
      .uptime(uptime[31:0]),
      .enable(cfg.enable && tables_ready && requester_ready),
      .cfg, .action_spi, .action,
      .line(line_rx),
      .core(core_tx),
      .lookup,
      .enter(enter[0]),
      .leave(leave[0]),
      .customer,
      .limit(line_limit),
      .load(control_load),
      .control, .job,
      .line_end, .fragment, .copy_lost,
      .received(line_received),
      .idle(line_idle),
      .fifo_faults(line_faults)
  );

  // Frames for the card.
  stream_if #(sapulse_pkg::axis_beat) answer_frame ();
  stream_if #(datapath_pkg::answer_t) answer ();
  ring_entry_if exceptions (), events ();
  stream_if #(datapath_pkg::control_job_t) match_job (), moved_job ();
  stream_if #(sapulse_pkg::payload_beat) match (), request ();
  stream_if #(datapath_pkg::seal_order_t) request_order ();
  datapath_pkg::ending_t sent;
  datapath_pkg::ending_t [1:0] requester_ends;
  datapath_pkg::ending_t [2:0] control_ends;
  logic refusal_copy_lost;

  control_path u_control (
      .clk, .rst, .now,
      .control, .job,
      .key, .window,
      .answer_context,
      .copies(cfg.exception_copies[1:0]),
      .limit(control_limit),
      .exceptions,
      .match_job, .match, .moved_job,
      .matched(requester_ends[1].valid),
      .request, .request_order,
      .frame(answer_frame),
      .answer,
      .endings(control_ends),
      .copy_lost(refusal_copy_lost),
      .leave(leave[2:1]),
      .load(control_load),
      .fifo_fault(control_fault)
  );

  // Messages of the card's own.
  requester #(
      .SA_CAPACITY(SA_CAPACITY)
  ) u_requester (
      .clk, .rst,
      .ready(requester_ready),
      .now, .uptime,
      .settings('{tables_ready: tables_ready, probing: cfg.probing, seed: cfg.transaction_seed}),
      .customer,
      .command, .sa_command,
      .epoch,
      .enter(enter[1]),
      .leave(leave[5:4]),
      .path,
      .own_context,
      .request, .request_order,
      .match_job, .match, .moved_job,
      .endings(requester_ends),
      .faults(requester_faults),
      .fault, .events,
      .fifo_fault(requester_fault)
  );

  context_mux u_contexts (
      .clk,
      .answer(answer_context),
      .own(own_context),
      .tables(reply_context)
  );

  // Line TX.
  stream_if #(sapulse_pkg::axis_beat) core_in (), host_frame ();
  stream_if #(datapath_pkg::counted_beat_t) core_counted (), core_waiting ();

  axis_register u_core_input (.clk, .rst, .in(core_rx), .out(core_in));

  assign core_counted.valid = core_in.valid;
  assign core_counted.data = '{bytes: datapath_pkg::keep_count(core_in.data.keep), beat: core_in.data};
  assign core_in.ready = core_counted.ready;

  datapath_pkg::sums_t core_sums;
  customer_fifo #(
      .T(datapath_pkg::counted_beat_t),
      .DEPTH(CORE_BEATS)
  ) u_core_fifo (
      .clk, .rst,
      .in(core_counted),
      .out(core_waiting),
      .sums(core_sums),
      .fault(core_fault)
  );

  tx_arbiter u_tx (
      .clk, .rst,
      .share(cfg.tx_share),
      .stop(stopped),
      .core(core_waiting),
      .reply(answer_frame),
      .host(host_frame),
      .line(line_tx),
      .core_sums,
      .answer,
      .sent,
      .leave(leave[3])
  );

  // Counters.
  localparam int unsigned PORTS = 4;
  localparam int unsigned ENDINGS = 10;
  datapath_pkg::port_beat_t [PORTS-1:0] port_beats;
  logic [PORTS-1:0][1:0][6:0] port_increments;
  datapath_pkg::ending_t [ENDINGS-1:0] endings;
  datapath_pkg::increments_t frame_increments, increments;

  // In the order of the counters of the ports.
  assign port_beats[0] = line_received;
  assign port_beats[1] = '{fire: line_tx.valid && line_tx.ready, last: line_tx.data.last, keep: line_tx.data.keep};
  assign port_beats[2] = '{fire: core_in.valid && core_in.ready, last: core_in.data.last, keep: core_in.data.keep};
  assign port_beats[3] = '{fire: core_tx.valid && core_tx.ready, last: core_tx.data.last, keep: core_tx.data.keep};
  for (genvar i = 0; i < PORTS; i++) begin : g_port
    port_monitor u_monitor (.clk, .rst, .beat(port_beats[i]), .frames(port_increments[i][0]), .bytes(port_increments[i][1]));
  end

  assign endings = {
    line_end, control_ends, requester_ends, sent,
    fragment, sapulse_pkg::COUNTER_FRAGMENTS,
    copy_lost, sapulse_pkg::COUNTER_COPIES_LIMITED,
    refusal_copy_lost, sapulse_pkg::COUNTER_COPIES_LIMITED
  };
  counter_sum #(
      .ENDINGS(ENDINGS)
  ) u_counters (
      .clk, .rst,
      .endings, .port_increments,
      .increments(frame_increments)
  );
  always_comb begin
    increments = frame_increments;
    increments[sapulse_pkg::COUNTER_TABLE_FAULTS] = 7'(fault_count);
    increments[sapulse_pkg::COUNTER_MEMORY_FAULTS] = 7'(memory_faults);
  end

  sa_tables #(
      .SA_CAPACITY(SA_CAPACITY)
  ) u_tables (
      .clk, .rst,
      .ready(tables_ready),
      .lookup,
      .enter, .leave, .epoch,
      .busy(tables_busy),
      .customer,
      .key, .window,
      .reply_context,
      .path,
      .command(sa_command),
      .faults(table_faults)
  );

  sa_faults u_faults (
      .clk, .rst,
      .ready(tables_ready && requester_ready),
      .faults(table_faults | requester_faults),
      .count(fault_count),
      .fault
  );

  host_interface #(
      .SA_CAPACITY(SA_CAPACITY),
      .CLOCK_KHZ(CLOCK_KHZ)
  ) u_host (
      .clk, .rst,
      .git_hash,
      .axil, .axi, .irq,
      .cfg, .action_spi, .action,
      .now, .uptime,
      .limit,
      .increments,
      .tables_ready(tables_ready && requester_ready),
      .datapath_idle(line_idle && control_load.idle && !tables_busy),
      .command,
      .exceptions, .events,
      .frame(host_frame),
      .stopped,
      .memory_fault(host_fault)
  );

endmodule

`default_nettype wire
