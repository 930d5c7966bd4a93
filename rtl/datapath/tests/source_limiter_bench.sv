// SPDX-License-Identifier: Apache-2.0
// source_limiter with plain ports.
`default_nettype none

module source_limiter_bench (
    input wire clk,
    input wire rst,

    input  wire  [ 63:0] key,
    input  wire  [ 31:0] interval,
    input  wire  [  7:0] burst,
    input  wire  [ 31:0] now,
    output logic         ready,
    input  wire          source_valid,
    input  wire  [127:0] source,
    input  wire          ask,
    output logic         pass,
    output logic [  9:0] asking
);

  source_limiter u_dut (
      .clk, .rst,
      .cfg('{key: key, interval: interval, burst: burst}),
      .now, .ready,
      .source_valid, .source,
      .ask, .pass, .asking
  );

endmodule

`default_nettype wire
