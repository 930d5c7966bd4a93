// SPDX-License-Identifier: Apache-2.0
// Sends frames out of host memory: reads a whole frame into a block RAM, then streams it.
//
// job    frames to send
// memory_fault  a beat has left that has flipped in here; see word_check
// frame  at least 60 bytes, padded with zeros; no gap inside a frame while frame.ready is 1
`include "sapulse_assert.svh"

`default_nettype none

module frame_reader (
    input wire clk,
    input wire rst,

    frame_job_if.server job,
    dma_read_if.client  read,
    stream_if.source    frame,  // axis_beat

    output logic memory_fault
);
  import host_pkg::*;

  localparam logic [15:0] MIN_LENGTH = 16'd14;  // an Ethernet header
  localparam logic [15:0] MAX_LENGTH = 16'(sapulse_pkg::MAX_FRAME_BYTES);
  localparam logic [6:0] MIN_BYTES = 7'd60;  // shortest frame without FCS, IEEE 802.3 section 4A.2.3.2.4
  localparam int unsigned LOG2_BUFFER = $bits(read_beats_t);

  typedef enum logic [2:0] {IDLE, CHECK, REQUEST, RECEIVE, STREAM} state_t;

  state_t state_q;
  logic [15:0] length_q;
  read_beats_t beats_q;

  wire good_argument = length_q >= MIN_LENGTH && length_q <= MAX_LENGTH && read.address[5:0] == 6'h0;
  wire streamed = frame.valid && frame.ready && frame.data.last;

  assign job.ready = state_q == IDLE;
  assign read.valid = state_q == REQUEST;
  assign read.beats = beats_q;

  always_ff @(posedge clk) begin
    job.finished <= 1'b0;
    if (rst) begin
      state_q <= IDLE;
      job.status <= sapulse_pkg::STATUS_OK;
    end else begin
      case (state_q)
        IDLE: if (job.start) state_q <= CHECK;
        CHECK: begin
          state_q <= good_argument ? REQUEST : IDLE;
          job.finished <= !good_argument;
          job.status <= sapulse_pkg::STATUS_BAD_ARGUMENT;
        end
        REQUEST: if (read.ready) state_q <= RECEIVE;
        RECEIVE:
        if (read.done) begin
          state_q <= read.failed ? IDLE : STREAM;
          job.finished <= 1'b1;
          job.status <= read.failed ? sapulse_pkg::STATUS_DMA_ERROR : sapulse_pkg::STATUS_OK;
        end
        default: if (streamed) state_q <= IDLE;
      endcase
    end
    if (state_q == IDLE) begin
      read.address <= job.address;
      length_q <= job.length;
      beats_q <= read_beats_t'((job.length + 16'(BEAT_BYTES - 1)) >> BEAT_SHIFT);
    end
  end

  // Buffer, filled from 0 by each frame.
  localparam int unsigned BEAT_W = $bits(beat_t);
  logic [BEAT_W:0] buffer[0:(1<<LOG2_BUFFER)-1];  // parity and beat
  logic odd, check_q;
  read_beats_t write_q;
  parity #(.WIDTH(BEAT_W)) u_parity (.data(read.data), .odd);

  always_ff @(posedge clk) begin
    if (state_q == REQUEST) begin
      write_q <= '0;
    end else if (read.data_valid) begin
      write_q <= write_q + 1'b1;
    end
    if (read.data_valid) buffer[write_q] <= {odd, read.data};
  end

  // Two stages out of the buffer: memory, then mask. They move together, so a frame has no gap.
  read_beats_t read_q;
  beat_t read_data_q;
  logic read_valid_q, read_last_q;
  wire advance = !frame.valid || frame.ready;
  wire read_beat = state_q == STREAM && read_q != beats_q;

  logic [6:0] last_bytes_q;  // valid bytes of the last beat, from 1 on
  logic [BEAT_BYTES-1:0] last_data_bytes_q, last_keep_q;  // one bit per byte

  // The lowest `count` bits are 1.
  function automatic logic [BEAT_BYTES-1:0] low_ones(input logic [6:0] count);
    low_ones = ~({BEAT_BYTES{1'b1}} << count);
  endfunction

  // Needs 64-byte beats: only a frame of one beat is padded.
  always_ff @(posedge clk) begin
    last_bytes_q <= (length_q[BEAT_SHIFT-1:0] == '0) ? 7'(BEAT_BYTES) : 7'(length_q[BEAT_SHIFT-1:0]);
    last_data_bytes_q <= low_ones(last_bytes_q);
    last_keep_q <= low_ones((beats_q == read_beats_t'(1) && last_bytes_q < MIN_BYTES) ? MIN_BYTES : last_bytes_q);
  end

  always_ff @(posedge clk) begin
    if (rst) begin
      read_q <= '0;
      read_valid_q <= 1'b0;
      frame.valid <= 1'b0;
    end else if (state_q != STREAM) begin
      read_q <= '0;
    end else if (advance) begin
      read_q <= read_beat ? read_q + 1'b1 : read_q;
      read_valid_q <= read_beat;
      frame.valid <= read_valid_q;
    end
    if (advance) begin
      {check_q, read_data_q} <= buffer[read_q];
      read_last_q <= read_q == beats_q - 1'b1;
      frame.data.user <= 1'b0;
      frame.data.last <= read_last_q;
      frame.data.keep <= read_last_q ? last_keep_q : '1;
      for (int i = 0; i < BEAT_BYTES; i++) begin
        frame.data.data[8*i+:8] <= (read_last_q && !last_data_bytes_q[i]) ? 8'h00 : read_data_q[8*i+:8];
      end
    end
  end

  word_check #(
      .WIDTH(BEAT_W + 1)
  ) u_check (
      .clk, .rst,
      .taken(advance && read_valid_q && state_q == STREAM),
      .word({check_q, read_data_q}),
      .fault(memory_fault)
  );

  `SAPULSE_ASSERT(clk, rst, !job.start || job.ready, "frame started while another one is under way")

endmodule

`default_nettype wire
