// SPDX-License-Identifier: Apache-2.0
// Stops a ring cleanly and starts it again with all indices at 0.
//
// idle      nothing of the ring is under way any more
// starting  from switch.start until control.run: the indices count as 0 already
`default_nettype none

module ring_restart (
    input  wire                     clk,
    input  wire                     rst,
    input  host_pkg::ring_switch_t  switch,
    input  wire                     idle,
    output host_pkg::ring_control_t control,
    output logic                    starting
);
  // Cycles after clear in which comparisons of indices may still be of the time before.
  localparam int unsigned SETTLE = 3;

  logic pending_q, run_q;
  logic [SETTLE-1:0] settle_q;

  assign control = '{run: run_q, clear: pending_q && !run_q && idle};
  assign starting = switch.start || pending_q || |settle_q;

  always_ff @(posedge clk) begin
    if (rst) begin
      pending_q <= 1'b0;
      settle_q <= '0;
      run_q <= 1'b0;
    end else begin
      pending_q <= switch.start || (pending_q && !control.clear);
      settle_q <= {settle_q[SETTLE-2:0], control.clear};
      run_q <= switch.enable && !starting;
    end
  end

endmodule

`default_nettype wire
