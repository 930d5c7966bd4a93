// SPDX-License-Identifier: Apache-2.0
// Administrative state of each SA: down or not.
//
// read_sa: its state sa_pkg::ACCEPT_LATENCY cycles later, in step with the answer of the replay window.
// write: one state a cycle.
`default_nettype none

module admin_state #(
    parameter int unsigned SA_CAPACITY = 1024,
    localparam int unsigned SA_W = $clog2(SA_CAPACITY)
) (
    input  wire             clk,
    input  wire             sweep_valid,
    input  wire  [SA_W-1:0] sweep_sa,

    input  wire  [SA_W-1:0] read_sa,
    output logic            down,

    input  wire             write_valid,
    input  wire  [SA_W-1:0] write_sa,
    input  wire             write_down
);

  logic stored;

  sa_ram #(
      .WIDTH(1),
      .DEPTH(SA_CAPACITY)
  ) states (
      .clk,
      .sweep_valid,
      .sweep_address(sweep_sa),
      .write_valid,
      .write_address(write_sa),
      .write_data(write_down),
      .read_address(read_sa),
      .read_data(stored)
  );

  logic [sa_pkg::ACCEPT_LATENCY-2:0] delay;
  always_ff @(posedge clk) delay <= {delay[sa_pkg::ACCEPT_LATENCY-3:0], stored};
  assign down = delay[sa_pkg::ACCEPT_LATENCY-2];

endmodule

`default_nettype wire
