// SPDX-License-Identifier: Apache-2.0
// A ring in host memory that the card writes: buffers entries, writes them in order, and counts what has been written.
//
// Entries wait in a block RAM until their write response has come: after an error they are written again. Entries that lie side by
// side in the ring share a burst.
//
// ENTRY_BYTES  of an entry, a power of two, at least a beat
// LOG2_DEPTH   log2 of the entries that fit the buffer: a burst or more
//
// idle         see ring_restart
// cfg          base is a multiple of the entry's size
// accepted     entries taken in so far
// implausible  the host's index is ahead of the producer, or more than the ring's size behind: nothing is begun
// memory_fault a beat has been written that has flipped in here; see word_check
// entries      refused only while the buffer is full and no entry has begun; room: in ring and buffer
`include "sapulse_assert.svh"

`default_nettype none

module ring_writer #(
    parameter int unsigned ENTRY_BYTES = 64,
    parameter int unsigned LOG2_DEPTH = 4
) (
    input wire clk,
    input wire rst,

    input  host_pkg::ring_control_t  control,
    input  host_pkg::ring_config_t   cfg,
    output logic                     idle,
    output logic [31:0]              accepted,
    output host_pkg::ring_progress_t progress,
    output logic                     implausible,

    ring_entry_if.sink  entries,
    dma_write_if.client write,

    output logic memory_fault
);
  localparam int unsigned DEPTH = 1 << LOG2_DEPTH;
  localparam int unsigned BEATS = ENTRY_BYTES / host_pkg::BEAT_BYTES;
  localparam int unsigned LOG2_BEATS = $clog2(BEATS);
  localparam int unsigned ADDRESS_W = LOG2_DEPTH + LOG2_BEATS;
  localparam int unsigned ENTRY_SHIFT = $clog2(ENTRY_BYTES);
  // log2 of the entries that share a burst at most
  localparam int unsigned LOG2_BATCH = $clog2(host_pkg::BURST_BYTES / ENTRY_BYTES);

  if (LOG2_DEPTH < LOG2_BATCH) begin : g_depth
    $error("ring_writer: the buffer must have room for the entries of a burst");
  end

  typedef enum logic [2:0] {IDLE, LOCATE, BATCH, REQUEST, SEND} state_t;

  state_t state_q;
  logic [LOG2_BATCH:0] batch_q;  // entries of the burst under way

  // Taking entries in. in_beat_q counts the beats of the entry that has begun.
  logic [LOG2_BEATS:0] in_beat_q;
  logic [LOG2_DEPTH:0] count_q;  // entries accepted and not written
  wire in_take = entries.valid && entries.ready;
  wire in_last = in_take && in_beat_q == (LOG2_BEATS + 1)'(BEATS - 1);
  wire batch_written = write.done && !write.failed;

  logic written_q;
  logic [31:0] producer_q;

  assign progress = '{run: control.run, written: written_q, producer: producer_q};
  assign entries.ready = !control.clear && (in_beat_q != '0 || count_q != (LOG2_DEPTH + 1)'(DEPTH));
  assign idle = state_q == IDLE && in_beat_q == '0;

  always_ff @(posedge clk) begin
    written_q <= batch_written && !rst;
    if (rst) begin
      in_beat_q <= '0;
    end else if (in_take) begin
      in_beat_q <= in_last ? '0 : in_beat_q + 1'b1;
    end
    if (rst || control.clear) begin
      accepted <= 32'h0;
      producer_q <= 32'h0;
      count_q <= '0;
    end else begin
      accepted <= accepted + {31'h0, in_last};
      producer_q <= batch_written ? producer_q + 32'(batch_q) : producer_q;
      count_q <= count_q + (LOG2_DEPTH + 1)'(in_last) - (batch_written ? (LOG2_DEPTH + 1)'(batch_q) : '0);
    end
  end

  // Room for the entry after those accepted. Both cases of the next cycle are worked out ahead.
  wire [31:0] size = 32'h1 << cfg.log2;
  wire [31:0] above_size = ~(size - 32'h1);
  wire [31:0] in_use = accepted - cfg.index;
  wire [31:0] in_use_next = in_use + 32'h1;
  logic fits_q, fits_next_q, accepted_moved_q;

  always_ff @(posedge clk) begin
    fits_q <= (in_use & above_size) == 32'h0 && count_q < (LOG2_DEPTH + 1)'(DEPTH);
    fits_next_q <= (in_use_next & above_size) == 32'h0 && count_q < (LOG2_DEPTH + 1)'(DEPTH - 1);
    accepted_moved_q <= in_last;
    entries.room <= !rst && control.run && (in_last ? fits_next_q : accepted_moved_q ? entries.room : fits_q);
  end

  logic [31:0] unread_q;
  wire too_far = unread_q != size && (unread_q & above_size) != 32'h0;
  always_ff @(posedge clk) begin
    unread_q <= producer_q - cfg.index;
    implausible <= !rst && control.run && too_far;
  end

  // The entries of a burst lie side by side when it is aligned to its length, in the ring and in memory.
  wire [14:0] slot = producer_q[14:0] & ~above_size[14:0];
  logic [LOG2_BATCH:0] batch;
  always_comb begin
    batch = (LOG2_BATCH + 1)'(1);
    for (int k = 1; k <= LOG2_BATCH; k++) begin
      if (count_q >= (LOG2_DEPTH + 1)'(1 << k) && cfg.log2 >= 4'(k)
          && (producer_q[LOG2_BATCH-1:0] & LOG2_BATCH'((1 << k) - 1)) == '0
          && (write.address[ENTRY_SHIFT+:LOG2_BATCH] & LOG2_BATCH'((1 << k) - 1)) == '0) begin
        batch = (LOG2_BATCH + 1)'(1 << k);
      end
    end
  end

  assign write.valid = state_q == REQUEST && control.run;

  always_ff @(posedge clk) begin
    if (rst) begin
      state_q <= IDLE;
      batch_q <= '0;
    end else begin
      case (state_q)
        IDLE: if (control.run && count_q != '0 && !too_far) state_q <= LOCATE;
        LOCATE: state_q <= BATCH;
        BATCH: begin
          batch_q <= batch;
          state_q <= REQUEST;
        end
        REQUEST: if (!control.run) state_q <= IDLE;
        else if (write.ready) state_q <= SEND;
        default: if (write.done) state_q <= IDLE;
      endcase
    end
    if (state_q == LOCATE) write.address <= cfg.base + (64'(slot) << ENTRY_SHIFT);
  end
  assign write.beats = host_pkg::write_beats_t'(batch_q) << LOG2_BEATS;

  // Buffer; write.data shows the beat at read_q.
  localparam int unsigned BEAT_W = $bits(host_pkg::beat_t);
  logic [BEAT_W:0] buffer[0:DEPTH*BEATS-1];  // parity and beat
  logic odd, check;
  logic [ADDRESS_W-1:0] read_q, read_d, write_address;
  if (BEATS == 1) begin : g_single
    assign write_address = accepted[LOG2_DEPTH-1:0];
  end else begin : g_several
    assign write_address = {accepted[LOG2_DEPTH-1:0], in_beat_q[LOG2_BEATS-1:0]};
  end

  always_comb begin
    read_d = read_q + ADDRESS_W'(write.take);
    if (state_q == LOCATE) read_d = ADDRESS_W'(producer_q[LOG2_DEPTH-1:0]) << LOG2_BEATS;
  end

  always_ff @(posedge clk) begin
    read_q <= read_d;
    {check, write.data} <= buffer[read_d];
    if (in_take) buffer[write_address] <= {odd, entries.beat.data};
  end

  parity #(.WIDTH(BEAT_W)) u_parity (.data(entries.beat.data), .odd);
  word_check #(
      .WIDTH(BEAT_W + 1)
  ) u_check (
      .clk, .rst,
      .taken(write.take),
      .word({check, write.data}),
      .fault(memory_fault)
  );

  `SAPULSE_ASSERT(clk, rst, !control.clear || idle, "cleared while an entry is under way")

endmodule

`default_nettype wire
