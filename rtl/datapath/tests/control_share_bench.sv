// SPDX-License-Identifier: Apache-2.0
// control_share with plain ports.
`default_nettype none

module control_share_bench (
    input wire clk,
    input wire rst,

    input  wire  [ 7:0] asked_source,
    input  wire  [ 7:0] asked_sa,
    input  wire         asked_ping,
    output logic        over,
    input  wire         taken,
    input  wire  [ 7:0] source,
    input  wire  [ 7:0] sa,
    input  wire         ping,
    input  wire  [15:0] length,
    input  wire         left
);

  control_share u_dut (
      .clk, .rst,
      .asked('{source: asked_source, sa: asked_sa, ping: asked_ping}),
      .over,
      .taken,
      .holder('{source: source, sa: sa, ping: ping}),
      .length, .left,
      .fifo_fault()
  );

endmodule

`default_nettype wire
