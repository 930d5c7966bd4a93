// SPDX-License-Identifier: Apache-2.0
// Starts the messages that the card originates, one at a time: looks up the path, takes a control sequence number, and makes the jobs of
// the kernels request, seal and header.
//
// A message enters the card (epoch, enter_*) before it looks anything up, and leaves with its last beat on line TX, or here (leave_*) when
// it cannot be sent: so after a fence nothing leaves that was looked up before it.
//
// order_*, probe_*: messages of commands and of the prober, in turn; valid until ready, which comes with done_*.
// done_valid: one cycle; done_usable: it is on its way, with control sequence number n and t_origin; otherwise nothing has been sent.
// path_*, reply_*, ctx_*: sa_tables. job_*: to the kernel; seal_*: to seal_path; both valid/ready. now: clock, ns.
`default_nettype none
`include "sapulse_assert.svh"

module request_start (
    input wire        clk,
    input wire        rst,
    input wire [63:0] now,

    input  wire                   order_valid,
    output logic                  order_ready,
    input  requester_pkg::order_t order,
    input  wire                   probe_valid,
    output logic                  probe_ready,
    input  requester_pkg::order_t probe,
    output logic                  done_valid,
    output logic                  done_usable,
    output logic [63:0]           done_n,
    output logic [63:0]           done_t_origin,

    input  wire  epoch,
    output logic enter_valid,
    output logic enter_epoch,
    output logic leave_valid,
    output logic leave_epoch,

    output logic [datapath_pkg::SA_BITS-1:0] path_sa,
    input  sa_pkg::path_t                    path,
    output logic                             reply_valid,
    input  wire                              reply_ready,
    output logic [datapath_pkg::SA_BITS-1:0] reply_sa,
    input  wire                              ctx_valid,
    /* verilator lint_off UNUSEDSIGNAL */  // a request tells the peer nothing about customer traffic
    input  sa_pkg::reply_ctx                 ctx,
    /* verilator lint_on UNUSEDSIGNAL */

    output logic                          job_valid,
    input  wire                           job_ready,
    output sapulse_types_pkg::request_job job,
    output logic                          seal_valid,
    input  wire                           seal_ready,
    output sapulse_types_pkg::seal_job    seal_job,
    output sapulse_types_pkg::header_job  seal_header,
    output datapath_pkg::answer_t         seal_answer
);

  localparam logic [1:0] IDLE = 2'd0;
  localparam logic [1:0] PATH = 2'd1;     // waits for the path
  localparam logic [1:0] ASK = 2'd2;      // asks for the context
  localparam logic [1:0] CONTEXT = 2'd3;  // waits for it

  logic [1:0] state, waited;
  logic is_probe, probe_turn, choice, begins, job_room, seal_room, start, unusable;
  requester_pkg::order_t current;

  assign choice = probe_valid && (probe_turn || !order_valid);
  assign begins = state == IDLE && (order_valid || probe_valid) && job_room && seal_room;
  assign current = (state == IDLE ? choice : is_probe) ? probe : order;
  assign path_sa = current.sa;
  assign reply_sa = current.sa;
  assign reply_valid = state == ASK;

  // The path is there PATH_LATENCY cycles after its address, and stays.
  logic path_due;
  assign path_due = state == PATH && waited == 2'(sa_pkg::PATH_LATENCY - 1);

  assign enter_valid = begins;
  assign enter_epoch = epoch;
  assign start = state == CONTEXT && ctx_valid && ctx.usable;
  assign unusable = (path_due && !path.valid) || (state == CONTEXT && ctx_valid && !ctx.usable);
  assign leave_valid = unusable;

  assign done_valid = start || unusable;
  assign done_usable = start;
  assign done_n = ctx.n;
  assign done_t_origin = now;
  assign order_ready = done_valid && !is_probe;
  assign probe_ready = done_valid && is_probe;

  always_ff @(posedge clk) begin
    case (state)
      IDLE:
      if (begins) begin
        state <= PATH;
        is_probe <= choice;
        probe_turn <= !choice;
        leave_epoch <= epoch;
      end
      PATH: if (path_due) state <= path.valid ? ASK : IDLE;
      ASK: if (reply_ready) state <= CONTEXT;
      default: if (ctx_valid) state <= IDLE;
    endcase
    waited <= state == PATH ? waited + 2'd1 : 2'd0;
    if (rst) begin
      state <= IDLE;
      probe_turn <= 1'b0;
    end
  end

  // Length of the nested packet: header 16, plaintext, ICV 16; an echo's plaintext is body 12, data, padding to a multiple of 4 with the
  // two bytes of the trailer.
  logic [13:0] length;
  assign length = (current.raw ? current.length : (current.length + 14'd17) & ~14'd3) + 14'd32;

  sapulse_types_pkg::request_job new_job;
  assign new_job.length = length;
  assign new_job.spi = ctx.spi;
  assign new_job.n = ctx.n;
  assign new_job.raw = current.raw;
  assign new_job.body = current.body;
  assign new_job.data_length = current.length;
  assign new_job.t_origin = now;
  assign new_job.transaction = current.transaction;
  assign new_job.reply_spi = path.reply_spi;

  sapulse_types_pkg::seal_job new_seal;
  assign new_seal.sa = ctx.sa;
  assign new_seal.length = length;

  // The kernel header makes answers: it swaps addresses and ports.
  sapulse_types_pkg::header_job new_header;
  always_comb begin
    new_header.echo = 1'b0;
    new_header.l2.dst = path.source_mac;
    new_header.l2.src = path.destination_mac;
    new_header.l2.tags = path.tags;
    new_header.l2.tag0 = path.tag0;
    new_header.l2.tag1 = path.tag1;
    new_header.l3.v6 = path.ipv6;
    new_header.l3.dscp = path.dscp;
    new_header.l3.src = path.destination;
    new_header.l3.dst = path.source;
    new_header.encap = path.encapsulation;
    new_header.sport = path.destination_port;
    new_header.dport = path.source_port;
    new_header.spi = path.control_spi;
    new_header.seq = ctx.n[31:0];
    new_header.message = current.message;
    new_header.code = current.code;
    new_header.subject = ctx.spi;
    new_header.transaction = current.transaction;
    new_header.length = length;
  end

  datapath_pkg::answer_t new_answer;
  assign new_answer.counter = current.counter;
  assign new_answer.from_line = 1'b0;
  assign new_answer.entered = 1'b1;
  assign new_answer.epoch = leave_epoch;

  // Two jobs each: the one in the kernel's hands and the next.
  sync_fifo #(
      .WIDTH($bits(new_job)),
      .DEPTH(2)
  ) u_jobs (
      .clk,
      .rst,
      .in_valid(start),
      .in_ready(job_room),
      .in_data(new_job),
      .out_valid(job_valid),
      .out_ready(job_ready),
      .out_data(job)
  );
  // As many as the kernel holds on the way to seal.
  sync_fifo #(
      .WIDTH($bits(new_seal) + $bits(new_header) + $bits(new_answer)),
      .DEPTH(4)
  ) u_seal_jobs (
      .clk,
      .rst,
      .in_valid(start),
      .in_ready(seal_room),
      .in_data({new_answer, new_header, new_seal}),
      .out_valid(seal_valid),
      .out_ready(seal_ready),
      .out_data({seal_answer, seal_header, seal_job})
  );

  `SAPULSE_ASSERT(clk, rst, !start || (job_room && seal_room), "request_start: a message without room")
  `SAPULSE_ASSERT(clk, rst, !(state != IDLE && !(is_probe ? probe_valid : order_valid)), "request_start: an order was taken back")

endmodule

`default_nettype wire
