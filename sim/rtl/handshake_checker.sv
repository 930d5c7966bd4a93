// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Checks one valid/ready channel of an AXI bus (AMBA AXI, A3.1.2 and A3.2.1): an offered payload stays, unchanged, until it is
// taken; valid is low in reset, from its fourth cycle on. A broken rule is reported with $error.
module handshake_checker #(
    parameter int WIDTH = 1  // bits of the payload
) (
    input wire             clk,
    input wire             rst,      // synchronous, active high
    input wire [WIDTH-1:0] payload,
    input wire             valid,
    input wire             ready
);

  logic [      2:0] rst_reg;
  logic             stalled_reg;
  logic [WIDTH-1:0] payload_reg;

  initial stalled_reg = 1'b0;
  initial rst_reg = '0;

  always_ff @(posedge clk) begin
    rst_reg <= {rst_reg[1:0], rst};
    stalled_reg <= valid && !ready && !rst;
    if (valid && !ready) payload_reg <= payload;

    if (rst) begin
      a_reset : assert (!((&rst_reg) && valid)) else $error("valid is high in reset");
    end else if (stalled_reg) begin
      a_withdrawn : assert (valid) else $error("valid was withdrawn before ready");
      a_stable : assert (!valid || payload == payload_reg) else $error("the payload changed before ready");
    end
  end

endmodule

`default_nettype wire
