// SPDX-License-Identifier: Apache-2.0
// The read channels of a bundle of memory ports: the bursts of its readers take turns, their data come back in order (one
// AXI identifier). Answers other than OKAY (AMBA AXI, IHI 0022, A3.4.4) show in error until reset; their data count as any.
`default_nettype none

module hls_axi_read_port #(
    parameter integer READERS = 1,
    parameter integer BURSTS  = 16  // under way at most
) (
    input  wire                   clk,
    input  wire                   rst_n,    // synchronous, active low
    input  wire [64*READERS-1:0]  araddrs,  // reader 0 in the least significant bits
    input  wire [8*READERS-1:0]   arlens,
    input  wire [READERS-1:0]     arvalids,
    output wire [READERS-1:0]     arreadys,
    output wire [READERS-1:0]     rvalids,  // of m_rdata; readers always take it
    output reg                    error,
    output wire [63:0]            m_araddr,
    output wire [7:0]             m_arlen,
    output wire                   m_arvalid,
    input  wire                   m_arready,
    input  wire [1:0]             m_rresp,
    input  wire                   m_rlast,
    input  wire                   m_rvalid,
    output wire                   m_rready
);
  wire [READERS-1:0] owner;
  wire has_owner;

  hls_axi_addresses #(.CHANNELS(READERS), .BURSTS(BURSTS)) u_addresses (
      .clk, .rst_n,
      .addresses(araddrs), .lengths(arlens), .valids(arvalids), .readys(arreadys),
      .allowed(1'b1), .take(), .length(), .owner, .has_owner, .over(m_rvalid & m_rready & m_rlast),
      .m_address(m_araddr), .m_length(m_arlen), .m_valid(m_arvalid), .m_ready(m_arready)
  );
  assign m_rready = has_owner;
  assign rvalids = m_rvalid & m_rready ? owner : {READERS{1'b0}};

  always @(posedge clk) begin
    if (!rst_n) error <= 1'b0;
    else error <= error | (m_rvalid & m_rready & (m_rresp != 2'b00));
  end
endmodule

`default_nettype wire
