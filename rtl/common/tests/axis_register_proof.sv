// SPDX-License-Identifier: Apache-2.0
// axis_register passes words on, in order and unchanged, holds two at most, offers a word whenever it has one, and keeps the rules
// of AXI4-Stream (section 2.2.1): an offered word stays as it is until it is taken.
`default_nettype none

module axis_register_proof (
    input wire clk,
    input wire restart,
    input wire choose,
    input wire in_valid,
    input wire in_data,
    input wire out_ready
);

  logic rst;
  proof_reset u_reset (.clk, .restart, .rst, .first());

  stream_if #(.T(logic)) in ();
  stream_if #(.T(logic)) out ();
  assign in.valid = in_valid, in.data = in_data, out.ready = out_ready;

  axis_register u_register (.clk, .rst, .in, .out);

  channel_rules u_rules (.clk, .rst, .valid(out.valid), .ready(out.ready), .data(out.data));

  logic push, pop, chosen, data;
  logic [1:0] held, ahead;  // words inside; of them, those ahead of the chosen one
  assign push = in.valid && in.ready;
  assign pop = out.valid && out.ready;

  proof_word #(.COUNT_W(2)) u_word (.clk, .rst, .push, .push_data(in.data), .pop, .choose, .chosen, .data, .held, .ahead);

  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (held <= 2'd2);
      assert (out.valid == (held != '0));
      assert (!(in.ready && held == 2'd2));
      assert (!(chosen && ahead == '0 && out.data != data));
      cover (chosen && ahead == 2'd1 && pop);
    end
  end

endmodule

`default_nettype wire
