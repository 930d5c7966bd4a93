// SPDX-License-Identifier: Apache-2.0
// FIFO of whole frames: a frame can be read once its last beat has been written and kept, then without gaps; one that is taken back
// leaves no trace. A frame that is kept sooner can be read sooner, as fast as it comes.
//
// T: a beat with what goes with it; ends with an axis_beat. GUARDED: 1 for beats as beat_guard has them: that the end of a frame is
// told by all copies of `last`, so that a flipped one makes no gap. DEPTH: beats, a power of two.
// in: a writer that waits for in.ready must not send frames of more than DEPTH beats.
// out: in the cycle after the last beat was written; frames of one beat two cycles later, those of two beats one.
// fault: a beat has left with a flipped bit; see kept_parity.
//
// The first beats of a frame are fetched before it is known whether it will be kept, so that they can be shown at once.
`default_nettype none
`include "sapulse_assert.svh"

module frame_fifo #(
    parameter type T = sapulse_pkg::axis_beat,
    parameter bit GUARDED = 1'b0,
    parameter int unsigned DEPTH = 512
) (
    input wire clk,
    input wire rst,

    frame_write_if.sink in,
    stream_if.source    out,  // T
    output logic        fault
);

  localparam int unsigned ADDRESS_W = $clog2(DEPTH);

  if (DEPTH < 4 || (DEPTH & (DEPTH - 1)) != 0) begin : g_depth
    $error("frame_fifo: DEPTH must be a power of two, at least 4");
  end

  // Pointers have one bit more than addresses, so that full and empty differ: next beat to be written, end of the frames kept,
  // next beat to be fetched, next beat to be shown.
  logic [ADDRESS_W:0] write_pointer, frame_pointer, fetch_pointer, out_pointer, used;
  logic lost, write, ends, keep, taken_back, any_kept, none_kept, fetch_valid, fetch_ready, forget, followed, show;
  stream_if #(T) fetched ();
  /* verilator lint_off UNUSEDSIGNAL */  // but for its end, it does not matter here what a beat is
  sapulse_pkg::axis_beat written, shown;
  /* verilator lint_on UNUSEDSIGNAL */

  assign written = sapulse_pkg::axis_beat'(in.beat);
  if (GUARDED) begin : g_vote
    /* verilator lint_off UNUSEDSIGNAL */  // the beat alone matters
    T voted;
    /* verilator lint_on UNUSEDSIGNAL */
    beat_vote u_vote (.kept(fetched.data), .voted);
    assign shown = sapulse_pkg::axis_beat'(voted);
  end else begin : g_plain
    assign shown = sapulse_pkg::axis_beat'(fetched.data);
  end

  assign used = write_pointer - out_pointer;
  assign in.ready = !used[ADDRESS_W];
  assign in.half = used[ADDRESS_W] || used[ADDRESS_W-1];
  assign in.overflow = lost || !in.ready;
  assign write = in.valid && !in.overflow;
  assign ends = in.valid && written.last;
  assign keep = write && in.keep;

  // Beats of the frame under way are fetched only while no kept one waits, so the words behind the memory are kept ones, or all
  // of that frame, which are forgotten when it is taken back.
  assign none_kept = !any_kept;
  assign forget = taken_back && none_kept;
  assign fetch_valid = !forget && fetch_pointer != (none_kept ? write_pointer : frame_pointer);
  // The last of two beats may still be on its way to the memory.
  assign show = !none_kept && (followed || shown.last);
  assign out.valid = fetched.valid && show;
  assign out.data = fetched.data;
  assign fetched.ready = out.ready && show;

  always_ff @(posedge clk) begin
    taken_back <= ends && !keep;
    if (keep) frame_pointer <= write_pointer + 1'b1;
    if (keep) any_kept <= 1'b1;
    else if (out.valid && out.ready) any_kept <= out_pointer + 1'b1 != frame_pointer;
    if (ends && !keep) write_pointer <= frame_pointer;
    else if (write) write_pointer <= write_pointer + 1'b1;
    if (in.valid) lost <= in.overflow && !written.last;
    if (forget) fetch_pointer <= frame_pointer;
    else if (fetch_valid && fetch_ready) fetch_pointer <= fetch_pointer + 1'b1;
    if (out.valid && out.ready) out_pointer <= out_pointer + 1'b1;
    if (rst) begin
      taken_back <= 1'b0;
      lost <= 1'b0;
      any_kept <= 1'b0;
      write_pointer <= '0;
      frame_pointer <= '0;
      fetch_pointer <= '0;
      out_pointer <= '0;
    end
  end

  fifo_memory #(
      .WIDTH(out.WIDTH),
      .DEPTH(DEPTH)
  ) u_ram (
      .clk, .rst,
      .write_valid(write),
      .write_address(write_pointer[ADDRESS_W-1:0]),
      .write_data(in.beat),
      .fetch_valid,
      .fetch_ready,
      .fetch_address(fetch_pointer[ADDRESS_W-1:0]),
      .forget,
      .out(fetched),
      .followed,
      .fault
  );

  logic kept;  // beats of the frame under way have been kept
  always_ff @(posedge clk) begin
    if (in.valid) kept <= keep && !written.last;
    if (rst) kept <= 1'b0;
  end
  `SAPULSE_ASSERT(clk, rst, !(kept && in.valid && !keep), "frame_fifo: a frame was kept, and has no end")
  `SAPULSE_ASSERT(clk, rst, any_kept == (out_pointer != frame_pointer), "frame_fifo: any_kept is wrong")
  `SAPULSE_ASSERT(clk, rst, frame_pointer - out_pointer <= used, "frame_fifo: more beats kept than written")
  `SAPULSE_ASSERT(clk, rst, 32'(used) <= DEPTH, "frame_fifo: more beats than DEPTH")

endmodule

`default_nettype wire
