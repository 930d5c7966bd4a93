// SPDX-License-Identifier: Apache-2.0
// axil_slave keeps the rules of AXI4-Lite towards any manager, takes one write and one read at a time, and answers within a bound
// once it can. What is refused has no effect: the register bus sees each allowed access once, with its own address and data, and no
// other.
`default_nettype none

module axil_slave_proof #(
    parameter int unsigned LATENCY = 4,
    parameter int unsigned BUSIEST = 2  // cycles in a row in which the register bus is busy
) (
    input wire clk,
    input wire restart,
    input wire hold,
    input wire awvalid,
    input wire wvalid,
    input wire arvalid,
    input wire bready,
    input wire rready,
    input wire [15:0] awaddr,
    input wire [15:0] araddr,
    input wire [31:0] wdata,
    input wire [3:0] wstrb,
    input wire hit,
    input wire busy,
    input wire [31:0] rdata
);

  logic rst;
  proof_reset u_reset (.clk, .restart, .rst, .first());

  axil_if axil ();
  register_bus_if bus ();
  axil_slave #(.LATENCY(LATENCY)) u_dut (.clk, .rst, .hold(hold || rst), .axil, .bus);

  assign axil.awvalid = awvalid, axil.aw = '{prot: '0, addr: awaddr};
  assign axil.arvalid = arvalid, axil.ar = '{prot: '0, addr: araddr};
  assign axil.wvalid = wvalid, axil.w = '{strb: wstrb, data: wdata};
  assign axil.bready = bready, axil.rready = rready;
  assign bus.hit = hit, bus.busy = busy, bus.rdata = rdata;

  // What has been handed over and not been answered: at most one of each.
  logic has_aw, has_w, has_ar;
  axil_subordinate_rules u_rules (.clk, .rst, .axil, .has_aw, .has_w, .has_ar);

  logic [15:0] aw_address, ar_address;
  logic [31:0] w_data;
  logic [3:0] w_strobes;
  logic written, read;  // on the register bus, on behalf of what has been handed over
  logic b_done, r_done;
  assign b_done = axil.bvalid && axil.bready;
  assign r_done = axil.rvalid && axil.rready;
  always_ff @(posedge clk) begin
    if (awvalid && axil.awready) aw_address <= awaddr;
    if (wvalid && axil.wready) {w_data, w_strobes} <= {wdata, wstrb};
    if (arvalid && axil.arready) ar_address <= araddr;
    written <= !rst && !b_done && (written || bus.write);
    read <= !rst && !r_done && (read || bus.read);
  end

  // Cycles in which an access waits for its answer, and nobody waits for the manager.
  localparam int unsigned BOUND = 2 * ((BUSIEST + 1) * (LATENCY + 2) + 4);
  logic [1:0] busy_for;
  logic [7:0] b_waited, r_waited;
  always_ff @(posedge clk) begin
    busy_for <= busy ? busy_for + 1'b1 : '0;
    b_waited <= rst || !(has_aw && has_w) || axil.bvalid ? '0 : b_waited + 8'(!axil.rvalid);
    r_waited <= rst || !has_ar || axil.rvalid ? '0 : r_waited + 8'(!axil.bvalid);
  end
  always_comb begin
    assume (!(busy && 32'(busy_for) >= BUSIEST));
  end

  logic write_allowed, read_allowed;
  assign write_allowed = aw_address[1:0] == 2'b00 && w_strobes == 4'b1111;
  assign read_allowed = ar_address[1:0] == 2'b00;
  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (!((axil.awready && has_aw) || (axil.wready && has_w) || (axil.arready && has_ar)));
      assert (!(axil.bvalid && written != write_allowed));
      assert (!(axil.rvalid && read != read_allowed));
      assert (!(bus.write && (bus.read || written || !has_aw || !has_w)));
      assert (!(bus.read && (read || !has_ar)));
      assert (!(bus.write && !(bus.address == aw_address && bus.wdata == w_data && write_allowed)));
      assert (!(bus.read && !(bus.address == ar_address && read_allowed)));
      assert (!(axil.bvalid && !write_allowed && axil.b.resp == 2'b00));
      assert (!(axil.rvalid && !read_allowed && (axil.r.resp == 2'b00 || axil.r.data != '0)));
      assert (32'(b_waited) <= BOUND);
      assert (32'(r_waited) <= BOUND);
      cover (b_done && has_ar && written);
      cover (r_done && !read && has_aw && has_w);
    end
  end

endmodule

`default_nettype wire
