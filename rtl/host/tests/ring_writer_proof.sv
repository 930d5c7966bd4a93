// SPDX-License-Identifier: Apache-2.0
// ring_writer asks dma_write for what this takes, whatever the host writes into the registers of the ring and when: bursts inside
// one block. One beat, chosen freely among all that enter, goes to its place in the ring, unchanged, and its entry counts as
// written only after a write of it that has not failed; entries leave in order.
`default_nettype none

module ring_writer_proof #(
    parameter int unsigned ENTRY_BYTES = 256,
    parameter int unsigned LOG2_DEPTH = 2
) (
    input wire clk,
    input wire restart,
    input wire run,
    input wire clear,
    input wire [63:0] base,
    input wire [3:0] log2,
    input wire [31:0] index,
    input wire entry_valid,
    input wire entry_bit,
    input wire choose,
    input wire ready,
    input wire take,
    input wire done,
    input wire fails
);
  import host_pkg::*;

  localparam int unsigned DEPTH = 1 << LOG2_DEPTH;
  localparam int unsigned BEATS = ENTRY_BYTES / BEAT_BYTES;
  localparam int unsigned ENTRY_SHIFT = $clog2(ENTRY_BYTES);
  localparam int unsigned MOST = BURST_BYTES / ENTRY_BYTES;  // entries of a burst

  logic rst;
  proof_reset u_reset (.clk, .restart, .rst, .first());

  ring_control_t control;
  ring_config_t cfg;
  ring_progress_t progress;
  logic idle, implausible;
  logic [31:0] accepted;
  ring_entry_if entries ();
  dma_write_if write ();
  assign control = '{run: run, clear: clear};
  assign cfg = '{base: base, log2: log2, index: index};
  assign entries.valid = entry_valid, entries.beat = '{last: 1'b0, data: beat_t'(entry_bit)};
  assign write.ready = ready, write.take = take, write.done = done, write.failed = fails;
  ring_writer #(.ENTRY_BYTES(ENTRY_BYTES), .LOG2_DEPTH(LOG2_DEPTH)) u_dut (.*, .memory_fault());

  dma_write_rules u_rules (.clk, .rst, .valid(write.valid), .address(write.address), .beats(write.beats));

  // Beats of the entry that enters, and of the burst under way that have been taken.
  logic entered, active;
  logic [31:0] in_beat;
  write_beats_t taken;
  assign entered = entries.valid && entries.ready;
  always_ff @(posedge clk) begin
    if (entered) in_beat <= in_beat == BEATS - 1 ? '0 : in_beat + 32'd1;
    if (ready) {active, taken} <= {1'b1, write_beats_t'(0)};
    else if (take) taken <= taken + 1'b1;
    if (done) active <= 1'b0;
    if (rst) {in_beat, active} <= '0;
  end

  // What the surroundings promise: registers (base) and ring_restart (clear), dma_write (proved there).
  always_comb begin
    assume (base[ENTRY_SHIFT-1:0] == '0);
    assume (!clear || (idle && !run));
    assume (!ready || (write.valid && !active));
    assume (!take || (active && taken != write.beats));
    assume (!done || (active && taken == write.beats));
  end

  // The chosen beat.
  logic chosen, chosen_bit;
  logic [31:0] number, beat, behind;  // its entry; how many entries are to be written before this
  logic written;
  assign behind = number - progress.producer;
  assign written = done && !fails && behind < 32'(u_dut.batch_q);
  always_ff @(posedge clk) begin
    if (entered && choose && !chosen) {chosen, chosen_bit, number, beat} <= {1'b1, entry_bit, accepted, in_beat};
    if (written || clear || rst) chosen <= 1'b0;
  end

  // As in ring_writer.
  typedef enum logic [2:0] {IDLE, LOCATE, BATCH, REQUEST, SEND} state_t;
  state_t state;
  assign state = state_t'(u_dut.state_q);

  // Where the burst under way belongs, by the registers as they were when it was begun.
  logic [63:0] place;
  logic [31:0] size;
  assign size = 32'd1 << log2;
  always_ff @(posedge clk) begin
    if (state == LOCATE) place <= base + (64'(progress.producer & (size - 32'd1)) << ENTRY_SHIFT);
  end

  // The proof's invariants.
  logic [31:0] held;
  assign held = 32'(u_dut.count_q);
  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (in_beat == 32'(u_dut.in_beat_q) && in_beat < BEATS);
      assert (accepted - progress.producer == held && held <= DEPTH && (in_beat == '0 || held < DEPTH));
      assert (active == (state == SEND) && (!active || taken <= write.beats));
      if (state == BATCH || state == REQUEST || active) begin
        assert (held != '0 && write.address == place && place[ENTRY_SHIFT-1:0] == '0);
      end
      if (state == REQUEST || active) begin
        assert ($onehot(u_dut.batch_q) && 32'(u_dut.batch_q) <= held && 32'(u_dut.batch_q) <= MOST);
        assert (32'(write.address[BURST_SHIFT+BEAT_SHIFT-1:ENTRY_SHIFT]) + 32'(u_dut.batch_q) <= MOST);
        assert (u_dut.read_q == (LOG2_DEPTH + $clog2(BEATS))'(progress.producer * BEATS + (active ? 32'(taken) : '0)));
        assert ((active && taken == write.beats) || write.data[0] == u_dut.buffer[u_dut.read_q][0]);
      end
      if (chosen) begin
        assert (behind < held || (behind == held && in_beat > beat));
        assert (beat < BEATS);
        assert (u_dut.buffer[(LOG2_DEPTH + $clog2(BEATS))'(number * BEATS + beat)][0] == chosen_bit);
      end
    end
  end

  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (!(chosen && take && 32'(taken) == behind * BEATS + beat && write.data[0] != chosen_bit));
      assert (!(write.valid && write.address != place));
      assert (!(chosen && behind > held));  // it has not been counted as written
      cover (chosen && written && behind != '0 && 32'(u_dut.batch_q) == (DEPTH < MOST ? DEPTH : MOST));
      cover (chosen && done && fails && behind == '0);
    end
  end

endmodule

`default_nettype wire
