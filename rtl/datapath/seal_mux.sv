// SPDX-License-Identifier: Apache-2.0
// Brings answers and messages of the card's own into one order in front of the kernel seal, packet by packet.
//
// A packet is chosen when its order is there: its beats follow for certain. The sources take turns when both have one. Between two
// packets there is no pause.
// replied, seal_order: beats of answers, and one order for each; request, request_order: those of messages of the card's own.
// clear, seal_job: for seal, in the order of the choices; sealed_header: what the packets need behind it, in the same order.
// fifo_fault: of one of the FIFOs in here; see sync_fifo.
`default_nettype none

module seal_mux #(
    parameter int unsigned SEALING = 32  // packets in seal and behind it whose header order has not been taken
) (
    input wire clk,
    input wire rst,

    stream_if.sink replied,        // payload_beat
    stream_if.sink seal_order,     // seal_order_t
    stream_if.sink request,        // payload_beat
    stream_if.sink request_order,  // seal_order_t

    stream_if.source clear,         // payload_beat
    stream_if.source seal_job,      // seal_job
    stream_if.source sealed_header,  // header_order_t

    output logic fifo_fault
);

  logic [1:0] fifo_faults;
  assign fifo_fault = |fifo_faults;

  stream_if #(sapulse_pkg::seal_job) new_job ();
  stream_if #(datapath_pkg::header_order_t) new_header ();
  datapath_pkg::seal_order_t order;
  logic active, from_request, request_turn, choose, choice, ending;

  assign choice = request_order.valid && (request_turn || !seal_order.valid);
  assign choose = (seal_order.valid || request_order.valid) && (!active || ending) && new_job.ready && new_header.ready;
  assign order = choice ? request_order.data : seal_order.data;
  assign seal_order.ready = choose && !choice;
  assign request_order.ready = choose && choice;

  assign clear.data = from_request ? request.data : replied.data;
  assign clear.valid = active && (from_request ? request.valid : replied.valid);
  assign replied.ready = active && !from_request && clear.ready;
  assign request.ready = active && from_request && clear.ready;
  assign ending = clear.valid && clear.ready && clear.data.last;

  always_ff @(posedge clk) begin
    if (choose) begin
      active <= 1'b1;
      from_request <= choice;
      request_turn <= !choice;
    end else if (ending) begin
      active <= 1'b0;
    end
    if (rst) begin
      active <= 1'b0;
      request_turn <= 1'b0;
    end
  end

  // A kernel is ready only when it has been offered something; a FIFO in front of it has room before that.
  assign new_job.valid = choose;
  assign new_job.data = order.seal;
  sync_fifo #(.DEPTH(2), .SECRETS(1'b1)) u_jobs (.clk, .rst, .in(new_job), .out(seal_job), .fault(fifo_faults[0]));

  assign new_header.valid = choose;
  assign new_header.data = '{header: order.header, answer: order.answer};
  sync_fifo #(.DEPTH(SEALING)) u_headers (.clk, .rst, .in(new_header), .out(sealed_header), .fault(fifo_faults[1]));

endmodule

`default_nettype wire
