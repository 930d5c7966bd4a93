// SPDX-License-Identifier: Apache-2.0
// Packets go to seal whole, one after the other, each behind its own order: of a source, beats leave only for an order of this
// source that has been taken, unchanged, and no other order is taken before its last beat. Jobs and headers are those of the orders
// taken, in that order. A source that has an order waits for one packet of the other at most, and between two packets for nothing.
`default_nettype none

module seal_mux_proof (
    input wire clk,
    input wire restart,
    input wire [1:0] beat_valid,   // element 0: answers, 1: messages of the card's own
    input wire [1:0] beat_last,
    input wire [1:0] beat_bit,
    input wire [1:0] order_valid,
    input wire [1:0] order_bit,
    input wire clear_ready,
    input wire job_ready,
    input wire header_ready,
    input wire choose
);

  localparam int unsigned SEALING = 2;

  logic rst;
  proof_reset u_reset (.clk, .restart, .rst, .first());

  stream_if #(sapulse_pkg::payload_beat) replied (), request (), clear ();
  stream_if #(datapath_pkg::seal_order_t) seal_order (), request_order ();
  stream_if #(sapulse_pkg::seal_job) seal_job ();
  stream_if #(datapath_pkg::header_order_t) sealed_header ();
  seal_mux #(.SEALING(SEALING)) u_dut (.*, .fifo_fault());

  // Of what is only handed on, one bit is free.
  always_comb begin
    {replied.data, request.data, seal_order.data, request_order.data} = '0;
    {replied.data.last, request.data.last} = {beat_last[0], beat_last[1]};
    {replied.data.data[0], request.data.data[0]} = {beat_bit[0], beat_bit[1]};
    {seal_order.data.seal.length[0], request_order.data.seal.length[0]} = {order_bit[0], order_bit[1]};
    {seal_order.data.answer.epoch, request_order.data.answer.epoch} = {order_bit[0], order_bit[1]};
  end
  assign replied.valid = beat_valid[0], request.valid = beat_valid[1];
  assign seal_order.valid = order_valid[0], request_order.valid = order_valid[1];
  assign clear.ready = clear_ready, seal_job.ready = job_ready, sealed_header.ready = header_ready;

  logic [1:0] taken, order_taken;  // a beat, an order, by source
  assign taken = {request.valid && request.ready, replied.valid && replied.ready};
  assign order_taken = {request_order.valid && request_order.ready, seal_order.valid && seal_order.ready};

  // What is offered stays (AXI4-Stream 2.2.1).
  logic [1:0] order_held;
  always_ff @(posedge clk) order_held <= rst ? '0 : order_valid & ~order_taken;
  always_comb begin
    assume ((order_held & ~order_valid) == '0);
  end

  // The order under way.
  logic [1:0] open;
  logic ends;
  assign ends = |(taken & beat_last);
  always_ff @(posedge clk) begin
    if (|order_taken) open <= order_taken;
    else if (ends) open <= '0;
    if (rst) open <= '0;
  end

  // Who has been passed over while he had an order.
  logic [1:0] passed_over;
  always_ff @(posedge clk) begin
    if (|order_taken) passed_over <= order_valid & ~order_taken;
    if (rst) passed_over <= '0;
  end

  // Any order: its job, and its header.
  localparam int unsigned COUNT_W = 4;
  logic job_chosen, header_chosen, job_bit, header_bit;
  logic [COUNT_W-1:0] jobs, headers, jobs_ahead, headers_ahead;
  wire bit_taken = order_taken[1] ? order_bit[1] : order_bit[0];
  proof_word #(.COUNT_W(COUNT_W)) u_job (
      .clk, .rst, .push(|order_taken), .push_data(bit_taken), .pop(seal_job.valid && job_ready), .choose, .chosen(job_chosen),
      .data(job_bit), .held(jobs), .ahead(jobs_ahead)
  );
  proof_word #(.COUNT_W(COUNT_W)) u_header (
      .clk, .rst, .push(|order_taken), .push_data(bit_taken), .pop(sealed_header.valid && header_ready), .choose,
      .chosen(header_chosen), .data(header_bit), .held(headers), .ahead(headers_ahead)
  );

  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (open != 2'b11 && u_dut.active == |open && (open == '0 || u_dut.from_request == open[1]));
      // Beats of the open order's source, and of no other.
      assert ((taken & ~open) == '0);
      assert (clear.valid == |(open & beat_valid) && (|taken) == (clear.valid && clear_ready));
      assert (!clear.valid || clear.data == (open[1] ? request.data : replied.data));
      // One order at a time, and the next when its last beat leaves.
      assert (order_taken != 2'b11 && (order_taken == '0 || open == '0 || ends));
      assert (!(|order_valid && (open == '0 || ends) && jobs < 2 && headers < COUNT_W'(SEALING)) || order_taken != '0);
      assert ((passed_over & order_valid & ~order_taken) == '0 || order_taken == '0);
      assert (!(job_chosen && jobs_ahead == '0 && seal_job.valid) || seal_job.data.length[0] == job_bit);
      assert (!(header_chosen && headers_ahead == '0 && sealed_header.valid) || sealed_header.data.answer.epoch == header_bit);
      assert (jobs <= 2 && headers <= COUNT_W'(SEALING));
      cover (order_taken[0] && ends && open[1]);
      cover (order_taken[1] && passed_over[1]);
      cover (job_chosen && jobs_ahead == COUNT_W'(1));
    end
  end

endmodule

`default_nettype wire
