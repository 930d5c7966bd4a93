// SPDX-License-Identifier: Apache-2.0
// Rules of a subordinate of AXI4-Lite: a response for each address that has been taken, with a write's data (A3.3.1), and for
// nothing else, which stays as it is until it is taken (A3.2.1); no answer to an exclusive access (B1.1.1). One write and one
// read are under way at most: of those, has_aw, has_w, has_ar: the part has been taken; who uses this shows that no second one is
// begun.
//
// ASSUMED  0: the rules are asserted, of what is under proof; 1: they are assumed, of its surroundings
`default_nettype none

module axil_subordinate_rules #(
    parameter bit ASSUMED = 1'b0
) (
    input wire clk,
    input wire rst,
    axil_if.monitor axil,
    output logic has_aw,
    output logic has_w,
    output logic has_ar
);

  localparam logic [1:0] EXOKAY = 2'b01;

  channel_rules #(.ASSUMED(ASSUMED), .WIDTH(axil.B_W)) u_b (
      .clk, .rst, .valid(axil.bvalid), .ready(axil.bready), .data(axil.b)
  );
  channel_rules #(.ASSUMED(ASSUMED), .WIDTH(axil.R_W)) u_r (
      .clk, .rst, .valid(axil.rvalid), .ready(axil.rready), .data(axil.r)
  );

  wire b_done = axil.bvalid && axil.bready;
  wire r_done = axil.rvalid && axil.rready;
  always_ff @(posedge clk) begin
    has_aw <= !rst && !b_done && (has_aw || (axil.awvalid && axil.awready));
    has_w <= !rst && !b_done && (has_w || (axil.wvalid && axil.wready));
    has_ar <= !rst && !r_done && (has_ar || (axil.arvalid && axil.arready));
  end

  wire write_answer_asked_for = !axil.bvalid || (has_aw && has_w);
  wire read_answer_asked_for = !axil.rvalid || has_ar;
  wire no_exclusive_write = !axil.bvalid || axil.b.resp != EXOKAY;
  wire no_exclusive_read = !axil.rvalid || axil.r.resp != EXOKAY;

  always_comb begin
    if (ASSUMED && !rst) assume (write_answer_asked_for && read_answer_asked_for && no_exclusive_write && no_exclusive_read);
  end
  always_ff @(posedge clk) begin
    if (!ASSUMED && !rst) begin
      assert (write_answer_asked_for);
      assert (read_answer_asked_for);
      assert (no_exclusive_write);
      assert (no_exclusive_read);
    end
  end

endmodule

`default_nettype wire
