// SPDX-License-Identifier: Apache-2.0
// hls_stream_fifo holds what it takes, in order, DEPTH words and one: one word, chosen freely among all that enter, leaves after
// those before it and before those after it, unchanged.
`default_nettype none

module hls_stream_fifo_proof #(
    parameter int unsigned DEPTH = 3
) (
    input wire clk,
    input wire restart,
    input wire choose,
    input wire in_tvalid,
    input wire in_tdata,
    input wire out_tready
);

  logic rst, in_tready, out_tvalid, out_tdata;
  proof_reset u_reset (.clk, .restart, .rst, .first());

  hls_stream_fifo #(
      .WIDTH(1), .DEPTH(DEPTH)
  ) u_fifo (
      .clk, .rst_n(!rst), .in_tdata, .in_tvalid, .in_tready, .out_tdata, .out_tvalid, .out_tready
  );
  channel_rules u_rules (.clk, .rst, .valid(out_tvalid), .ready(out_tready), .data(out_tdata));

  localparam int unsigned COUNT_W = $clog2(DEPTH) + 2;
  logic chosen, data;
  logic [COUNT_W-1:0] held, ahead;
  proof_word #(
      .COUNT_W(COUNT_W)
  ) u_word (
      .clk, .rst, .push(in_tvalid && in_tready), .push_data(in_tdata), .pop(out_tvalid && out_tready), .choose, .chosen, .data,
      .held, .ahead
  );

  logic was_reset, pushed, popped;
  always_ff @(posedge clk) begin
    was_reset <= rst;
    pushed <= !rst && in_tvalid && in_tready;
    popped <= !rst && out_tvalid && out_tready;
    if (!rst) begin
      assert (32'(held) <= DEPTH + 1);
      assert (in_tready == (!was_reset && 32'(held) - 32'(out_tvalid) < DEPTH));
      assert (!(out_tvalid && held == '0));
      assert (out_tvalid || held == '0 || pushed);  // a word shows two cycles after it has come, at the latest
      assert (!(out_tvalid && chosen && ahead == '0 && out_tdata != data));
      cover (chosen && ahead == '0 && out_tvalid && 32'(held) == DEPTH + 1);
    end
  end

endmodule

`default_nettype wire
