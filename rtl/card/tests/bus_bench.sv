// SPDX-License-Identifier: Apache-2.0
// Register and memory busses of the card between two clocks: axil_crossing and axil_split in front of the registers of the MACs and
// of a subordinate that the test plays; axi_crossing with channels that the test drives.
`default_nettype none
`include "sapulse_assert.svh"
`include "sapulse_ports.svh"

module bus_bench (
    input wire bus_clk, bus_down, core_clk, core_rst,

    // AXI4-Lite, in bus_clk
    `SAPULSE_AXIL_SUBORDINATE_PORTS(s, 17),

    // What stands for the core: a memory of 16 words, in core_clk
    output logic [511:0] core_words,

    // Read channel of AXI4: requests in core_clk, an echo in bus_clk
    input  wire  [ 63:0] araddr,
    input  wire          arvalid,
    output logic         arready,
    output logic [511:0] rdata,
    output logic         rvalid,
    input  wire          rready,

    // Write channels of AXI4, in core_clk; the answer says whether all of the beat has repeated the address
    input  wire  [63:0] awaddr,
    input  wire         awvalid,
    output logic        awready,
    input  wire  [63:0] wdata,
    input  wire         wvalid,
    output logic        wready,
    output logic [ 1:0] bresp,
    output logic        bvalid,
    input  wire         bready,

    // A word has crossed with a flipped bit, in core_clk; see crossing_faults
    output logic         fault
);

  logic [1:0] core_faults, bus_faults;

  logic bus_rst, crossing_rst;
  crossing_reset u_rst (
      .a_clk(core_clk),
      .a_request(core_rst),
      .a_rst(crossing_rst),
      .b_clk(bus_clk),
      .b_request(bus_down),
      .b_rst(bus_rst)
  );

  axil_if #(.ADDR_W(17)) bus_axil (), host_axil ();
  axil_if core_axil (), macs_axil ();
  `SAPULSE_AXIL_SUBORDINATE(s, bus_axil)
  axil_crossing u_crossing (
      .s_clk(bus_clk),
      .s_rst(bus_rst),
      .s(bus_axil),
      .s_fault(bus_faults[0]),
      .m_clk(core_clk),
      .m_rst(crossing_rst),
      .m(host_axil),
      .m_fault(core_faults[0])
  );
  axil_split u_split (.clk(core_clk), .rst(crossing_rst), .s(host_axil), .a(core_axil), .b(macs_axil));

  // Subordinate a: 16 words.
  register_bus_if words ();
  axil_slave u_words (.clk(core_clk), .rst(core_rst), .hold(core_rst), .axil(core_axil), .bus(words));
  assign words.hit = words.address < 16'd64;
  assign words.busy = 1'b0;
  always_ff @(posedge core_clk) begin
    if (words.write) core_words[32*words.address[5:2]+:32] <= words.wdata;
    words.rdata <= core_words[32*words.address[5:2]+:32];
    if (core_rst) core_words <= '0;
  end

  mac_registers #(
      .CAGES(2)
  ) u_macs (
      .clk(core_clk),
      .rst(core_rst),
      .up(2'b10),
      .lost({32'd7, 32'd5}),
      .foreign(32'd9),
      .axil(macs_axil)
  );

  // Host memory answers each read with one beat that repeats the address, and each write with what it thinks of it.
  axi_if core_axi (), bus_axi ();
  assign core_axi.ar = '{prot: 3'd0, cache: 4'd2, burst: 2'd1, size: 3'd6, len: 8'd0, addr: araddr, id: 4'd9};
  assign core_axi.aw = '{prot: 3'd0, cache: 4'd2, burst: 2'd1, size: 3'd6, len: 8'd0, addr: awaddr, id: 4'd7};
  assign core_axi.w = '{last: 1'b1, strb: '1, data: {8{wdata}}};
  assign core_axi.awvalid = awvalid, awready = core_axi.awready, core_axi.wvalid = wvalid, wready = core_axi.wready;
  assign bresp = core_axi.b.resp, bvalid = core_axi.bvalid, core_axi.bready = bready;
  logic is_right;
  assign is_right = bus_axi.w == {1'b1, 64'hffff_ffff_ffff_ffff, {8{bus_axi.aw.addr}}}
      && bus_axi.aw == {3'd0, 4'd2, 2'd1, 3'd6, 8'd0, bus_axi.aw.addr, 4'd7};
  assign bus_axi.b = '{resp: is_right ? 2'd0 : 2'd2, id: bus_axi.aw.id};
  assign bus_axi.bvalid = bus_axi.awvalid && bus_axi.wvalid;
  assign {bus_axi.awready, bus_axi.wready} = {2{bus_axi.bvalid && bus_axi.bready}};
  assign core_axi.arvalid = arvalid, arready = core_axi.arready;
  assign rdata = core_axi.r.data, rvalid = core_axi.rvalid, core_axi.rready = rready;
  assign bus_axi.r = '{last: 1'b1, resp: bus_axi.ar.burst, data: {8{bus_axi.ar.addr}}, id: bus_axi.ar.id};
  assign bus_axi.rvalid = bus_axi.arvalid, bus_axi.arready = bus_axi.rready;

  axi_crossing u_axi (
      .s_clk(core_clk),
      .s_rst(crossing_rst),
      .s(core_axi),
      .s_fault(core_faults[1]),
      .m_clk(bus_clk),
      .m_rst(bus_rst),
      .m(bus_axi),
      .m_fault(bus_faults[1])
  );
  crossing_faults u_faults (
      .core_clk,
      .core_rst(crossing_rst),
      .core_faults,
      .fault,
      .bus_clk, .bus_rst, .bus_faults
  );
  `SAPULSE_ASSERT(core_clk, crossing_rst,
                  !rvalid || (core_axi.r.id == 4'd9 && core_axi.r.resp == 2'd1 && core_axi.r.last),
                  "bus_bench: response changed on its way")
  `SAPULSE_ASSERT(core_clk, crossing_rst, !bvalid || core_axi.b.id == 4'd7, "bus_bench: response to a write changed on its way")
  `SAPULSE_ASSERT(bus_clk, bus_rst,
                  !bus_axi.arvalid || (bus_axi.ar.len == 8'd0 && bus_axi.ar.size == 3'd6), "bus_bench: request changed on its way")

endmodule

`default_nettype wire
