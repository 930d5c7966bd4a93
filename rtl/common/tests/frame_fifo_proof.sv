// SPDX-License-Identifier: Apache-2.0
// frame_fifo gives whole frames only: one beat, chosen freely among all that are written, leaves unchanged after those ahead of it
// if its frame was kept, and never if its frame was taken back or has lost a beat. A frame that is kept with its last beat leaves
// without gaps, three cycles later at most when nobody is ahead of it, at once if it has three beats. What the FIFO says of its
// room is right.
`default_nettype none

module frame_fifo_proof #(
    parameter int unsigned DEPTH = 4
) (
    input wire clk,
    input wire restart,
    input wire choose,
    input wire in_valid,
    input wire in_data,
    input wire in_last,
    input wire in_keep,
    input wire keep_sooner,
    input wire out_ready
);

  logic rst, first;
  proof_reset u_reset (.clk, .restart, .rst, .first);

  frame_write_if in ();
  stream_if #(.T(sapulse_pkg::axis_beat)) out ();
  assign in.valid = in_valid, in.keep = in_keep, out.ready = out_ready;
  always_comb begin
    in.beat = '0;
    in.beat.last = in_last;
    in.beat.data[0] = in_data;
  end

  frame_fifo #(.DEPTH(DEPTH)) u_fifo (.clk, .rst, .in, .out, .fault());

  localparam int unsigned COUNT_W = $clog2(DEPTH) + 2;
  logic pop, lost, keep, chosen, committed, data, last, middle;
  logic [1:0] waited;
  logic alone, at_once;  // nobody has been ahead of the frame; it has been kept and has to be shown now
  logic [COUNT_W-1:0] kept, written, ahead;  // beats of kept frames inside; of the frame under way; ahead of the chosen one
  assign pop = out.valid && out.ready;
  assign keep = in.valid && in.keep && !in.overflow;

  // Frames are kept with their last beat; or, in other runs, sooner: then all that follows is kept, too, and has room.
  logic sooner, begun;  // begun: the frame under way has been kept
  always_ff @(posedge clk) if (first) sooner <= keep_sooner;
  always_ff @(posedge clk) if (in.valid || rst) begun <= keep && !in.beat.last && !rst;
  always_comb begin
    if (!sooner) assume (!in.keep || in.beat.last);
    if (begun && in.valid) assume (keep);
  end

  always_ff @(posedge clk) begin
    kept <= kept - COUNT_W'(pop) + (keep ? written + 1'b1 : '0);
    if (in.valid) begin
      lost <= !in.beat.last && in.overflow;
      written <= in.beat.last || keep ? '0 : written + COUNT_W'(!in.overflow);
    end
    if (pop) middle <= !out.data.last;
    alone <= kept == '0;
    at_once <= keep && kept == '0 && alone && 32'(written) >= 2;
    waited <= out.valid || kept == '0 ? '0 : waited + 1'b1;
    if (in.valid && !in.overflow && choose && !chosen) begin
      chosen <= !in.beat.last || keep;
      committed <= keep;
      data <= in.beat.data[0];
      last <= in.beat.last;
      ahead <= kept + written - COUNT_W'(pop);
    end else if (chosen) begin
      if (in.valid && !committed) begin
        committed <= keep;
        chosen <= keep || !in.beat.last;
      end
      if (pop) ahead <= ahead - 1'b1;
      if (pop && committed && ahead == '0) chosen <= 1'b0;
    end
    if (rst) begin
      kept <= '0;
      written <= '0;
      lost <= 1'b0;
      chosen <= 1'b0;
      middle <= 1'b0;
      waited <= '0;
      at_once <= 1'b0;
    end
  end

  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (32'(kept) + 32'(written) <= DEPTH);
      assert (in.ready == (32'(kept) + 32'(written) < DEPTH));
      assert (in.half == (32'(kept) + 32'(written) >= DEPTH / 2));
      assert (!(lost && !in.overflow));
      assert (!(out.valid && kept == '0));
      assert (!(out.valid && chosen && committed && ahead == '0 && (out.data.data[0] != data || out.data.last != last)));
      assert (!(chosen && !committed && pop && ahead == '0));
      if (!sooner) assert (!(middle && !out.valid));
      if (!sooner) assert (waited <= 2'd2);
      assert (!(at_once && !out.valid));
      cover (chosen && committed && ahead == '0 && pop && last);
      cover (lost && in.valid && in.beat.last && in.keep);
      cover (sooner && pop && middle && begun);
    end
  end

endmodule

`default_nettype wire
