// SPDX-License-Identifier: Apache-2.0
// Sends frames out of host memory: reads a whole frame into a block RAM, then streams it.
//
// start     one cycle, while ready: take over the frame at `address` with `length` bytes
// finished  one cycle: the frame is in the card, or will not be sent; status is STATUS_OK, STATUS_BAD_ARGUMENT (length outside
//           14..MAX_FRAME_BYTES, address not a multiple of 64) or STATUS_DMA_ERROR
// ready     the last frame has left; idle before the next start
// frame     AXI4-Stream; at least 60 bytes, padded with zeros; no gap inside a frame while frame_tready is 1
// request, data  see dma_read
`include "sapulse_assert.svh"

`default_nettype none

module frame_reader (
    input  wire          clk,
    input  wire          rst,
    input  wire          start,
    output logic         ready,
    input  wire  [ 63:0] address,
    input  wire  [ 15:0] length,
    output logic         finished,
    output logic [  7:0] status,

    output logic         request_valid,
    input  wire          request_ready,
    output logic [ 63:0] request_address,
    output logic [  7:0] request_beats,
    input  wire          data_valid,
    input  wire  [511:0] data,
    input  wire          done,
    input  wire          done_failed,

    output logic         frame_tvalid,
    input  wire          frame_tready,
    output logic [511:0] frame_tdata,
    output logic [ 63:0] frame_tkeep,
    output logic         frame_tlast
);
  localparam logic [15:0] MIN_LENGTH = 16'd14;  // an Ethernet header
  localparam logic [15:0] MAX_LENGTH = 16'(sapulse_pkg::MAX_FRAME_BYTES);
  localparam logic [6:0] MIN_BYTES = 7'd60;  // shortest frame without FCS, IEEE 802.3 section 4A.2.3.2.4
  localparam int unsigned BUFFER_BEATS = 256;

  localparam logic [2:0] IDLE = 3'd0;
  localparam logic [2:0] CHECK = 3'd1;
  localparam logic [2:0] REQUEST = 3'd2;
  localparam logic [2:0] RECEIVE = 3'd3;
  localparam logic [2:0] STREAM = 3'd4;

  logic [2:0] state_q;
  logic [15:0] length_q;
  logic [7:0] beats_q;

  wire good_argument = length_q >= MIN_LENGTH && length_q <= MAX_LENGTH && request_address[5:0] == 6'h0;
  wire streamed = frame_tvalid && frame_tready && frame_tlast;

  assign ready = state_q == IDLE;
  assign request_valid = state_q == REQUEST;
  assign request_beats = beats_q;

  always_ff @(posedge clk) begin
    finished <= 1'b0;
    if (rst) begin
      state_q <= IDLE;
      status <= sapulse_pkg::STATUS_OK;
    end else begin
      case (state_q)
        IDLE: if (start) state_q <= CHECK;
        CHECK: begin
          state_q <= good_argument ? REQUEST : IDLE;
          finished <= !good_argument;
          status <= sapulse_pkg::STATUS_BAD_ARGUMENT;
        end
        REQUEST: if (request_ready) state_q <= RECEIVE;
        RECEIVE:
        if (done) begin
          state_q <= done_failed ? IDLE : STREAM;
          finished <= 1'b1;
          status <= done_failed ? sapulse_pkg::STATUS_DMA_ERROR : sapulse_pkg::STATUS_OK;
        end
        default: if (streamed) state_q <= IDLE;
      endcase
    end
    if (state_q == IDLE) begin
      request_address <= address;
      length_q <= length;
      beats_q <= 8'((length + 16'd63) >> 6);
    end
  end

  // Buffer, filled from 0 by each frame.
  logic [511:0] buffer[0:BUFFER_BEATS-1];
  logic [7:0] write_q;

  always_ff @(posedge clk) begin
    if (state_q == REQUEST) begin
      write_q <= 8'd0;
    end else if (data_valid) begin
      write_q <= write_q + 8'd1;
    end
    if (data_valid) begin
      buffer[write_q] <= data;
    end
  end

  // Two stages out of the buffer: memory, then mask. They move together, so a frame has no gap.
  logic [7:0] read_q;
  logic [511:0] read_data_q;
  logic read_valid_q, read_last_q;
  wire advance = !frame_tvalid || frame_tready;
  wire read = state_q == STREAM && read_q != beats_q;

  logic [6:0] last_bytes_q;  // valid bytes of the last beat, 1..64
  logic [63:0] last_data_bytes_q, last_keep_q;  // one bit per byte

  // The lowest `count` bits are 1.
  function automatic logic [63:0] low_ones(input logic [6:0] count);
    low_ones = ~(64'hffffffff_ffffffff << count);
  endfunction

  always_ff @(posedge clk) begin
    last_bytes_q <= (length_q[5:0] == 6'd0) ? 7'd64 : {1'b0, length_q[5:0]};
    last_data_bytes_q <= low_ones(last_bytes_q);
    last_keep_q <= low_ones((beats_q == 8'd1 && last_bytes_q < MIN_BYTES) ? MIN_BYTES : last_bytes_q);
  end

  always_ff @(posedge clk) begin
    if (rst) begin
      read_q <= 8'd0;
      read_valid_q <= 1'b0;
      frame_tvalid <= 1'b0;
    end else if (state_q != STREAM) begin
      read_q <= 8'd0;
    end else if (advance) begin
      read_q <= read ? read_q + 8'd1 : read_q;
      read_valid_q <= read;
      frame_tvalid <= read_valid_q;
    end
    if (advance) begin
      read_data_q <= buffer[read_q];
      read_last_q <= read_q == beats_q - 8'd1;
      frame_tlast <= read_last_q;
      frame_tkeep <= read_last_q ? last_keep_q : 64'hffffffff_ffffffff;
    end
  end

  for (genvar i = 0; i < 64; i++) begin : g_byte
    always_ff @(posedge clk) begin
      if (advance) begin
        frame_tdata[8*i+:8] <= (read_last_q && !last_data_bytes_q[i]) ? 8'h00 : read_data_q[8*i+:8];
      end
    end
  end

  `SAPULSE_ASSERT(clk, rst, !start || ready, "frame started while another one is under way")

endmodule

`default_nettype wire
