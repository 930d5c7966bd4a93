// SPDX-License-Identifier: Apache-2.0
// frame_fifo gives whole frames only: one beat, chosen freely among all that are written, leaves unchanged after those ahead of it
// if its frame was kept, and never if its frame was taken back or has lost a beat. A kept frame leaves without gaps, three cycles
// later at most when nobody is ahead of it. What the FIFO says of its room is right but for the two beats behind its memory.
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
    input wire in_drop,
    input wire out_ready
);

  logic rst;
  proof_reset u_reset (.clk, .restart, .rst, .first());

  frame_write_if in ();
  stream_if #(.T(sapulse_pkg::axis_beat)) out ();
  assign in.valid = in_valid, in.drop = in_drop, out.ready = out_ready;
  always_comb begin
    in.beat = '0;
    in.beat.last = in_last;
    in.beat.data[0] = in_data;
  end

  frame_fifo #(.DEPTH(DEPTH)) u_fifo (.clk, .rst, .in, .out);

  localparam int unsigned COUNT_W = $clog2(DEPTH) + 2;
  logic pop, lost, keep, chosen, committed, data, last, middle;
  logic [1:0] waited;
  logic [COUNT_W-1:0] kept, written, ahead;  // beats of kept frames inside; of the frame under way; ahead of the chosen one
  assign pop = out.valid && out.ready;
  assign keep = in.valid && in.beat.last && !in.drop && !in.overflow;

  always_ff @(posedge clk) begin
    kept <= kept - COUNT_W'(pop) + (keep ? written + 1'b1 : '0);
    if (in.valid) begin
      lost <= !in.beat.last && in.overflow;
      written <= in.beat.last ? '0 : written + COUNT_W'(!in.overflow);
    end
    if (pop) middle <= !out.data.last;
    waited <= out.valid || kept == '0 ? '0 : waited + 1'b1;
    if (in.valid && !in.overflow && choose && !chosen) begin
      chosen <= !in.beat.last || keep;
      committed <= keep;
      data <= in.beat.data[0];
      last <= in.beat.last;
      ahead <= kept + written - COUNT_W'(pop);
    end else if (chosen) begin
      if (in.valid && in.beat.last && !committed) begin
        committed <= keep;
        chosen <= keep;
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
    end
  end

  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (32'(kept) + 32'(written) <= DEPTH + 2);
      assert (in.ready || 32'(kept) + 32'(written) >= DEPTH);
      assert (!in.half || 32'(kept) + 32'(written) >= DEPTH / 2);
      assert (in.half || 32'(kept) + 32'(written) < DEPTH / 2 + 2);
      assert (!(lost && !in.overflow));
      assert (!(out.valid && kept == '0));
      assert (!(out.valid && chosen && committed && ahead == '0 && (out.data.data[0] != data || out.data.last != last)));
      assert (!(chosen && !committed && pop && ahead == '0));
      assert (!(middle && !out.valid));
      assert (waited <= 2'd2);
      cover (chosen && committed && ahead == '0 && pop && last);
      cover (lost && in.valid && in.beat.last && !in.drop);
    end
  end

endmodule

`default_nettype wire
