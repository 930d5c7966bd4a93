// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Checks the rules of an AXI4-Lite bus (AMBA AXI, B1) with both sides watched. Broken rules are reported with $error.
//  * the handshake rules of each channel
//  * no response without a request: B needs an address and data, R needs an address
//  * responses are OKAY, SLVERR or DECERR
module axil_checker #(
    parameter int ADDR_WIDTH = 16
) (
    input wire                  clk,
    input wire                  rst,      // synchronous, active high
    input wire [ADDR_WIDTH-1:0] awaddr,
    input wire                  awvalid,
    input wire                  awready,
    input wire [          31:0] wdata,
    input wire [           3:0] wstrb,
    input wire                  wvalid,
    input wire                  wready,
    input wire [           1:0] bresp,
    input wire                  bvalid,
    input wire                  bready,
    input wire [ADDR_WIDTH-1:0] araddr,
    input wire                  arvalid,
    input wire                  arready,
    input wire [          31:0] rdata,
    input wire [           1:0] rresp,
    input wire                  rvalid,
    input wire                  rready
);

  localparam logic [1:0] EXOKAY = 2'b01;

  handshake_checker #(.WIDTH(ADDR_WIDTH)) aw (.clk, .rst, .payload(awaddr), .valid(awvalid), .ready(awready));
  handshake_checker #(.WIDTH(36)) w (.clk, .rst, .payload({wstrb, wdata}), .valid(wvalid), .ready(wready));
  handshake_checker #(.WIDTH(2)) b (.clk, .rst, .payload(bresp), .valid(bvalid), .ready(bready));
  handshake_checker #(.WIDTH(ADDR_WIDTH)) ar (.clk, .rst, .payload(araddr), .valid(arvalid), .ready(arready));
  handshake_checker #(.WIDTH(34)) r (.clk, .rst, .payload({rresp, rdata}), .valid(rvalid), .ready(rready));

  // Requests accepted and not yet answered.
  logic [7:0] aw_reg, w_reg, ar_reg;

  always_ff @(posedge clk) begin
    if (rst) begin
      aw_reg <= '0;
      w_reg  <= '0;
      ar_reg <= '0;
    end else begin
      aw_reg <= aw_reg + 8'(awvalid && awready) - 8'(bvalid && bready);
      w_reg  <= w_reg + 8'(wvalid && wready) - 8'(bvalid && bready);
      ar_reg <= ar_reg + 8'(arvalid && arready) - 8'(rvalid && rready);
      if (bvalid) begin
        a_b_request : assert (aw_reg != '0 && w_reg != '0) else $error("write response without a request");
        a_b_response : assert (bresp != EXOKAY) else $error("write response EXOKAY");
      end
      if (rvalid) begin
        a_r_request : assert (ar_reg != '0) else $error("read data without a request");
        a_r_response : assert (rresp != EXOKAY) else $error("read response EXOKAY");
      end
    end
  end

endmodule

`default_nettype wire
