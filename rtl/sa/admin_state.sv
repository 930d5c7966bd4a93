// SPDX-License-Identifier: Apache-2.0
// Administrative state of each SA: down or not.
//
// read_sa: its state sa_pkg::ACCEPT_LATENCY cycles later, in step with the answer of the replay window.
// admin_update: one a cycle.
`default_nettype none

module admin_state #(
    parameter int unsigned SA_CAPACITY = 1024
) (
    input wire clk,
    input wire sa_pkg::sweep_t sweep,

    input  wire sa_pkg::sa_t read_sa,
    output logic             down,

    input wire sa_pkg::admin_update_t admin_update
);

  logic stored;

  sa_ram #(
      .T(logic),
      .DEPTH(SA_CAPACITY)
  ) u_states (
      .clk, .sweep,
      .write_valid(admin_update.valid),
      .write_address(admin_update.sa),
      .write_data(admin_update.down),
      .read_address(read_sa),
      .read_data(stored)
  );

  logic [sa_pkg::ACCEPT_LATENCY-2:0] delay;
  always_ff @(posedge clk) delay <= {delay[sa_pkg::ACCEPT_LATENCY-3:0], stored};
  assign down = delay[sa_pkg::ACCEPT_LATENCY-2];

endmodule

`default_nettype wire
