// SPDX-License-Identifier: Apache-2.0
// Fetches commands from the ring in host memory ahead of their execution.
//
// Descriptors wait in a memory of 8, the beats of each side by side, so that a whole descriptor is readable at once. Up to four
// that lie side by side are read in one go. A failed read leaves the consumer index where it was and is repeated. While the memory
// is empty it is overwritten with zeros: descriptors may have keys.
//
// idle         see ring_restart
// cfg          base is a multiple of 256
// consumer     commands fetched so far
// implausible  the host's index is more than the ring's size ahead: nothing is fetched
// waiting      there is a command to fetch, or one that has been fetched and not been taken
// memory_fault a descriptor has been taken that has flipped in here; see word_check
// descriptor   the oldest command, byte i at bits [8i+7:8i]
`default_nettype none

module command_ring (
    input wire clk,
    input wire rst,

    input  host_pkg::ring_control_t control,
    input  host_pkg::ring_config_t  cfg,
    output logic                    idle,
    output logic [31:0]             consumer,
    output logic                    implausible,
    output logic                    waiting,

    stream_if.source   descriptor,  // command_t
    dma_read_if.client read,

    output logic memory_fault
);
  localparam int unsigned LOG2_DEPTH = 3;
  localparam logic [LOG2_DEPTH:0] DEPTH = (LOG2_DEPTH + 1)'(1 << LOG2_DEPTH);
  localparam logic [2:0] BATCH = 3'd4;
  localparam int unsigned ENTRY_SHIFT = $clog2(sapulse_pkg::COMMAND_BYTES);
  localparam int unsigned BEATS = sapulse_pkg::COMMAND_BYTES / host_pkg::BEAT_BYTES;
  localparam int unsigned LOG2_BEATS = $clog2(BEATS);

  typedef enum logic [1:0] {IDLE, LOCATE, REQUEST, RECEIVE} state_t;

  state_t state_q;
  logic [2:0] batch_q;
  logic [31:0] available_q;
  logic [LOG2_DEPTH:0] count_q;  // fetched and not taken
  logic [LOG2_DEPTH-1:0] read_q;

  wire [31:0] size = 32'h1 << cfg.log2;
  wire [31:0] above_size = ~(size - 32'h1);
  wire [14:0] slot = consumer[14:0] & ~above_size[14:0];
  wire fetched = read.done && !read.failed;
  wire taken = descriptor.valid && descriptor.ready;

  wire too_far = available_q != size && (available_q & above_size) != 32'h0;

  // Four at once from a slot that is a multiple of four: they lie side by side.
  wire whole_batch = available_q >= 32'(BATCH) && cfg.log2 >= 4'd2 && slot[1:0] == 2'b00;
  wire [2:0] wanted = whole_batch ? BATCH : 3'd1;
  wire begin_fetch = control.run && !too_far && available_q != 32'h0 && count_q + (LOG2_DEPTH + 1)'(wanted) <= DEPTH;

  assign idle = state_q == IDLE;
  assign waiting = control.run && (available_q != 32'h0 || cfg.index != consumer || count_q != '0);
  assign read.valid = state_q == REQUEST && control.run;
  assign read.beats = host_pkg::read_beats_t'(batch_q) << LOG2_BEATS;
  assign descriptor.valid = control.run && count_q != '0;

  always_ff @(posedge clk) begin
    if (rst || control.clear) begin
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
    available_q <= (rst || control.clear) ? 32'h0 : cfg.index - consumer;
    implausible <= !rst && control.run && too_far;
    settle_q <= read.done || control.clear;
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
        REQUEST: if (!control.run) state_q <= IDLE;
        else if (read.ready) state_q <= RECEIVE;
        default: if (read.done) state_q <= IDLE;
      endcase
    end
    if (state_q == LOCATE) read.address <= cfg.base + (64'(slot) << ENTRY_SHIFT);
  end

  // Beat b of a descriptor goes to memory b. The position of the next beat starts behind what is there for good. Between commands
  // the data read is zero.
  logic [LOG2_DEPTH-1:0] write_q;
  logic [LOG2_BEATS-1:0] write_beat_q;
  wire empty = state_q == IDLE && count_q == '0;
  localparam int unsigned BEAT_W = $bits(host_pkg::beat_t);
  logic odd;
  logic [BEATS-1:0] faults;
  assign memory_fault = |faults;
  parity #(.WIDTH(BEAT_W)) u_parity (.data(read.data), .odd);
  for (genvar b = 0; b < BEATS; b++) begin : g_beat
    logic [BEAT_W:0] beats[0:(1<<LOG2_DEPTH)-1];  // parity and beat
    always_ff @(posedge clk) begin
      if (empty || (read.data_valid && write_beat_q == LOG2_BEATS'(b))) beats[write_q] <= {odd, read.data};
    end
    assign descriptor.data[BEAT_W*b+:BEAT_W] = beats[read_q][BEAT_W-1:0];
    word_check #(.WIDTH(BEAT_W + 1)) u_check (.clk, .rst, .taken, .word(beats[read_q]), .fault(faults[b]));
  end

  always_ff @(posedge clk) begin
    if (state_q == LOCATE) begin
      write_q <= read_q + count_q[LOG2_DEPTH-1:0];
      write_beat_q <= '0;
    end else if (empty) begin
      write_q <= write_q + 1'b1;
    end else if (read.data_valid) begin
      {write_q, write_beat_q} <= {write_q, write_beat_q} + 1'b1;
    end
  end

endmodule

`default_nettype wire
