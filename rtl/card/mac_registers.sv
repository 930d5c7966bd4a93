// SPDX-License-Identifier: Apache-2.0
// Registers of the MACs, all read-only (docs/cards.md): what a host wants to know of the ports besides the counters of the core.
//
// CAGES               MACs: 1 or 2
// LINE_VID, CORE_VID  VLANs of a card with one MAC
// up                  link of each MAC
// lost                frames that each MAC has lost; foreign: frames of no VLAN of ours
`default_nettype none

module mac_registers #(
    parameter int unsigned CAGES = 2,
    parameter logic [11:0] LINE_VID = 12'd100,
    parameter logic [11:0] CORE_VID = 12'd200
) (
    input wire                   clk,
    input wire                   rst,
    input wire [CAGES-1:0]       up,
    input wire [CAGES-1:0][31:0] lost,
    input wire [31:0]            foreign,
    axil_if.subordinate          axil
);

  localparam logic [31:0] ID = 32'h534d4143;  // "SMAC"

  register_bus_if bus ();
  axil_slave #(.LATENCY(1)) u_slave (.clk, .rst, .hold(rst), .axil, .bus);
  assign bus.busy = 1'b0;

  always_ff @(posedge clk) begin
    bus.hit <= !bus.writing;
    case (bus.address)
      16'h00: bus.rdata <= ID;
      16'h04: bus.rdata <= 32'(CAGES);
      16'h08: bus.rdata <= CAGES == 1 ? {4'd0, CORE_VID, 4'd0, LINE_VID} : 32'd0;
      16'h0c: bus.rdata <= foreign;
      16'h10: bus.rdata <= 32'(up);
      16'h20: bus.rdata <= lost[0];
      16'h24: bus.rdata <= CAGES == 1 ? 32'd0 : lost[CAGES-1];
      default: begin
        bus.rdata <= 32'd0;
        bus.hit <= 1'b0;
      end
    endcase
  end

endmodule

`default_nettype wire
