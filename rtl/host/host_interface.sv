// SPDX-License-Identifier: Apache-2.0
// The card as the host sees it: registers, rings in host memory, counters, rate limits, clock, interrupts.
// Registers and descriptors: docs/registers.md. Order of host memory writes: docs/architecture.md, "Host memory".
//
// SA_CAPACITY  number of SAs, for the register of that name
// CLOCK_KHZ    frequency of clk, 4000..1000000
// GIT_HASH     for the register of that name
//
// s_axil       AXI4-Lite slave; one access at a time
// m_axi        AXI4 master to host memory: bursts of at most 16 beats inside 1 KiB, ID 0, one write burst and one read request
//              (up to 144 beats in several bursts) at a time. Cache type Normal Non-cacheable Non-bufferable (AXI4 section A4.4):
//              the write response has to mean that the write is visible. Protection type unprivileged, secure, data.
// irq          levels: pending and enabled, in the order of INTERRUPT_STATUS
// cfg          static configuration; local address i at cfg_local_address[128*i +: 128]
// action       reserved SPI -> action, in the same cycle; PASS until the table is clear after reset
// now, uptime  clock, ns; time since reset, which no write of the clock moves, ns
// limit        token bucket of a cause, in the same cycle; a token is taken when limit_valid and limit_pass are both 1
// counter      increment of counter i at counter_increment[7*i +: 7], every cycle
// cmd, rsp     commands other than FRAME: descriptor (byte i at bits [8i+7:8i]) stable until cmd_ready, then the answer. The head
//              of rsp_completion (opcode, status, cookie, sa) and its time are replaced here.
// exc_room     one more exception than those handed over completely finds room in the ring, exact from the cycle after the last
//              beat of the one before. To be looked at once before the first beat of an exception; that exception is then
//              accepted without waiting for the host. Without room there is no waiting for it: the frame is to be dropped.
// exc          4 beats per exception; the field count is filled in here
// evt_room, evt  the same for events, 2 beats each
// frame        frames of FRAME commands, 60..9216 bytes; no gap inside a frame as long as frame_tready stays 1
// datapath_idle, tables_ready: for the register STATUS
`include "sapulse_assert.svh"

`default_nettype none

module host_interface #(
    parameter int unsigned SA_CAPACITY = 1024,
    parameter int unsigned CLOCK_KHZ = 322266,
    parameter logic [31:0] GIT_HASH = 32'h0,
    localparam int unsigned COUNTERS = sapulse_pkg::COUNTERS,
    localparam int unsigned INTERRUPTS = sapulse_pkg::REG_INTERRUPT_STATUS_BITS,
    localparam int unsigned LOCAL_ADDRESSES = sapulse_pkg::LOCAL_ADDRESSES
) (
    input wire clk,
    input wire rst,

    input  wire  [15:0] s_axil_awaddr,
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
    output logic [  3:0] m_axi_awcache,
    output logic [  2:0] m_axi_awprot,
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
    output logic [  3:0] m_axi_arcache,
    output logic [  2:0] m_axi_arprot,
    output logic         m_axi_arvalid,
    input  wire          m_axi_arready,
    input  wire  [  3:0] m_axi_rid,
    input  wire  [511:0] m_axi_rdata,
    input  wire  [  1:0] m_axi_rresp,
    input  wire          m_axi_rlast,
    input  wire          m_axi_rvalid,
    output logic         m_axi_rready,

    output logic [INTERRUPTS-1:0] irq,

    output logic                           cfg_enable,
    output logic                           cfg_authoritative,
    output logic                           cfg_probing,
    output logic [                    3:0] cfg_exception_copies,
    output logic [    LOCAL_ADDRESSES-1:0] cfg_local_valid,
    output logic [128*LOCAL_ADDRESSES-1:0] cfg_local_address,

    input  wire  [7:0] action_spi,
    output logic [2:0] action,

    output logic [63:0] now,
    output logic [63:0] uptime,

    input  wire        limit_valid,
    input  wire  [3:0] limit_cause,
    output logic       limit_pass,

    input wire [7*COUNTERS-1:0] counter_increment,

    input wire tables_ready,
    input wire datapath_idle,

    output logic          cmd_valid,
    input  wire           cmd_ready,
    output logic [2047:0] cmd_descriptor,
    input  wire           rsp_valid,
    output logic          rsp_ready,
    input  wire  [   7:0] rsp_status,
    input  wire  [ 511:0] rsp_completion,

    output logic         exc_room,
    input  wire          exc_valid,
    output logic         exc_ready,
    input  wire  [511:0] exc_data,
    input  wire          exc_last,

    output logic         evt_room,
    input  wire          evt_valid,
    output logic         evt_ready,
    input  wire  [511:0] evt_data,
    input  wire          evt_last,

    output logic         frame_tvalid,
    input  wire          frame_tready,
    output logic [511:0] frame_tdata,
    output logic [ 63:0] frame_tkeep,
    output logic         frame_tlast
);

  if (CLOCK_KHZ < 4000 || CLOCK_KHZ > 1000000) begin : g_clock
    $error("host_interface: CLOCK_KHZ must be between 4000 and 1000000");
  end

  // ---------------------------------------------------------------------------------------------------------- registers
  logic error_clear, error_valid, error_was_write;
  logic [1:0] error_response;
  logic [63:0] error_address;
  logic doorbell_q, idle_q, dma_idle_q, raise_error;
  logic [2:0] raise_rings;
  logic [63:0] command_base, completion_base, exception_base, event_base, status_block_address;
  logic [3:0] command_log2, completion_log2, exception_log2, event_log2;
  logic [31:0] command_producer, command_consumer, completion_producer, completion_consumer;
  logic [31:0] exception_producer, exception_consumer, event_producer, event_consumer;
  logic command_enable, command_start, command_run, command_clear, command_starting;
  logic exception_enable, exception_start, exception_run, exception_clear, exception_starting;
  logic event_enable, event_start, event_run, event_clear, event_starting;
  logic [INTERRUPTS-1:0] interrupt_raise;
  always_comb begin
    interrupt_raise = '0;
    interrupt_raise[sapulse_pkg::REG_INTERRUPT_STATUS_COMPLETION_LSB] = raise_rings[0];
    interrupt_raise[sapulse_pkg::REG_INTERRUPT_STATUS_EXCEPTION_LSB] = raise_rings[1];
    interrupt_raise[sapulse_pkg::REG_INTERRUPT_STATUS_EVENT_LSB] = raise_rings[2];
    interrupt_raise[sapulse_pkg::REG_INTERRUPT_STATUS_ERROR_LSB] = raise_error;
  end

  host_registers #(
      .SA_CAPACITY(SA_CAPACITY),
      .CLOCK_KHZ  (CLOCK_KHZ),
      .GIT_HASH   (GIT_HASH)
  ) registers (
      .clk                (clk),
      .rst                (rst),
      .s_axil_awaddr      (s_axil_awaddr),
      .s_axil_awvalid     (s_axil_awvalid),
      .s_axil_awready     (s_axil_awready),
      .s_axil_wdata       (s_axil_wdata),
      .s_axil_wstrb       (s_axil_wstrb),
      .s_axil_wvalid      (s_axil_wvalid),
      .s_axil_wready      (s_axil_wready),
      .s_axil_bresp       (s_axil_bresp),
      .s_axil_bvalid      (s_axil_bvalid),
      .s_axil_bready      (s_axil_bready),
      .s_axil_araddr      (s_axil_araddr),
      .s_axil_arvalid     (s_axil_arvalid),
      .s_axil_arready     (s_axil_arready),
      .s_axil_rdata       (s_axil_rdata),
      .s_axil_rresp       (s_axil_rresp),
      .s_axil_rvalid      (s_axil_rvalid),
      .s_axil_rready      (s_axil_rready),
      .cfg_enable         (cfg_enable),
      .cfg_authoritative  (cfg_authoritative),
      .cfg_probing        (cfg_probing),
      .cfg_exception_copies(cfg_exception_copies),
      .cfg_local_valid    (cfg_local_valid),
      .cfg_local_address  (cfg_local_address),
      .action_spi         (action_spi),
      .action             (action),
      .now                (now),
      .uptime             (uptime),
      .limit_valid        (limit_valid),
      .limit_cause        (limit_cause),
      .limit_pass         (limit_pass),
      .counter_increment  (counter_increment),
      .tables_ready       (tables_ready),
      .idle               (idle_q),
      .dma_idle           (dma_idle_q),
      .doorbell           (doorbell_q),
      .error_clear        (error_clear),
      .error_valid        (error_valid),
      .error_was_write    (error_was_write),
      .error_response     (error_response),
      .error_address      (error_address),
      .interrupt_raise    (interrupt_raise),
      .irq                (irq),
      .command_base       (command_base),
      .command_log2       (command_log2),
      .command_producer   (command_producer),
      .command_consumer   (command_starting ? 32'h0 : command_consumer),
      .completion_base    (completion_base),
      .completion_log2    (completion_log2),
      .completion_consumer(completion_consumer),
      .completion_producer(command_starting ? 32'h0 : completion_producer),
      .command_enable     (command_enable),
      .command_start      (command_start),
      .exception_base     (exception_base),
      .exception_log2     (exception_log2),
      .exception_consumer (exception_consumer),
      .exception_producer (exception_starting ? 32'h0 : exception_producer),
      .exception_enable   (exception_enable),
      .exception_start    (exception_start),
      .event_base         (event_base),
      .event_log2         (event_log2),
      .event_consumer     (event_consumer),
      .event_producer     (event_starting ? 32'h0 : event_producer),
      .event_enable       (event_enable),
      .event_start        (event_start),
      .status_block       (status_block_address)
  );

  // ------------------------------------------------------------------------------------------------------- host memory
  // Requesters of dma_read, in the order of their priority.
  localparam int unsigned READ_FRAME = 0;
  localparam int unsigned READ_COMMAND = 1;
  // Requesters of dma_write.
  localparam int unsigned WRITE_COMPLETION = 0;
  localparam int unsigned WRITE_EXCEPTION = 1;
  localparam int unsigned WRITE_EVENT = 2;
  localparam int unsigned WRITE_STATUS = 3;
  localparam int unsigned WRITERS = 4;

  logic read_error, write_error, read_busy, write_busy, read_failed, write_failed;
  logic [1:0] read_error_response, write_error_response;
  logic [63:0] read_error_address, write_error_address;
  logic [1:0] read_valid, read_ready, read_data_valid, read_done;
  logic [127:0] read_address;
  logic [15:0] read_beats;
  logic [511:0] read_data;
  logic [WRITERS-1:0] write_valid, write_ready, write_take, write_done;
  logic [64*WRITERS-1:0] write_address;
  logic [5*WRITERS-1:0] write_beats;
  logic [512*WRITERS-1:0] write_data;

  wire dma_stop = error_valid || read_error || write_error;

  dma_read #(
      .REQUESTERS(2)
  ) reader (
      .clk            (clk),
      .rst            (rst),
      .stop           (dma_stop),
      .busy           (read_busy),
      .request_valid  (read_valid),
      .request_ready  (read_ready),
      .request_address(read_address),
      .request_beats  (read_beats),
      .data_valid     (read_data_valid),
      .data           (read_data),
      .done           (read_done),
      .done_failed    (read_failed),
      .error          (read_error),
      .error_response (read_error_response),
      .error_address  (read_error_address),
      .m_axi_araddr   (m_axi_araddr),
      .m_axi_arlen    (m_axi_arlen),
      .m_axi_arvalid  (m_axi_arvalid),
      .m_axi_arready  (m_axi_arready),
      .m_axi_rdata    (m_axi_rdata),
      .m_axi_rresp    (m_axi_rresp),
      .m_axi_rvalid   (m_axi_rvalid),
      .m_axi_rready   (m_axi_rready)
  );

  dma_write #(
      .REQUESTERS(WRITERS)
  ) writer (
      .clk            (clk),
      .rst            (rst),
      .stop           (dma_stop),
      .busy           (write_busy),
      .request_valid  (write_valid),
      .request_ready  (write_ready),
      .request_address(write_address),
      .request_beats  (write_beats),
      .data           (write_data),
      .data_take      (write_take),
      .done           (write_done),
      .done_failed    (write_failed),
      .error          (write_error),
      .error_response (write_error_response),
      .error_address  (write_error_address),
      .m_axi_awaddr   (m_axi_awaddr),
      .m_axi_awlen    (m_axi_awlen),
      .m_axi_awvalid  (m_axi_awvalid),
      .m_axi_awready  (m_axi_awready),
      .m_axi_wdata    (m_axi_wdata),
      .m_axi_wlast    (m_axi_wlast),
      .m_axi_wvalid   (m_axi_wvalid),
      .m_axi_wready   (m_axi_wready),
      .m_axi_bresp    (m_axi_bresp),
      .m_axi_bvalid   (m_axi_bvalid),
      .m_axi_bready   (m_axi_bready)
  );

  assign m_axi_awid = 4'h0;
  assign m_axi_awsize = 3'd6;
  assign m_axi_awburst = 2'b01;
  assign m_axi_awcache = 4'b0010;
  assign m_axi_awprot = 3'b000;
  assign m_axi_wstrb = 64'hffffffff_ffffffff;
  assign m_axi_arid = 4'h0;
  assign m_axi_arsize = 3'd6;
  assign m_axi_arburst = 2'b01;
  assign m_axi_arcache = 4'b0010;
  assign m_axi_arprot = 3'b000;

  dma_error first_error (
      .clk           (clk),
      .rst           (rst),
      .clear         (error_clear),
      .read_error    (read_error),
      .read_response (read_error_response),
      .read_address  (read_error_address),
      .write_error   (write_error),
      .write_response(write_error_response),
      .write_address (write_error_address),
      .valid         (error_valid),
      .was_write     (error_was_write),
      .response      (error_response),
      .address       (error_address)
  );

  // ---------------------------------------------------------------------------------------- commands and their completions
  logic fetch_idle, executor_idle, completion_idle, command_implausible, completion_implausible, commands_wait;
  logic descriptor_valid, descriptor_ready, completion_room, completion_valid, completion_ready, completion_written;
  logic [511:0] completion;
  logic frame_start, frame_ready, frame_finished;
  logic [63:0] frame_address;
  logic [15:0] frame_length;
  logic [7:0] frame_status;

  ring_restart command_restart (
      .clk     (clk),
      .rst     (rst),
      .enable  (command_enable),
      .start   (command_start),
      .idle    (fetch_idle && executor_idle && completion_idle),
      .run     (command_run),
      .clear   (command_clear),
      .starting(command_starting)
  );

  command_ring commands (
      .clk             (clk),
      .rst             (rst),
      .run             (command_run),
      .clear           (command_clear),
      .idle            (fetch_idle),
      .base            (command_base),
      .log2            (command_log2),
      .producer        (command_producer),
      .consumer        (command_consumer),
      .implausible     (command_implausible),
      .waiting         (commands_wait),
      .descriptor_valid(descriptor_valid),
      .descriptor_ready(descriptor_ready),
      .descriptor      (cmd_descriptor),
      .request_valid   (read_valid[READ_COMMAND]),
      .request_ready   (read_ready[READ_COMMAND]),
      .request_address (read_address[64*READ_COMMAND+:64]),
      .request_beats   (read_beats[8*READ_COMMAND+:8]),
      .data_valid      (read_data_valid[READ_COMMAND]),
      .data            (read_data),
      .done            (read_done[READ_COMMAND]),
      .done_failed     (read_failed)
  );

  command_executor executor (
      .clk             (clk),
      .rst             (rst),
      .idle            (executor_idle),
      .now             (now),
      .descriptor_valid(descriptor_valid),
      .descriptor_ready(descriptor_ready),
      .descriptor      (cmd_descriptor),
      .room            (completion_room),
      .cmd_valid       (cmd_valid),
      .cmd_ready       (cmd_ready),
      .rsp_valid       (rsp_valid),
      .rsp_ready       (rsp_ready),
      .rsp_status      (rsp_status),
      .rsp_completion  (rsp_completion),
      .frame_start     (frame_start),
      .frame_ready     (frame_ready),
      .frame_address   (frame_address),
      .frame_length    (frame_length),
      .frame_finished  (frame_finished),
      .frame_status    (frame_status),
      .completion_valid(completion_valid),
      .completion_ready(completion_ready),
      .completion      (completion)
  );

  frame_reader frames (
      .clk            (clk),
      .rst            (rst),
      .start          (frame_start),
      .ready          (frame_ready),
      .address        (frame_address),
      .length         (frame_length),
      .finished       (frame_finished),
      .status         (frame_status),
      .request_valid  (read_valid[READ_FRAME]),
      .request_ready  (read_ready[READ_FRAME]),
      .request_address(read_address[64*READ_FRAME+:64]),
      .request_beats  (read_beats[8*READ_FRAME+:8]),
      .data_valid     (read_data_valid[READ_FRAME]),
      .data           (read_data),
      .done           (read_done[READ_FRAME]),
      .done_failed    (read_failed),
      .frame_tvalid   (frame_tvalid),
      .frame_tready   (frame_tready),
      .frame_tdata    (frame_tdata),
      .frame_tkeep    (frame_tkeep),
      .frame_tlast    (frame_tlast)
  );

  logic [31:0] completions_accepted;
  ring_writer #(
      .BEATS     (1),
      .LOG2_DEPTH(4),
      .LOG2_BATCH(4)
  ) completions (
      .clk            (clk),
      .rst            (rst),
      .run            (command_run),
      .clear          (command_clear),
      .idle           (completion_idle),
      .base           (completion_base),
      .log2           (completion_log2),
      .consumer       (completion_consumer),
      .in_valid       (completion_valid),
      .in_ready       (completion_ready),
      .in_data        (completion),
      .room           (completion_room),
      .accepted       (completions_accepted),
      .producer       (completion_producer),
      .written        (completion_written),
      .implausible    (completion_implausible),
      .request_valid  (write_valid[WRITE_COMPLETION]),
      .request_ready  (write_ready[WRITE_COMPLETION]),
      .request_address(write_address[64*WRITE_COMPLETION+:64]),
      .request_beats  (write_beats[5*WRITE_COMPLETION+:5]),
      .data           (write_data[512*WRITE_COMPLETION+:512]),
      .data_take      (write_take[WRITE_COMPLETION]),
      .done           (write_done[WRITE_COMPLETION]),
      .done_failed    (write_failed)
  );

  // ---------------------------------------------------------------------------------------------------------- exceptions
  logic exception_idle, exception_implausible, exception_written;

  ring_restart exception_restart (
      .clk     (clk),
      .rst     (rst),
      .enable  (exception_enable),
      .start   (exception_start),
      .idle    (exception_idle),
      .run     (exception_run),
      .clear   (exception_clear),
      .starting(exception_starting)
  );

  numbered_ring #(
      .BEATS     (sapulse_pkg::EXCEPTION_BYTES / 64),
      .LOG2_DEPTH(6),
      .COUNT_LSB (sapulse_pkg::DESC_EXCEPTION_COUNT_LSB)
  ) exceptions (
      .clk            (clk),
      .rst            (rst),
      .run            (exception_run),
      .clear          (exception_clear),
      .idle           (exception_idle),
      .base           (exception_base),
      .log2           (exception_log2),
      .consumer       (exception_consumer),
      .in_valid       (exc_valid),
      .in_ready       (exc_ready),
      .in_data        (exc_data),
      .in_last        (exc_last),
      .room           (exc_room),
      .producer       (exception_producer),
      .written        (exception_written),
      .implausible    (exception_implausible),
      .request_valid  (write_valid[WRITE_EXCEPTION]),
      .request_ready  (write_ready[WRITE_EXCEPTION]),
      .request_address(write_address[64*WRITE_EXCEPTION+:64]),
      .request_beats  (write_beats[5*WRITE_EXCEPTION+:5]),
      .data           (write_data[512*WRITE_EXCEPTION+:512]),
      .data_take      (write_take[WRITE_EXCEPTION]),
      .done           (write_done[WRITE_EXCEPTION]),
      .done_failed    (write_failed)
  );

  // -------------------------------------------------------------------------------------------------------------- events
  logic event_idle, event_implausible, event_written;

  ring_restart event_restart (
      .clk     (clk),
      .rst     (rst),
      .enable  (event_enable),
      .start   (event_start),
      .idle    (event_idle),
      .run     (event_run),
      .clear   (event_clear),
      .starting(event_starting)
  );

  numbered_ring #(
      .BEATS     (sapulse_pkg::EVENT_BYTES / 64),
      .LOG2_DEPTH(7),
      .COUNT_LSB (sapulse_pkg::DESC_EVENT_COUNT_LSB)
  ) events (
      .clk            (clk),
      .rst            (rst),
      .run            (event_run),
      .clear          (event_clear),
      .idle           (event_idle),
      .base           (event_base),
      .log2           (event_log2),
      .consumer       (event_consumer),
      .in_valid       (evt_valid),
      .in_ready       (evt_ready),
      .in_data        (evt_data),
      .in_last        (evt_last),
      .room           (evt_room),
      .producer       (event_producer),
      .written        (event_written),
      .implausible    (event_implausible),
      .request_valid  (write_valid[WRITE_EVENT]),
      .request_ready  (write_ready[WRITE_EVENT]),
      .request_address(write_address[64*WRITE_EVENT+:64]),
      .request_beats  (write_beats[5*WRITE_EVENT+:5]),
      .data           (write_data[512*WRITE_EVENT+:512]),
      .data_take      (write_take[WRITE_EVENT]),
      .done           (write_done[WRITE_EVENT]),
      .done_failed    (write_failed)
  );

  // ------------------------------------------------------------------------------------------------ status and interrupts
  status_block status (
      .clk                (clk),
      .rst                (rst),
      .run                ({event_run, exception_run, command_run}),
      .written            ({event_written, exception_written, completion_written}),
      .raise              (raise_rings),
      .address            (status_block_address),
      .command_consumer   (command_consumer),
      .completion_producer(completion_producer),
      .exception_producer (exception_producer),
      .event_producer     (event_producer),
      .request_valid      (write_valid[WRITE_STATUS]),
      .request_ready      (write_ready[WRITE_STATUS]),
      .request_address    (write_address[64*WRITE_STATUS+:64]),
      .request_beats      (write_beats[5*WRITE_STATUS+:5]),
      .data               (write_data[512*WRITE_STATUS+:512]),
      .done               (write_done[WRITE_STATUS]),
      .done_failed        (write_failed)
  );

  logic error_valid_q;
  wire doorbell = command_implausible || completion_implausible || exception_implausible || event_implausible;
  assign raise_error = (error_valid && !error_valid_q) || (doorbell && !doorbell_q);

  always_ff @(posedge clk) begin
    error_valid_q <= error_valid && !rst;
    doorbell_q <= doorbell && !rst;
    idle_q <= datapath_idle && !commands_wait && fetch_idle && executor_idle && frame_ready;
    dma_idle_q <= !read_busy && !write_busy;
  end

  // Fixed by this design, or of no use to it.
  logic unused;
  assign unused = (^completions_accepted) ^ write_take[WRITE_STATUS] ^ m_axi_rlast ^ (^m_axi_bid) ^ (^m_axi_rid);

  `SAPULSE_ASSERT(clk, rst, !m_axi_rvalid || m_axi_rid == 4'h0, "read data of an ID that was never used")
  `SAPULSE_ASSERT(clk, rst, !m_axi_bvalid || m_axi_bid == 4'h0, "write response of an ID that was never used")

endmodule

`default_nettype wire
