// SPDX-License-Identifier: Apache-2.0
// The card without its MACs and its host bus; see docs/architecture.md.
//
// SA_CAPACITY  number of SAs: 1024, 16384 or 65536
// CLOCK_KHZ    frequency of aclk, for the clock in ns and the register of that name
// GIT_HASH     first 32 bits of the commit, for the register of that name
//
// aresetn      synchronous, active low, at least two cycles
// *_axis_*     frames without FCS: byte i of a beat at tdata[8i+7:8i], tkeep contiguous from bit 0 and full but for the last beat.
//              tuser, valid with tlast: the MAC has found the frame bad. line: the network; core: the gateway.
//              Frames that only pass keep their gaps, so a MAC that cannot take gaps needs a buffer that holds whole frames.
// s_axil_*     registers (docs/registers.md), AXI4-Lite
// m_axi_*      host memory, AXI4; see host_interface
// irq          levels, in the order of INTERRUPT_STATUS
`default_nettype none

module sapulse_core #(
    parameter int unsigned SA_CAPACITY = 1024,
    parameter int unsigned CLOCK_KHZ = 322266,
    parameter logic [31:0] GIT_HASH = 32'h0
) (
    input wire aclk,
    input wire aresetn,

    input  wire  [511:0] s_axis_line_tdata,
    input  wire  [ 63:0] s_axis_line_tkeep,
    input  wire          s_axis_line_tlast,
    input  wire          s_axis_line_tuser,
    input  wire          s_axis_line_tvalid,
    output logic         s_axis_line_tready,

    output logic [511:0] m_axis_line_tdata,
    output logic [ 63:0] m_axis_line_tkeep,
    output logic         m_axis_line_tlast,
    output logic         m_axis_line_tuser,
    output logic         m_axis_line_tvalid,
    input  wire          m_axis_line_tready,

    input  wire  [511:0] s_axis_core_tdata,
    input  wire  [ 63:0] s_axis_core_tkeep,
    input  wire          s_axis_core_tlast,
    input  wire          s_axis_core_tuser,
    input  wire          s_axis_core_tvalid,
    output logic         s_axis_core_tready,

    output logic [511:0] m_axis_core_tdata,
    output logic [ 63:0] m_axis_core_tkeep,
    output logic         m_axis_core_tlast,
    output logic         m_axis_core_tuser,
    output logic         m_axis_core_tvalid,
    input  wire          m_axis_core_tready,

    input  wire  [15:0] s_axil_awaddr,
    input  wire  [ 2:0] s_axil_awprot,
    input  wire         s_axil_awvalid,
    output logic        s_axil_awready,
    input  wire  [31:0] s_axil_wdata,
    input  wire  [ 3:0] s_axil_wstrb,
    input  wire         s_axil_wvalid,
    output logic        s_axil_wready,
    output logic [ 1:0] s_axil_bresp,
    output logic        s_axil_bvalid,
    input  wire         s_axil_bready,
    input  wire  [15:0] s_axil_araddr,
    input  wire  [ 2:0] s_axil_arprot,
    input  wire         s_axil_arvalid,
    output logic        s_axil_arready,
    output logic [31:0] s_axil_rdata,
    output logic [ 1:0] s_axil_rresp,
    output logic        s_axil_rvalid,
    input  wire         s_axil_rready,

    output logic [  3:0] m_axi_awid,
    output logic [ 63:0] m_axi_awaddr,
    output logic [  7:0] m_axi_awlen,
    output logic [  2:0] m_axi_awsize,
    output logic [  1:0] m_axi_awburst,
    output logic         m_axi_awlock,
    output logic [  3:0] m_axi_awcache,
    output logic [  2:0] m_axi_awprot,
    output logic [  3:0] m_axi_awqos,
    output logic [  3:0] m_axi_awregion,
    output logic         m_axi_awvalid,
    input  wire          m_axi_awready,
    output logic [511:0] m_axi_wdata,
    output logic [ 63:0] m_axi_wstrb,
    output logic         m_axi_wlast,
    output logic         m_axi_wvalid,
    input  wire          m_axi_wready,
    input  wire  [  3:0] m_axi_bid,
    input  wire  [  1:0] m_axi_bresp,
    input  wire          m_axi_bvalid,
    output logic         m_axi_bready,
    output logic [  3:0] m_axi_arid,
    output logic [ 63:0] m_axi_araddr,
    output logic [  7:0] m_axi_arlen,
    output logic [  2:0] m_axi_arsize,
    output logic [  1:0] m_axi_arburst,
    output logic         m_axi_arlock,
    output logic [  3:0] m_axi_arcache,
    output logic [  2:0] m_axi_arprot,
    output logic [  3:0] m_axi_arqos,
    output logic [  3:0] m_axi_arregion,
    output logic         m_axi_arvalid,
    input  wire          m_axi_arready,
    input  wire  [  3:0] m_axi_rid,
    input  wire  [511:0] m_axi_rdata,
    input  wire  [  1:0] m_axi_rresp,
    input  wire          m_axi_rlast,
    input  wire          m_axi_rvalid,
    output logic         m_axi_rready,

    output logic [sapulse_pkg::REG_INTERRUPT_STATUS_BITS-1:0] irq
);

  if (SA_CAPACITY != 1024 && SA_CAPACITY != 16384 && SA_CAPACITY != 65536) begin : g_capacity
    $error("sapulse_core: SA_CAPACITY must be 1024, 16384 or 65536");
  end
  if (CLOCK_KHZ < 4000 || CLOCK_KHZ > 1000000) begin : g_clock
    $error("sapulse_core: CLOCK_KHZ must be between 4000 and 1000000");
  end

  localparam int unsigned SA_W = $clog2(SA_CAPACITY);
  localparam int unsigned SA_BITS = datapath_pkg::SA_BITS;
  localparam int unsigned COUNTERS = sapulse_pkg::COUNTERS;
  localparam int unsigned LOCAL_ADDRESSES = sapulse_pkg::LOCAL_ADDRESSES;
  // Customer frames that wait while the longest answer or frame from the host (145 beats) leaves on line TX.
  localparam int unsigned CORE_BEATS = 256;

  logic clk, rst;
  assign clk = aclk;
  always_ff @(posedge aclk) rst <= !aresetn;

  // Configuration and clock.
  logic cfg_enable, cfg_authoritative, cfg_probing, tables_ready, requester_ready, datapath_idle;
  logic [3:0] cfg_exception_copies;
  logic [LOCAL_ADDRESSES-1:0] cfg_local_valid;
  logic [128*LOCAL_ADDRESSES-1:0] cfg_local_address;
  logic [7:0] action_spi;
  logic [2:0] action;
  logic [63:0] now, uptime;

  // Rate limits: policy cannot wait, so the control path asks when policy does not.
  logic line_limit_valid, control_limit_valid, limit_pass;
  logic [3:0] line_limit_cause, control_limit_cause;

  // sa_tables.
  logic lookup_valid, result_valid, result_found, result_epoch, tables_epoch, tables_busy;
  logic [sa_pkg::ENTER_PORTS-1:0] enter_valid, enter_epoch;
  logic [31:0] lookup_spi, data_sequence;
  logic [SA_W-1:0] result_sa;
  logic [sa_pkg::LEAVE_PORTS-1:0] leave_valid, leave_epoch;
  logic data_valid, in_valid, in_key_valid, window_valid, window_ready, window_ok, accept_valid, accept, accept_down;
  logic reply_valid, reply_ready, ctx_valid, answer_ctx_valid, request_ctx_valid;
  logic want_valid, want_ready, own_valid, own_ready;  // contexts for answers, for messages of the card's own
  /* verilator lint_off UNUSEDSIGNAL */  // SA numbers have fewer bits with fewer SAs
  logic [SA_BITS-1:0] data_sa, in_sa, window_sa, reply_sa, want_sa, own_sa, path_sa;
  /* verilator lint_on UNUSEDSIGNAL */
  logic [63:0] window_n;
  sapulse_types_pkg::key_t in_key;
  sa_pkg::reply_ctx ctx;
  sa_pkg::path_t path;
  logic sa_cmd_valid, sa_cmd_ready, sa_rsp_valid, sa_rsp_ready;
  logic [7:0] sa_rsp_status;
  logic [511:0] sa_rsp_completion;
  logic cmd_valid, cmd_ready, rsp_valid, rsp_ready;
  logic [2047:0] cmd_descriptor;
  logic [7:0] rsp_status;
  logic [511:0] rsp_completion;

  // From line RX on.
  logic control_valid, control_last, control_drop, control_overflow, job_valid, job_ready;
  logic [datapath_pkg::BEAT_BITS-1:0] control_beat;
  datapath_pkg::control_job_t job;
  logic result_counted, fragment, copy_lost, line_fire, line_idle, control_idle;
  logic [5:0] result;
  logic line_last;
  logic [63:0] line_keep;
  logic [577:0] core_out_beat;

  line_path u_line (
      .clk,
      .rst,
      .now,
      .line_valid(s_axis_line_tvalid),
      .line_ready(s_axis_line_tready),
      .line_beat({s_axis_line_tuser, s_axis_line_tlast, s_axis_line_tkeep, s_axis_line_tdata}),
      .core_valid(m_axis_core_tvalid),
      .core_ready(m_axis_core_tready),
      .core_beat(core_out_beat),
      .enable(cfg_enable && tables_ready && requester_ready),
      .cfg_authoritative,
      .cfg_copies(cfg_exception_copies[3:2]),
      .cfg_local_valid,
      .cfg_local_address,
      .action_spi,
      .action,
      .lookup_valid,
      .lookup_spi,
      .result_valid,
      .result_found,
      .result_sa(SA_BITS'(result_sa)),
      .result_epoch,
      .enter_valid(enter_valid[0]),
      .enter_epoch(enter_epoch[0]),
      .leave_valid(leave_valid[0]),
      .leave_epoch(leave_epoch[0]),
      .data_valid,
      .data_sa,
      .data_sequence,
      .limit_valid(line_limit_valid),
      .limit_cause(line_limit_cause),
      .limit_pass,
      .control_valid,
      .control_beat,
      .control_last,
      .control_drop,
      .control_overflow,
      .job_valid,
      .job_ready,
      .job,
      .result_counted,
      .result,
      .fragment,
      .copy_lost,
      .received_fire(line_fire),
      .received_keep(line_keep),
      .received_last(line_last),
      .idle(line_idle)
  );
  assign {m_axis_core_tuser, m_axis_core_tlast, m_axis_core_tkeep, m_axis_core_tdata} = core_out_beat;

  // Frames for the card.
  logic answer_frame_valid, answer_frame_ready, answer_valid, answer_ready;
  logic [577:0] answer_frame_beat;
  datapath_pkg::answer_t answer;
  logic end_valid, done_valid, lost_valid;
  logic [5:0] end_counter, done_counter, lost_counter;
  logic exc_room, exc_valid, exc_ready, exc_last;
  logic [511:0] exc_data;
  logic refusal_copy_lost;
  logic match_job_valid, match_job_ready, match_valid, match_ready, match_last, matched, unsent;
  logic [511:0] match_data;
  logic [5:0] matched_counter;
  datapath_pkg::control_job_t match_job;
  logic request_valid, request_ready, request_seal_valid, request_seal_ready;
  sapulse_types_pkg::payload_beat request_beat;
  sapulse_types_pkg::seal_job request_seal_job;
  sapulse_types_pkg::header_job request_header;
  datapath_pkg::answer_t request_answer;

  control_path u_control (
      .clk,
      .rst,
      .now,
      .control_valid,
      .control_beat,
      .control_last,
      .control_drop,
      .control_overflow,
      .job_valid,
      .job_ready,
      .job,
      .in_valid,
      .in_sa,
      .in_key_valid,
      .in_key,
      .window_valid,
      .window_ready,
      .window_sa,
      .window_n,
      .window_ok,
      .accept_valid,
      .accept,
      .accept_down,
      .reply_valid(want_valid),
      .reply_ready(want_ready),
      .reply_sa(want_sa),
      .ctx_valid(answer_ctx_valid),
      .ctx,
      .copies(cfg_exception_copies[1:0]),
      .copy_lost(refusal_copy_lost),
      .limit_valid(control_limit_valid),
      .limit_cause(control_limit_cause),
      .limit_grant(!line_limit_valid),
      .limit_pass,
      .exc_room,
      .exc_valid,
      .exc_ready,
      .exc_data,
      .exc_last,
      .match_job_valid,
      .match_job_ready,
      .match_job,
      .match_valid,
      .match_ready,
      .match_data,
      .match_last,
      .matched,
      .request_valid,
      .request_ready,
      .request(request_beat),
      .request_seal_valid,
      .request_seal_ready,
      .request_seal_job,
      .request_header,
      .request_answer,
      .frame_valid(answer_frame_valid),
      .frame_ready(answer_frame_ready),
      .frame_beat(answer_frame_beat),
      .answer_valid,
      .answer_ready,
      .answer,
      .end_valid,
      .end_counter,
      .done_valid,
      .done_counter,
      .lost_valid,
      .lost_counter,
      .leave_valid(leave_valid[2:1]),
      .leave_epoch(leave_epoch[2:1]),
      .idle(control_idle)
  );
  assign datapath_idle = line_idle && control_idle && !tables_busy;

  // Messages of the card's own.
  logic evt_room, evt_valid, evt_ready, evt_last;
  logic [511:0] evt_data;

  requester #(
      .SA_CAPACITY(SA_CAPACITY)
  ) u_requester (
      .clk,
      .rst,
      .tables_ready,
      .ready(requester_ready),
      .now,
      .uptime,
      .cfg_probing,
      .data_valid,
      .data_sa,
      .cmd_valid,
      .cmd_ready,
      .cmd_descriptor,
      .rsp_valid,
      .rsp_ready,
      .rsp_status,
      .rsp_completion,
      .sa_cmd_valid,
      .sa_cmd_ready,
      .sa_rsp_valid,
      .sa_rsp_ready,
      .sa_rsp_status,
      .sa_rsp_completion,
      .epoch(tables_epoch),
      .enter_valid(enter_valid[1]),
      .enter_epoch(enter_epoch[1]),
      .leave_valid(leave_valid[5:4]),
      .leave_epoch(leave_epoch[5:4]),
      .path_sa,
      .path,
      .reply_valid(own_valid),
      .reply_ready(own_ready),
      .reply_sa(own_sa),
      .ctx_valid(request_ctx_valid),
      .ctx,
      .request_valid,
      .request_ready,
      .request(request_beat),
      .request_seal_valid,
      .request_seal_ready,
      .request_seal_job,
      .request_header,
      .request_answer,
      .match_job_valid,
      .match_job_ready,
      .match_job,
      .match_valid,
      .match_ready,
      .match_data,
      .match_last,
      .end_valid(matched),
      .end_counter(matched_counter),
      .unsent,
      .evt_room,
      .evt_valid,
      .evt_ready,
      .evt_data,
      .evt_last
  );

  context_mux u_contexts (
      .clk,
      .rst,
      .answer_valid(want_valid),
      .answer_ready(want_ready),
      .answer_sa(want_sa),
      .answer_ctx_valid,
      .request_valid(own_valid),
      .request_ready(own_ready),
      .request_sa(own_sa),
      .request_ctx_valid,
      .reply_valid,
      .reply_ready,
      .reply_sa,
      .ctx_valid
  );

  // Line TX.
  logic core_in_valid, core_in_ready, core_valid, core_ready, frame_valid, frame_ready, frame_last;
  logic [577:0] core_in_beat, core_beat, line_out_beat;
  logic [511:0] frame_data;
  logic [63:0] frame_keep;
  logic sent_valid;
  logic [5:0] sent_counter;

  axis_register #(
      .WIDTH(578)
  ) u_core_input (
      .clk,
      .rst,
      .in_valid(s_axis_core_tvalid),
      .in_ready(s_axis_core_tready),
      .in_data({s_axis_core_tuser, s_axis_core_tlast, s_axis_core_tkeep, s_axis_core_tdata}),
      .out_valid(core_in_valid),
      .out_ready(core_in_ready),
      .out_data(core_in_beat)
  );
  sync_fifo #(
      .WIDTH(578),
      .DEPTH(CORE_BEATS),
      .BLOCK_RAM(1'b1)
  ) u_core_fifo (
      .clk,
      .rst,
      .in_valid(core_in_valid),
      .in_ready(core_in_ready),
      .in_data(core_in_beat),
      .out_valid(core_valid),
      .out_ready(core_ready),
      .out_data(core_beat)
  );

  tx_arbiter u_tx (
      .clk,
      .rst,
      .core_valid,
      .core_ready,
      .core_beat,
      .reply_valid(answer_frame_valid),
      .reply_ready(answer_frame_ready),
      .reply_beat(answer_frame_beat),
      .host_valid(frame_valid),
      .host_ready(frame_ready),
      .host_beat({1'b0, frame_last, frame_keep, frame_data}),
      .line_valid(m_axis_line_tvalid),
      .line_ready(m_axis_line_tready),
      .line_beat(line_out_beat),
      .answer_valid,
      .answer_ready,
      .answer,
      .counter_valid(sent_valid),
      .counter(sent_counter),
      .leave_valid(leave_valid[3]),
      .leave_epoch(leave_epoch[3])
  );
  assign {m_axis_line_tuser, m_axis_line_tlast, m_axis_line_tkeep, m_axis_line_tdata} = line_out_beat;

  // Counters.
  localparam int unsigned EVENTS = 10;
  logic [7*COUNTERS-1:0] counter_increment;
  logic [7*8-1:0] port_increment;

  port_monitor u_line_rx (
      .clk,
      .rst,
      .fire(line_fire),
      .keep(line_keep),
      .last(line_last),
      .frames(port_increment[0+:7]),
      .bytes(port_increment[7+:7])
  );
  port_monitor u_line_tx (
      .clk,
      .rst,
      .fire(m_axis_line_tvalid && m_axis_line_tready),
      .keep(m_axis_line_tkeep),
      .last(m_axis_line_tlast),
      .frames(port_increment[14+:7]),
      .bytes(port_increment[21+:7])
  );
  port_monitor u_core_rx (
      .clk,
      .rst,
      .fire(core_in_valid && core_in_ready),
      .keep(core_in_beat[575:512]),
      .last(core_in_beat[576]),
      .frames(port_increment[28+:7]),
      .bytes(port_increment[35+:7])
  );
  port_monitor u_core_tx (
      .clk,
      .rst,
      .fire(m_axis_core_tvalid && m_axis_core_tready),
      .keep(m_axis_core_tkeep),
      .last(m_axis_core_tlast),
      .frames(port_increment[42+:7]),
      .bytes(port_increment[49+:7])
  );
  counter_sum #(
      .EVENTS(EVENTS)
  ) u_counters (
      .clk,
      .rst,
      .event_valid({unsent, matched, refusal_copy_lost, sent_valid, lost_valid, done_valid, end_valid, copy_lost, fragment, result_counted}),
      .event_counter({sapulse_pkg::COUNTER_PROBES_UNSENT, matched_counter, sapulse_pkg::COUNTER_COPIES_LIMITED, sent_counter,
                      lost_counter, done_counter, end_counter, sapulse_pkg::COUNTER_COPIES_LIMITED, sapulse_pkg::COUNTER_FRAGMENTS,
                      result}),
      .port_increment,
      .increment(counter_increment)
  );

  sa_tables #(
      .SA_CAPACITY(SA_CAPACITY)
  ) u_tables (
      .clk,
      .rst,
      .ready(tables_ready),
      .lookup_valid,
      .lookup_spi,
      .result_valid,
      .result_found,
      .result_sa,
      .result_epoch,
      .enter_valid,
      .enter_epoch,
      .leave_valid,
      .leave_epoch,
      .epoch(tables_epoch),
      .busy(tables_busy),
      .data_valid,
      .data_sa(data_sa[SA_W-1:0]),
      .data_sequence,
      .in_valid,
      .in_sa(in_sa[SA_W-1:0]),
      .in_key_valid,
      .in_key,
      .verdict_valid(window_valid),
      .verdict_ready(window_ready),
      .verdict_sa(window_sa[SA_W-1:0]),
      .verdict_n(window_n),
      .verdict_ok(window_ok),
      .accept_valid,
      .accept,
      .accept_down,
      .reply_valid,
      .reply_ready,
      .reply_sa(reply_sa[SA_W-1:0]),
      .ctx_valid,
      .ctx,
      .path_sa(path_sa[SA_W-1:0]),
      .path,
      .cmd_valid(sa_cmd_valid),
      .cmd_ready(sa_cmd_ready),
      .cmd_descriptor,
      .rsp_valid(sa_rsp_valid),
      .rsp_ready(sa_rsp_ready),
      .rsp_status(sa_rsp_status),
      .rsp_completion(sa_rsp_completion)
  );

  host_interface #(
      .SA_CAPACITY(SA_CAPACITY),
      .CLOCK_KHZ(CLOCK_KHZ),
      .GIT_HASH(GIT_HASH)
  ) u_host (
      .clk,
      .rst,
      .s_axil_awaddr,
      .s_axil_awvalid,
      .s_axil_awready,
      .s_axil_wdata,
      .s_axil_wstrb,
      .s_axil_wvalid,
      .s_axil_wready,
      .s_axil_bresp,
      .s_axil_bvalid,
      .s_axil_bready,
      .s_axil_araddr,
      .s_axil_arvalid,
      .s_axil_arready,
      .s_axil_rdata,
      .s_axil_rresp,
      .s_axil_rvalid,
      .s_axil_rready,
      .m_axi_awid,
      .m_axi_awaddr,
      .m_axi_awlen,
      .m_axi_awsize,
      .m_axi_awburst,
      .m_axi_awcache,
      .m_axi_awprot,
      .m_axi_awvalid,
      .m_axi_awready,
      .m_axi_wdata,
      .m_axi_wstrb,
      .m_axi_wlast,
      .m_axi_wvalid,
      .m_axi_wready,
      .m_axi_bid,
      .m_axi_bresp,
      .m_axi_bvalid,
      .m_axi_bready,
      .m_axi_arid,
      .m_axi_araddr,
      .m_axi_arlen,
      .m_axi_arsize,
      .m_axi_arburst,
      .m_axi_arcache,
      .m_axi_arprot,
      .m_axi_arvalid,
      .m_axi_arready,
      .m_axi_rid,
      .m_axi_rdata,
      .m_axi_rresp,
      .m_axi_rlast,
      .m_axi_rvalid,
      .m_axi_rready,
      .irq,
      .cfg_enable,
      .cfg_authoritative,
      .cfg_probing,
      .cfg_exception_copies,
      .cfg_local_valid,
      .cfg_local_address,
      .action_spi,
      .action,
      .now,
      .uptime,
      .limit_valid(line_limit_valid || control_limit_valid),
      .limit_cause(line_limit_valid ? line_limit_cause : control_limit_cause),
      .limit_pass,
      .counter_increment,
      .tables_ready(tables_ready && requester_ready),
      .datapath_idle,
      .cmd_valid,
      .cmd_ready,
      .cmd_descriptor,
      .rsp_valid,
      .rsp_ready,
      .rsp_status,
      .rsp_completion,
      .exc_room,
      .exc_valid,
      .exc_ready,
      .exc_data,
      .exc_last,
      .evt_room,
      .evt_valid,
      .evt_ready,
      .evt_data,
      .evt_last,
      .frame_tvalid(frame_valid),
      .frame_tready(frame_ready),
      .frame_tdata(frame_data),
      .frame_tkeep(frame_keep),
      .frame_tlast(frame_last)
  );
  // The host bus has no exclusive accesses, quality of service or regions.
  assign m_axi_awlock = 1'b0;
  assign m_axi_awqos = 4'd0;
  assign m_axi_awregion = 4'd0;
  assign m_axi_arlock = 1'b0;
  assign m_axi_arqos = 4'd0;
  assign m_axi_arregion = 4'd0;
  // Registers are for everyone who can reach them.
  logic unused_prot;
  assign unused_prot = ^{s_axil_awprot, s_axil_arprot};

endmodule

`default_nettype wire
