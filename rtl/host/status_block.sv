// SPDX-License-Identifier: Apache-2.0
// Writes the status block after entries of a ring have been written, then raises the interrupts of these rings.
// A failed write is repeated.
//
// address           of the block
// command_consumer  goes into it, as the producers do
// progress          of completions, exceptions, events; nothing is written or raised for a ring that does not run
// raise             of the same, one cycle, after the write response
`default_nettype none

module status_block (
    input wire        clk,
    input wire        rst,
    input wire [63:0] address,
    input wire [31:0] command_consumer,

    input  host_pkg::ring_progress_t [2:0] progress,
    output logic                     [2:0] raise,

    dma_write_if.client write
);
  localparam int unsigned BITS = sapulse_pkg::DESC_STATUS_BLOCK_BITS;
  localparam int unsigned BEATS = BITS / (8 * host_pkg::BEAT_BYTES);

  logic [2:0] run, written;
  logic [2:0] dirty_q;  // rings whose entries the block does not count yet
  logic [2:0] reported_q;  // rings whose entries the write under way counts
  logic [BITS-1:0] block_q;

  for (genvar i = 0; i < 3; i++) begin : g_ring
    assign run[i] = progress[i].run;
    assign written[i] = progress[i].written;
  end

  assign write.valid = |(dirty_q & run);
  assign write.address = address;
  assign write.beats = host_pkg::write_beats_t'(BEATS);
  assign write.data = host_pkg::beat_t'(block_q);

  always_ff @(posedge clk) begin
    if (write.ready) begin
      block_q <= '0;
      block_q[sapulse_pkg::DESC_STATUS_BLOCK_COMMAND_CONSUMER_LSB+:32] <= command_consumer;
      block_q[sapulse_pkg::DESC_STATUS_BLOCK_COMPLETION_PRODUCER_LSB+:32] <= progress[0].producer;
      block_q[sapulse_pkg::DESC_STATUS_BLOCK_EXCEPTION_PRODUCER_LSB+:32] <= progress[1].producer;
      block_q[sapulse_pkg::DESC_STATUS_BLOCK_EVENT_PRODUCER_LSB+:32] <= progress[2].producer;
    end else if (BEATS > 1 && write.take) begin
      block_q <= block_q >> (8 * host_pkg::BEAT_BYTES);
    end
    if (rst) begin
      dirty_q <= 3'b000;
      reported_q <= 3'b000;
      raise <= 3'b000;
    end else begin
      dirty_q <= run & (written | (write.ready ? 3'b000 : dirty_q) | ((write.done && write.failed) ? reported_q : 3'b000));
      reported_q <= write.ready ? dirty_q : reported_q;
      raise <= (write.done && !write.failed) ? (reported_q & run) : 3'b000;
    end
  end

endmodule

`default_nettype wire
