// SPDX-License-Identifier: Apache-2.0
// Writes the status block after entries of a ring have been written, then raises the interrupts of these rings.
// A failed write is repeated.
//
// run        rings that run, in the order completion, exception, event; nothing is written or raised for a ring that does not
// written    entries have been written
// command_consumer, *_producer  contents of the block
// raise      one cycle, after the write response
// request, data  see dma_write
`default_nettype none

module status_block (
    input  wire          clk,
    input  wire          rst,
    input  wire  [  2:0] run,
    input  wire  [  2:0] written,
    output logic [  2:0] raise,
    input  wire  [ 63:0] address,
    input  wire  [ 31:0] command_consumer,
    input  wire  [ 31:0] completion_producer,
    input  wire  [ 31:0] exception_producer,
    input  wire  [ 31:0] event_producer,

    output logic         request_valid,
    input  wire          request_ready,
    output logic [ 63:0] request_address,
    output logic [  4:0] request_beats,
    output logic [511:0] data,
    input  wire          done,
    input  wire          done_failed
);
  logic [2:0] dirty_q;  // rings whose entries the block does not count yet
  logic [2:0] reported_q;  // rings whose entries the write under way counts

  assign request_valid = |(dirty_q & run);
  assign request_address = address;
  assign request_beats = 5'd1;

  always_ff @(posedge clk) begin
    if (request_ready) begin
      data <= 512'h0;
      data[sapulse_pkg::DESC_STATUS_BLOCK_COMMAND_CONSUMER_LSB+:32] <= command_consumer;
      data[sapulse_pkg::DESC_STATUS_BLOCK_COMPLETION_PRODUCER_LSB+:32] <= completion_producer;
      data[sapulse_pkg::DESC_STATUS_BLOCK_EXCEPTION_PRODUCER_LSB+:32] <= exception_producer;
      data[sapulse_pkg::DESC_STATUS_BLOCK_EVENT_PRODUCER_LSB+:32] <= event_producer;
    end
    if (rst) begin
      dirty_q <= 3'b000;
      reported_q <= 3'b000;
      raise <= 3'b000;
    end else begin
      dirty_q <= run & (written | ((request_ready ? 3'b000 : dirty_q) | ((done && done_failed) ? reported_q : 3'b000)));
      reported_q <= request_ready ? dirty_q : reported_q;
      raise <= (done && !done_failed) ? (reported_q & run) : 3'b000;
    end
  end

endmodule

`default_nettype wire
