// SPDX-License-Identifier: Apache-2.0
// function_reset and what it resets the core with; one clock for both.
`default_nettype none

module function_reset_bench (
    input  wire  clk,
    input  wire  link_down,
    input  wire  request,
    output logic active,
    output logic done,
    output logic core_rst
);

  function_reset u_function (.clk, .rst(link_down), .request, .active, .done);
  card_reset u_card (.clk, .locked(1'b1), .bus_rst(link_down || active), .rst(core_rst));

endmodule

`default_nettype wire
