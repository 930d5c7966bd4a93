// SPDX-License-Identifier: Apache-2.0
// axil_split keeps the rules of AXI4-Lite on all three sides: towards its manager those of a subordinate, towards its subordinates
// those of a manager, as long as these keep theirs. Each access reaches the one that its address says, and no other; its answer is
// the manager's. It has one answer, and waits for the others only: of the cycles in which none of them keeps it waiting and nothing
// of it moves, there is one.
`default_nettype none

module axil_split_proof (
    input wire clk,
    input wire restart,
    input wire [2:0] manager_valid,    // aw, w, ar
    input wire [1:0] manager_ready,    // b, r
    input wire [7:0] awaddr,
    input wire [7:0] araddr,
    input wire [35:0] w,
    input wire [1:0][2:0] ready,       // element 0: a, 1: b; aw, w, ar
    input wire [1:0][1:0] valid,       // b, r
    input wire [1:0][1:0] bresp,
    input wire [1:0][33:0] r
);

  logic rst;
  proof_reset u_reset (.clk, .restart, .rst, .first());

  axil_if #(.ADDR_W(8)) s ();
  axil_if #(.ADDR_W(7)) side[2] ();
  axil_split u_dut (.clk, .rst, .s, .a(side[0]), .b(side[1]));

  assign {s.awvalid, s.wvalid, s.arvalid} = manager_valid, {s.bready, s.rready} = manager_ready;
  assign s.aw = '{prot: '0, addr: awaddr}, s.ar = '{prot: '0, addr: araddr}, s.w = w;
  logic s_aw, s_w, s_ar;
  axil_manager_rules #(.ASSUMED(1'b1)) u_manager (.clk, .rst, .axil(s));
  axil_subordinate_rules u_subordinate (.clk, .rst, .axil(s), .has_aw(s_aw), .has_w(s_w), .has_ar(s_ar));

  // Where the access under way belongs.
  logic write_side, read_side;
  always_ff @(posedge clk) begin
    if (s.awvalid && s.awready) write_side <= awaddr[7];
    if (s.arvalid && s.arready) read_side <= araddr[7];
  end

  for (genvar i = 0; i < 2; i++) begin : g_side
    logic has_aw, has_w, has_ar;
    assign {side[i].awready, side[i].wready, side[i].arready} = ready[i], {side[i].bvalid, side[i].rvalid} = valid[i];
    assign side[i].b = bresp[i], side[i].r = r[i];
    axil_manager_rules u_manager (.clk, .rst, .axil(side[i]));
    axil_subordinate_rules #(.ASSUMED(1'b1)) u_subordinate (.clk, .rst, .axil(side[i]), .has_aw, .has_w, .has_ar);

    always_ff @(posedge clk) begin
      if (!rst) begin
        assert (!(side[i].awvalid && (has_aw || !s.awvalid || awaddr[7] != 1'(i) || side[i].aw.addr != awaddr[6:0])));
        assert (!(side[i].wvalid && (has_w || !s.wvalid || side[i].w != w)));
        assert (!(side[i].wvalid && (s_aw ? write_side : awaddr[7]) != 1'(i)));
        assert (!(side[i].arvalid && (has_ar || !s.arvalid || araddr[7] != 1'(i) || side[i].ar.addr != araddr[6:0])));
        assert (has_aw == (s_aw && write_side == 1'(i)));
        assert (has_ar == (s_ar && read_side == 1'(i)));
        assert (!has_w || (s_w && (s_aw ? write_side : awaddr[7]) == 1'(i)));
        assert (!(s.bvalid && write_side == 1'(i) && !(side[i].bvalid && s.b == side[i].b)));
        assert (!(s.rvalid && read_side == 1'(i) && !(side[i].rvalid && s.r == side[i].r)));
        cover (s.bvalid && s.bready && write_side == 1'(i) && s.rvalid && s.rready && read_side != 1'(i));
      end
    end
  end

  // Cycles of an access, from when its address is offered until its answer has been taken, in which nobody else is waited for.
  logic write_waits, read_waits;
  wire [1:0] aw_stands = {side[1].awvalid, side[0].awvalid} & ~{side[1].awready, side[0].awready};
  wire [1:0] w_stands = {side[1].wvalid, side[0].wvalid} & ~{side[1].wready, side[0].wready};
  wire [1:0] ar_stands = {side[1].arvalid, side[0].arvalid} & ~{side[1].arready, side[0].arready};
  wire b_waits = s_aw && s_w && !(write_side ? side[1].bvalid : side[0].bvalid);
  wire r_waits = s_ar && !(read_side ? side[1].rvalid : side[0].rvalid);
  wire write_moves = (s.awvalid && s.awready) || (s.wvalid && s.wready) || (s.bvalid && s.bready);
  wire read_moves = (s.arvalid && s.arready) || (s.rvalid && s.rready);
  wire write_held = aw_stands != '0 || w_stands != '0 || (s_aw && !s_w && !s.wvalid) || b_waits || (s.bvalid && !s.bready);
  wire read_held = ar_stands != '0 || r_waits || (s.rvalid && !s.rready);
  wire write_pending = s.awvalid || s_aw;
  wire read_pending = s.arvalid || s_ar;
  always_ff @(posedge clk) begin
    if (write_pending && !write_moves && !write_held) write_waits <= 1'b1;
    if (read_pending && !read_moves && !read_held) read_waits <= 1'b1;
    if (rst || (s.bvalid && s.bready)) write_waits <= 1'b0;
    if (rst || (s.rvalid && s.rready)) read_waits <= 1'b0;
    if (!rst) begin
      assert (!(write_pending && write_waits && !write_moves && !write_held));
      assert (!(read_pending && read_waits && !read_moves && !read_held));
      cover (write_waits && b_waits && read_waits);
    end
  end

  // One write and one read at a time.
  always_ff @(posedge clk) begin
    if (!rst) assert (!((s.awready && s_aw) || (s.wready && s_w) || (s.arready && s_ar)));
  end

endmodule

`default_nettype wire
