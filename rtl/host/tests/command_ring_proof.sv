// SPDX-License-Identifier: Apache-2.0
// command_ring asks dma_read for what this takes, whatever the host writes into the registers of the ring and when: whole commands,
// at their place in the ring, no more than there is room for.
`default_nettype none

module command_ring_proof (
    input wire clk,
    input wire restart,
    input wire run,
    input wire clear,
    input wire [63:0] base,
    input wire [3:0] log2,
    input wire [31:0] index,
    input wire taken,
    input wire ready,
    input wire done,
    input wire fails
);

  localparam int unsigned BYTES = sapulse_pkg::COMMAND_BYTES, BEATS = BYTES / sapulse_pkg::BEAT_BYTES;
  localparam int unsigned ROOM = 8, MOST = 4;  // commands that are buffered, of a read

  logic rst;
  proof_reset u_reset (.clk, .restart, .rst, .first());

  host_pkg::ring_control_t control;
  host_pkg::ring_config_t cfg;
  logic idle, implausible, waiting;
  logic [31:0] consumer;
  stream_if #(host_pkg::command_t) descriptor ();
  dma_read_if read ();
  assign control = '{run: run, clear: clear};
  assign cfg = '{base: base, log2: log2, index: index};
  assign descriptor.ready = taken;
  assign read.ready = ready, read.data_valid = 1'b0, read.data = '0, read.done = done, read.failed = fails;
  command_ring u_dut (.*, .memory_fault());

  dma_read_rules #(.MOST(MOST * BEATS)) u_rules (.clk, .rst, .valid(read.valid), .address(read.address), .beats(read.beats));

  // What the surroundings promise: registers (base), ring_restart (clear), dma_read.
  logic reading;
  always_ff @(posedge clk) reading <= !rst && !done && (reading || ready);
  always_comb begin
    assume (base[$clog2(BYTES)-1:0] == '0);
    assume (!clear || (idle && !run));
    assume (!ready || (read.valid && !reading));
    assume (!done || reading);
  end

  // As in command_ring.
  typedef enum logic [1:0] {IDLE, LOCATE, REQUEST, RECEIVE} state_t;
  state_t state;
  assign state = state_t'(u_dut.state_q);

  // Where the commands belong, by the registers as they were when the read was begun.
  logic [63:0] place;
  logic [31:0] size;
  assign size = 32'd1 << log2;
  always_ff @(posedge clk) begin
    if (state == LOCATE) place <= base + (64'(consumer & (size - 32'd1)) << $clog2(BYTES));
  end

  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (reading == (state == RECEIVE));
      assert (u_dut.batch_q == 3'd1 || 32'(u_dut.batch_q) == MOST);
      assert (32'(u_dut.count_q) <= ROOM);
      assert (state == IDLE || 32'(u_dut.count_q) + 32'(u_dut.batch_q) <= ROOM);
      assert (!(state == REQUEST || reading) || (read.address == place && place[$clog2(BYTES)-1:0] == '0));
      cover (read.valid && 32'(read.beats) == MOST * BEATS && read.address != base);
      cover (32'(u_dut.count_q) == ROOM);
    end
  end

endmodule

`default_nettype wire
