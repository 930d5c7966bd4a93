// SPDX-License-Identifier: Apache-2.0
// A ring in host memory that the card writes: buffers entries, writes them in order, and counts what has been written.
//
// Entries wait in a block RAM until their write response has come: after an error they are written again. Entries that lie side by
// side in the ring share a burst.
//
// BEATS       64-byte beats per entry, a power of two
// LOG2_DEPTH  log2 of the entries that fit the buffer
// LOG2_BATCH  log2 of the entries that share a burst at most; BEATS << LOG2_BATCH is at most 16
//
// run, clear, idle  see ring_restart
// base, log2        of the ring; base is a multiple of the entry's size
// consumer          entries taken by the host so far
// in                entries, BEATS beats each; refused only while the buffer is full and no entry has begun
// room              ring and buffer have room for one more entry than those accepted; exact from the cycle after an entry's last beat
// accepted          entries taken in so far
// producer          entries written so far; written: one cycle when it has moved
// implausible       consumer is ahead of producer, or more than the ring's size behind: nothing is begun
// request, data     see dma_write
`include "sapulse_assert.svh"

`default_nettype none

module ring_writer #(
    parameter int unsigned BEATS = 1,
    parameter int unsigned LOG2_DEPTH = 4,
    parameter int unsigned LOG2_BATCH = 4
) (
    input  wire          clk,
    input  wire          rst,
    input  wire          run,
    input  wire          clear,
    output logic         idle,
    input  wire  [ 63:0] base,
    input  wire  [  3:0] log2,
    input  wire  [ 31:0] consumer,

    input  wire          in_valid,
    output logic         in_ready,
    input  wire  [511:0] in_data,
    output logic         room,
    output logic [ 31:0] accepted,
    output logic [ 31:0] producer,
    output logic         written,
    output logic         implausible,

    output logic         request_valid,
    input  wire          request_ready,
    output logic [ 63:0] request_address,
    output logic [  4:0] request_beats,
    output logic [511:0] data,
    input  wire          data_take,
    input  wire          done,
    input  wire          done_failed
);
  localparam int unsigned DEPTH = 1 << LOG2_DEPTH;
  localparam int unsigned LOG2_BEATS = $clog2(BEATS);
  localparam int unsigned ADDRESS_W = LOG2_DEPTH + LOG2_BEATS;
  localparam int unsigned ENTRY_SHIFT = 6 + LOG2_BEATS;  // log2 of the entry's bytes

  if ((BEATS << LOG2_BATCH) > 16) begin : g_burst
    $error("ring_writer: a burst would have more than 16 beats");
  end

  localparam logic [2:0] IDLE = 3'd0;
  localparam logic [2:0] LOCATE = 3'd1;
  localparam logic [2:0] BATCH = 3'd2;
  localparam logic [2:0] REQUEST = 3'd3;
  localparam logic [2:0] SEND = 3'd4;

  logic [2:0] state_q;
  logic [LOG2_BATCH:0] batch_q;  // entries of the burst under way

  // Taking entries in. in_beat_q counts the beats of the entry that has begun.
  logic [LOG2_BEATS:0] in_beat_q;
  logic [LOG2_DEPTH:0] count_q;  // entries accepted and not written
  wire in_take = in_valid && in_ready;
  wire in_last = in_take && in_beat_q == (LOG2_BEATS + 1)'(BEATS - 1);
  wire batch_written = done && !done_failed;

  assign in_ready = !clear && (in_beat_q != '0 || count_q != (LOG2_DEPTH + 1)'(DEPTH));
  assign idle = state_q == IDLE && in_beat_q == '0;

  always_ff @(posedge clk) begin
    written <= batch_written && !rst;
    if (rst) begin
      in_beat_q <= '0;
    end else if (in_take) begin
      in_beat_q <= in_last ? '0 : in_beat_q + 1'b1;
    end
    if (rst || clear) begin
      accepted <= 32'h0;
      producer <= 32'h0;
      count_q <= '0;
    end else begin
      accepted <= accepted + {31'h0, in_last};
      producer <= batch_written ? producer + 32'(batch_q) : producer;
      count_q <= count_q + (LOG2_DEPTH + 1)'(in_last) - (batch_written ? (LOG2_DEPTH + 1)'(batch_q) : '0);
    end
  end

  // Room for the entry after those accepted. Both cases of the next cycle are worked out ahead.
  wire [31:0] size = 32'h1 << log2;
  wire [31:0] above_size = ~(size - 32'h1);
  wire [31:0] in_use = accepted - consumer;
  wire [31:0] in_use_next = in_use + 32'h1;
  logic fits_q, fits_next_q, accepted_moved_q;

  always_ff @(posedge clk) begin
    fits_q <= (in_use & above_size) == 32'h0 && count_q < (LOG2_DEPTH + 1)'(DEPTH);
    fits_next_q <= (in_use_next & above_size) == 32'h0 && count_q < (LOG2_DEPTH + 1)'(DEPTH - 1);
    accepted_moved_q <= in_last;
    room <= !rst && run && (in_last ? fits_next_q : accepted_moved_q ? room : fits_q);
  end

  logic [31:0] unread_q;
  wire too_far = unread_q != size && (unread_q & above_size) != 32'h0;
  always_ff @(posedge clk) begin
    unread_q <= producer - consumer;
    implausible <= !rst && run && too_far;
  end

  // The entries of a burst lie side by side when it is aligned to its length, in the ring and in memory.
  wire [14:0] slot = producer[14:0] & ~above_size[14:0];
  logic [LOG2_BATCH:0] batch;
  always_comb begin
    batch = (LOG2_BATCH + 1)'(1);
    for (int k = 1; k <= LOG2_BATCH; k++) begin
      if (count_q >= (LOG2_DEPTH + 1)'(1 << k) && log2 >= 4'(k) && (producer[LOG2_BATCH-1:0] & LOG2_BATCH'((1 << k) - 1)) == '0
          && (request_address[ENTRY_SHIFT+:LOG2_BATCH] & LOG2_BATCH'((1 << k) - 1)) == '0) begin
        batch = (LOG2_BATCH + 1)'(1 << k);
      end
    end
  end

  assign request_valid = state_q == REQUEST && run;

  always_ff @(posedge clk) begin
    if (rst) begin
      state_q <= IDLE;
      batch_q <= '0;
    end else begin
      case (state_q)
        IDLE: if (run && count_q != '0 && !too_far) state_q <= LOCATE;
        LOCATE: state_q <= BATCH;
        BATCH: begin
          batch_q <= batch;
          state_q <= REQUEST;
        end
        REQUEST: if (!run) state_q <= IDLE;
        else if (request_ready) state_q <= SEND;
        default: if (done) state_q <= IDLE;
      endcase
    end
    if (state_q == LOCATE) begin
      request_address <= base + (64'(slot) << ENTRY_SHIFT);
    end
  end
  assign request_beats = 5'(batch_q) << LOG2_BEATS;

  // Buffer; `data` shows the beat at read_q.
  logic [511:0] buffer[0:DEPTH*BEATS-1];
  logic [ADDRESS_W-1:0] read_q, read_d, write_address;
  if (BEATS == 1) begin : g_single
    assign write_address = accepted[LOG2_DEPTH-1:0];
  end else begin : g_several
    assign write_address = {accepted[LOG2_DEPTH-1:0], in_beat_q[LOG2_BEATS-1:0]};
  end

  always_comb begin
    read_d = read_q + ADDRESS_W'(data_take);
    if (state_q == LOCATE) begin
      read_d = ADDRESS_W'(producer[LOG2_DEPTH-1:0]) << LOG2_BEATS;
    end
  end

  always_ff @(posedge clk) begin
    read_q <= read_d;
    data <= buffer[read_d];
    if (in_take) begin
      buffer[write_address] <= in_data;
    end
  end

  `SAPULSE_ASSERT(clk, rst, !clear || idle, "cleared while an entry is under way")

endmodule

`default_nettype wire
