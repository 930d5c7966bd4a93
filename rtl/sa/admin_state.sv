// SPDX-License-Identifier: Apache-2.0
// Administrative state of each SA: down or not.
//
// read_sa: its state in step with the answer of the replay window, to whose question it belongs. read_valid: it is used. waits: see
// replay_window.
// fault: the state that was to be told now is damaged: nobody knows whether the SA is down.
// admin_update: one a cycle.
`default_nettype none

module admin_state #(
    parameter int unsigned SA_CAPACITY = 1024
) (
    input wire clk,
    input wire sa_pkg::sweep_t sweep,

    input  wire              read_valid,
    input  wire sa_pkg::sa_t read_sa,
    input  wire              waits,
    output logic             down,

    input wire sa_pkg::admin_update_t admin_update,

    output sa_pkg::fault_t fault
);

  logic stored, check;

  sa_ram #(
      .T(logic),
      .DEPTH(SA_CAPACITY)
  ) u_states (
      .clk, .sweep,
      .write_valid(admin_update.valid),
      .write_address(admin_update.sa),
      .write_data(admin_update.down),
      .read_address(read_sa),
      .read_data(stored),
      .read_check(check)
  );

  typedef struct packed {
    logic        valid;
    sa_pkg::sa_t sa;
  } read_t;
  read_t read_1;
  logic down_2, down_3;
  sa_pkg::fault_t fault_2, fault_3;

  always_ff @(posedge clk) begin
    read_1 <= '{valid: read_valid, sa: read_sa};
    if (!waits) begin
      down_2 <= stored;
      fault_2 <= '{valid: read_1.valid && (stored ^ check), entry: sa_pkg::entry_number_t'(read_1.sa)};
    end
    down_3 <= down_2;
    down <= down_3;
    fault_3 <= fault_2;
    if (waits) fault_3.valid <= 1'b0;
    fault <= fault_3;
  end

  if (sa_pkg::ACCEPT_LATENCY != 2) begin : g_latency
    $error("admin_state: answers 2 cycles after stage 2");
  end

endmodule

`default_nettype wire
