// SPDX-License-Identifier: Apache-2.0
// hls_output_queue behind a pipeline of STAGES registers, in which iterations start when they like as long as there is room, and
// write or not: one word, chosen freely, leaves after those before it and before those after it, unchanged; a slot is given back as
// soon as it is not needed any more, and never earlier. Where no bit flips, no fault is told.
`default_nettype none

module hls_output_queue_proof #(
    parameter int unsigned DEPTH = 4,
    parameter int unsigned STAGES = 2,
    parameter bit LATE = 1'b0
) (
    input wire clk,
    input wire restart,
    input wire start,
    input wire write,
    input wire word,
    input wire choose,
    input wire tready
);

  logic rst, tdata, tvalid, room, fault;
  proof_reset u_reset (.clk, .restart, .rst, .first());

  logic [STAGES:0] valid;  // an iteration in a stage
  wire issue = valid[0];
  wire done = valid[STAGES];
  assign valid[0] = !rst && start && room;
  if (STAGES > 0) begin : g_stages
    always_ff @(posedge clk) valid[STAGES:1] <= rst ? '0 : valid[STAGES-1:0];
  end

  hls_output_queue #(
      .WIDTH(1), .DEPTH(DEPTH), .LATE(32'(LATE)), .PARITY(1)
  ) u_queue (
      .clk, .rst_n(!rst), .issue, .room, .done, .write, .wdata(word), .tdata, .tvalid, .tready, .fault
  );
  channel_rules u_rules (.clk, .rst, .valid(tvalid), .ready(tready), .data(tdata));

  localparam int unsigned COUNT_W = $clog2(DEPTH) + 2;
  logic chosen, data;
  logic [COUNT_W-1:0] held, ahead;
  proof_word #(
      .COUNT_W(COUNT_W)
  ) u_word (
      .clk, .rst, .push(done && write), .push_data(word), .pop(tvalid && tready), .choose, .chosen, .data, .held, .ahead
  );

  logic was_reset;
  always_ff @(posedge clk) begin
    was_reset <= rst;
    if (!rst) begin
      assert (32'(held) <= DEPTH);
      assert (tvalid == (held != '0));
      assert (!(tvalid && chosen && ahead == '0 && tdata != data));
      assert (room == (!was_reset && 32'(held) + 32'($countones(valid)) - 32'(issue) < DEPTH));
      assert (!fault);
      cover (chosen && ahead == '0 && tvalid && 32'(held) == DEPTH);
    end
  end

endmodule

`default_nettype wire
