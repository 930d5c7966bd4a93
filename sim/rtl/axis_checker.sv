// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Checks the rules of an AXI4-Stream that carries frames (AMBA AXI-Stream, chapter 2). A broken rule is reported with $error.
//  * a beat that is offered stays, unchanged, until it is taken
//  * tkeep is contiguous from bit 0, not empty, and full unless tlast
//  * tvalid is low in reset, from its fourth cycle on
module axis_checker #(
    parameter int BYTES = 64  // width of tdata
) (
    input wire               clk,
    input wire               rst,     // synchronous, active high
    input wire [8*BYTES-1:0] tdata,   // byte i is [8*i+7:8*i]
    input wire [  BYTES-1:0] tkeep,
    input wire               tvalid,
    input wire               tready,
    input wire               tlast,
    input wire               tuser
);

  logic [        2:0] rst_reg;
  logic               stalled_reg;
  logic [8*BYTES-1:0] tdata_reg;
  logic [  BYTES-1:0] tkeep_reg;
  logic               tlast_reg;
  logic               tuser_reg;

  initial stalled_reg = 1'b0;
  initial rst_reg = '0;

  always_ff @(posedge clk) begin
    rst_reg <= {rst_reg[1:0], rst};
    stalled_reg <= tvalid && !tready && !rst;
    if (tvalid && !tready) begin
      tdata_reg <= tdata;
      tkeep_reg <= tkeep;
      tlast_reg <= tlast;
      tuser_reg <= tuser;
    end

    if (rst) begin
      a_reset : assert (!((&rst_reg) && tvalid)) else $error("tvalid is high in reset");
    end else if (stalled_reg) begin
      a_withdrawn : assert (tvalid) else $error("a beat was withdrawn before tready");
      a_stable : assert (!tvalid || (tdata == tdata_reg && tkeep == tkeep_reg && tlast == tlast_reg && tuser == tuser_reg))
        else $error("a beat changed before tready");
    end
    if (!rst && tvalid) begin
      a_empty : assert (tkeep[0]) else $error("tkeep does not begin at byte 0");
      a_contiguous : assert ((tkeep & (tkeep + 1'b1)) == '0) else $error("tkeep is not contiguous");
      a_full : assert (tlast || (&tkeep)) else $error("tkeep is not full before the last beat");
    end
  end

endmodule

`default_nettype wire
