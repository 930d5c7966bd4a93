// SPDX-License-Identifier: Apache-2.0
// hls_lut_ram, or hls_block_ram: what is read of one address, chosen freely, is what was written there last, zero if nothing was;
// of block RAM in the cycle after the address, and a write in between counts.
`default_nettype none

module hls_ram_proof #(
    parameter bit BLOCK_RAM = 1'b0
) (
    input wire clk,
    input wire [1:0] place,
    input wire [1:0] raddr,
    input wire we,
    input wire [1:0] waddr,
    input wire [1:0] wdata
);

  logic first, asked;
  logic [1:0] chosen, word, rdata;
  proof_reset u_reset (.clk, .restart(1'b0), .rst(first), .first());

  if (BLOCK_RAM) begin : g_block
    hls_block_ram #(.WIDTH(2), .ABITS(2), .DEPTH(4)) u_ram (.clk, .raddr, .rdata, .we, .waddr, .wdata);
    always_ff @(posedge clk) asked <= raddr == (first ? place : chosen);
  end else begin : g_lut
    hls_lut_ram #(.WIDTH(2), .ABITS(2), .DEPTH(4)) u_ram (.clk, .raddr, .rdata, .we, .waddr, .wdata);
    assign asked = raddr == chosen;
  end

  always_ff @(posedge clk) begin
    if (first) chosen <= place;
    if (we && waddr == (first ? place : chosen)) word <= wdata;
    else if (first) word <= '0;
    if (!first) begin
      assert (!asked || rdata == word);
      cover (asked && word == 2'd2);
    end
  end

endmodule

`default_nettype wire
