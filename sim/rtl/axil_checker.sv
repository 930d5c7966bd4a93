// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Checks the rules of an AXI4-Lite bus (AMBA AXI, B1) with both sides watched. Broken rules are reported with $error.
//  * the handshake rules of each channel
//  * no response without a request: B needs an address and data, R needs an address
//  * responses are OKAY, SLVERR or DECERR
module axil_checker (
    input wire      clk,
    input wire      rst,  // synchronous, active high
    axil_if.monitor axil
);

  localparam logic [1:0] EXOKAY = 2'b01;

  handshake_checker #(.WIDTH(axil.ADDRESS_W)) u_aw (.clk, .rst, .payload(axil.aw), .valid(axil.awvalid), .ready(axil.awready));
  handshake_checker #(.WIDTH(axil.WDATA_W)) u_w (.clk, .rst, .payload(axil.w), .valid(axil.wvalid), .ready(axil.wready));
  handshake_checker #(.WIDTH(axil.B_W)) u_b (.clk, .rst, .payload(axil.b), .valid(axil.bvalid), .ready(axil.bready));
  handshake_checker #(.WIDTH(axil.ADDRESS_W)) u_ar (.clk, .rst, .payload(axil.ar), .valid(axil.arvalid), .ready(axil.arready));
  handshake_checker #(.WIDTH(axil.R_W)) u_r (.clk, .rst, .payload(axil.r), .valid(axil.rvalid), .ready(axil.rready));

  // Requests accepted and not yet answered.
  logic [7:0] aw_reg, w_reg, ar_reg;

  always_ff @(posedge clk) begin
    if (rst) begin
      aw_reg <= '0;
      w_reg  <= '0;
      ar_reg <= '0;
    end else begin
      aw_reg <= aw_reg + 8'(axil.awvalid && axil.awready) - 8'(axil.bvalid && axil.bready);
      w_reg  <= w_reg + 8'(axil.wvalid && axil.wready) - 8'(axil.bvalid && axil.bready);
      ar_reg <= ar_reg + 8'(axil.arvalid && axil.arready) - 8'(axil.rvalid && axil.rready);
      if (axil.bvalid) begin
        a_b_request : assert (aw_reg != '0 && w_reg != '0) else $error("write response without a request");
        a_b_response : assert (axil.b.resp != EXOKAY) else $error("write response EXOKAY");
      end
      if (axil.rvalid) begin
        a_r_request : assert (ar_reg != '0) else $error("read data without a request");
        a_r_response : assert (axil.r.resp != EXOKAY) else $error("read response EXOKAY");
      end
    end
  end

endmodule

`default_nettype wire
