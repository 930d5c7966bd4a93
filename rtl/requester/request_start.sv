// SPDX-License-Identifier: Apache-2.0
// Starts the messages that the card originates, one at a time: looks up the path, takes a control sequence number, and makes the
// jobs of the kernels request, seal and header.
//
// A message enters the card (epoch, enter) before it looks anything up, and leaves with its last beat on line TX, or here (leave)
// when it cannot be sent: so after a fence nothing leaves that was looked up before it.
//
// order, probe_order: messages of commands and of the prober, in turn; valid until ready, which comes with order_result.
// job: to the kernel; request_order: to seal_path. now: clock, ns.
// fifo_fault: of one of the FIFOs in here; see sync_fifo.
`default_nettype none
`include "sapulse_assert.svh"

module request_start (
    input wire        clk,
    input wire        rst,
    input wire [63:0] now,

    stream_if.sink                       order,        // order_t
    stream_if.sink                       probe_order,  // order_t
    output requester_pkg::order_result_t order_result,

    input wire               epoch,
    output sa_pkg::passage_t enter,
    output sa_pkg::passage_t leave,
    sa_path_if.client        path,
    sa_context_if.client     own_context,

    stream_if.source job,           // request_job
    stream_if.source request_order,  // seal_order_t

    output logic fifo_fault
);

  logic [1:0] fifo_faults;
  assign fifo_fault = |fifo_faults;

  // PATH: waits for the path; ASK: asks for the context; CONTEXT: waits for it.
  enum logic [1:0] {IDLE, PATH, ASK, CONTEXT} state;
  logic [1:0] waited;
  logic is_probe, probe_turn, choice, begins, start, unusable, leave_epoch;
  requester_pkg::order_t current;
  sa_pkg::path_t sa_path;
  /* verilator lint_off UNUSEDSIGNAL */  // a request tells the peer nothing about customer traffic
  sa_pkg::reply_ctx_t ctx;
  /* verilator lint_on UNUSEDSIGNAL */
  stream_if #(sapulse_pkg::request_job) new_job ();
  stream_if #(datapath_pkg::seal_order_t) new_order ();

  assign sa_path = path.path;
  assign ctx = own_context.ctx;
  assign choice = probe_order.valid && (probe_turn || !order.valid);
  assign begins = state == IDLE && (order.valid || probe_order.valid) && new_job.ready && new_order.ready;
  assign current = (state == IDLE ? choice : is_probe) ? probe_order.data : order.data;
  assign path.valid = begins;
  assign path.sa = current.sa;
  assign own_context.sa = current.sa;
  assign own_context.valid = state == ASK;
  assign own_context.kept = 1'b1;

  // The path is there PATH_LATENCY cycles after its address, and stays.
  logic path_due;
  assign path_due = state == PATH && waited == 2'(sa_pkg::PATH_LATENCY - 1);

  assign enter = '{valid: begins, epoch: epoch};
  assign start = state == CONTEXT && own_context.context_valid && ctx.usable;
  assign unusable = (path_due && !sa_path.valid) || (state == CONTEXT && own_context.context_valid && !ctx.usable);
  assign leave = '{valid: unusable, epoch: leave_epoch};

  assign order_result = '{usable: start, n: ctx.n, t_origin: now};
  assign order.ready = (start || unusable) && !is_probe;
  assign probe_order.ready = (start || unusable) && is_probe;

  always_ff @(posedge clk) begin
    case (state)
      IDLE:
      if (begins) begin
        state <= PATH;
        is_probe <= choice;
        probe_turn <= !choice;
        leave_epoch <= epoch;
      end
      PATH: if (path_due) state <= sa_path.valid ? ASK : IDLE;
      ASK: if (own_context.ready) state <= CONTEXT;
      default: if (own_context.context_valid) state <= IDLE;
    endcase
    waited <= state == PATH ? waited + 2'd1 : 2'd0;
    if (rst) begin
      state <= IDLE;
      probe_turn <= 1'b0;
    end
  end

  // Length of the nested packet: header 16, plaintext, ICV 16; an echo's plaintext is its header of 8, data, padding to a multiple
  // of 4 with the two bytes of the trailer.
  logic [13:0] length;
  assign length = (current.raw ? current.length : (current.length + 14'd13) & ~14'd3) + 14'(sapulse_pkg::NESTED_OVERHEAD);

  assign new_job.valid = start;
  assign new_job.data = '{
      length: length,
      spi: ctx.spi,
      n: ctx.n,
      raw: current.raw,
      body: current.body,
      data_length: current.length,
      t_origin: now,
      transaction: current.transaction
  };

  // The kernel header makes answers: it swaps addresses and ports.
  assign new_order.valid = start;
  assign new_order.data.seal = '{sa: ctx.sa, length: length};
  assign new_order.data.header = '{
      echo: 1'b0,
      l2: '{dst: sa_path.source_mac, src: sa_path.destination_mac, tags: sa_path.tags, tag0: sa_path.tag0, tag1: sa_path.tag1},
      l3: '{v6: sa_path.ipv6, dscp: sa_path.dscp, src: sa_path.destination, dst: sa_path.source},
      encap: sa_path.encapsulation,
      sport: sa_path.destination_port,
      dport: sa_path.source_port,
      spi: sa_path.control_spi,
      seq: ctx.n[31:0],
      message: current.message,
      code: current.code,
      subject: ctx.spi,
      transaction: current.transaction,
      token_nonce: sa_path.token_nonce,
      length: length
  };
  assign new_order.data.answer = '{counter: current.counter, from_line: 1'b0, entered: 1'b1, epoch: leave_epoch};

  // Two jobs: the one in the kernel's hands and the next.
  sync_fifo #(
      .DEPTH(2)
  ) u_jobs (.clk, .rst, .in(new_job), .out(job), .fault(fifo_faults[0]));
  // As many as the kernel holds on the sa_path to seal.
  sync_fifo #(
      .DEPTH(4),
      .SECRETS(1'b1)
  ) u_orders (.clk, .rst, .in(new_order), .out(request_order), .fault(fifo_faults[1]));

  `SAPULSE_ASSERT(clk, rst, !start || (new_job.ready && new_order.ready), "request_start: a message without room")
  `SAPULSE_ASSERT(clk, rst, !(state != IDLE && !(is_probe ? probe_order.valid : order.valid)),
                  "request_start: an order was taken back")

endmodule

`default_nettype wire
