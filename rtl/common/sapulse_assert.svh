// SPDX-License-Identifier: Apache-2.0
// SAPULSE_ASSERT(clk, rst, condition, message): the condition holds at every rising edge of clk at which rst is low.
// On in simulation (Verilator with --assert), nothing in synthesis. The message names what is broken.
`ifndef SAPULSE_ASSERT_SVH
`define SAPULSE_ASSERT_SVH

`ifdef SYNTHESIS
`define SAPULSE_ASSERT(clk, rst, condition, message)
`else
`define SAPULSE_ASSERT(clk, rst, condition, message) \
  always @(posedge clk) begin \
    if (!(rst)) begin \
      assert (condition) else $error("%s", message); \
    end \
  end
`endif

`endif
