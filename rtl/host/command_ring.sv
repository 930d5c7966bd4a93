// SPDX-License-Identifier: Apache-2.0
// Fetches commands from the ring in host memory ahead of their execution.
//
// Descriptors wait in a memory of 8, four beats side by side, so that a whole descriptor is readable at once. Up to four
// that lie side by side are read in one go. A failed read leaves the consumer index where it was and is repeated.
//
// run, clear, idle  see ring_restart
// base, log2        of the ring; base is a multiple of 256
// producer          commands written by the host so far
// consumer          commands fetched so far
// implausible       producer is more than the ring's size ahead: nothing is fetched
// waiting           there is a command to fetch, or one that has been fetched and not been taken
// descriptor        the oldest command, byte i at bits [8i+7:8i]; stable from valid until ready
// request, data     see dma_read
`default_nettype none

module command_ring (
    input  wire           clk,
    input  wire           rst,
    input  wire           run,
    input  wire           clear,
    output logic          idle,
    input  wire  [  63:0] base,
    input  wire  [   3:0] log2,
    input  wire  [  31:0] producer,
    output logic [  31:0] consumer,
    output logic          implausible,
    output logic          waiting,

    output logic          descriptor_valid,
    input  wire           descriptor_ready,
    output logic [2047:0] descriptor,

    output logic          request_valid,
    input  wire           request_ready,
    output logic [  63:0] request_address,
    output logic [   7:0] request_beats,
    input  wire           data_valid,
    input  wire  [ 511:0] data,
    input  wire           done,
    input  wire           done_failed
);
  localparam int unsigned LOG2_DEPTH = 3;
  localparam logic [LOG2_DEPTH:0] DEPTH = (LOG2_DEPTH + 1)'(1 << LOG2_DEPTH);
  localparam logic [2:0] BATCH = 3'd4;
  localparam int unsigned ENTRY_SHIFT = $clog2(sapulse_pkg::COMMAND_BYTES);

  localparam logic [1:0] IDLE = 2'd0;
  localparam logic [1:0] LOCATE = 2'd1;
  localparam logic [1:0] REQUEST = 2'd2;
  localparam logic [1:0] RECEIVE = 2'd3;

  logic [1:0] state_q;
  logic [2:0] batch_q;
  logic [31:0] available_q;
  logic [LOG2_DEPTH:0] count_q;  // fetched and not taken
  logic [LOG2_DEPTH-1:0] read_q;

  wire [31:0] size = 32'h1 << log2;
  wire [31:0] above_size = ~(size - 32'h1);
  wire [14:0] slot = consumer[14:0] & ~above_size[14:0];
  wire fetched = done && !done_failed;
  wire taken = descriptor_valid && descriptor_ready;

  wire too_far = available_q != size && (available_q & above_size) != 32'h0;

  // Four at once from a slot that is a multiple of four: they lie side by side.
  wire whole_batch = available_q >= 32'(BATCH) && log2 >= 4'd2 && slot[1:0] == 2'b00;
  wire [2:0] wanted = whole_batch ? BATCH : 3'd1;
  wire begin_fetch = run && !too_far && available_q != 32'h0 && count_q + (LOG2_DEPTH + 1)'(wanted) <= DEPTH;

  assign idle = state_q == IDLE;
  assign waiting = run && (available_q != 32'h0 || producer != consumer || count_q != '0);
  assign request_valid = state_q == REQUEST && run;
  assign request_beats = {3'h0, batch_q, 2'b00};
  assign descriptor_valid = run && count_q != '0;

  always_ff @(posedge clk) begin
    if (rst || clear) begin
      consumer <= 32'h0;
      count_q <= '0;
      read_q <= '0;
    end else begin
      consumer <= fetched ? consumer + 32'(batch_q) : consumer;
      count_q <= count_q + (fetched ? (LOG2_DEPTH + 1)'(batch_q) : '0) - (LOG2_DEPTH + 1)'(taken);
      read_q <= read_q + LOG2_DEPTH'(taken);
    end
  end

  // settle_q: available_q is of before the consumer index moved.
  logic settle_q;
  always_ff @(posedge clk) begin
    available_q <= (rst || clear) ? 32'h0 : producer - consumer;
    implausible <= !rst && run && too_far;
    settle_q <= done || clear;
    if (rst) begin
      state_q <= IDLE;
      batch_q <= 3'd1;
    end else begin
      case (state_q)
        IDLE:
        if (begin_fetch && !settle_q) begin
          batch_q <= wanted;
          state_q <= LOCATE;
        end
        LOCATE: state_q <= REQUEST;
        REQUEST: if (!run) state_q <= IDLE;
        else if (request_ready) state_q <= RECEIVE;
        default: if (done) state_q <= IDLE;
      endcase
    end
    if (state_q == LOCATE) begin
      request_address <= base + (64'(slot) << ENTRY_SHIFT);
    end
  end

  // Beat b of a descriptor goes to memory b. The position of the next beat starts behind what is there for good.
  logic [LOG2_DEPTH+1:0] write_q;
  for (genvar b = 0; b < 4; b++) begin : g_beat
    logic [511:0] beats[0:(1<<LOG2_DEPTH)-1];
    always_ff @(posedge clk) begin
      if (data_valid && write_q[1:0] == 2'(b)) begin
        beats[write_q[LOG2_DEPTH+1:2]] <= data;
      end
    end
    assign descriptor[512*b+:512] = beats[read_q];
  end

  always_ff @(posedge clk) begin
    if (state_q == LOCATE) begin
      write_q <= {read_q + count_q[LOG2_DEPTH-1:0], 2'b00};
    end else if (data_valid) begin
      write_q <= write_q + 1'b1;
    end
  end

endmodule

`default_nettype wire
