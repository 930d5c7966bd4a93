// SPDX-License-Identifier: Apache-2.0
// Rules of who sends frames: those of a channel; each beat has bytes, without a gap from the first on, and all of them but for the
// last beat of a frame.
//
// ASSUMED  0: the rules are asserted, of what is under proof; 1: they are assumed, of its surroundings
`default_nettype none

module frame_rules #(
    parameter bit ASSUMED = 1'b0
) (
    input wire clk,
    input wire rst,
    stream_if.monitor frame  // axis_beat
);

  channel_rules #(.ASSUMED(ASSUMED), .WIDTH(frame.WIDTH)) u_channel (
      .clk, .rst, .valid(frame.valid), .ready(frame.ready), .data(frame.data)
  );

  wire [sapulse_pkg::BEAT_BYTES-1:0] keep = frame.data.keep;
  wire has_bytes = !frame.valid || keep[0];
  wire contiguous = !frame.valid || (keep & (keep + 1'b1)) == '0;
  wire full_before_end = !frame.valid || frame.data.last || &keep;

  always_comb begin
    if (ASSUMED && !rst) assume (has_bytes && contiguous && full_before_end);
  end
  always_ff @(posedge clk) begin
    if (!ASSUMED && !rst) begin
      assert (has_bytes);
      assert (contiguous);
      assert (full_before_end);
    end
  end

endmodule

`default_nettype wire
