// SPDX-License-Identifier: Apache-2.0
// Stops a ring cleanly and starts it again with all indices at 0.
//
// enable, start  from ring_registers; start comes with the rising enable
// idle           nothing of the ring is under way any more
// run            the ring may begin something new
// clear          one cycle, while idle is 1: set all indices to 0, forget what is buffered
// starting       from start until run: the indices count as 0 already
`default_nettype none

module ring_restart (
    input  wire  clk,
    input  wire  rst,
    input  wire  enable,
    input  wire  start,
    input  wire  idle,
    output logic run,
    output logic clear,
    output logic starting
);
  // Cycles after clear in which comparisons of indices may still be of the time before.
  localparam int unsigned SETTLE = 3;

  logic pending_q;
  logic [SETTLE-1:0] settle_q;

  assign clear = pending_q && !run && idle;
  assign starting = start || pending_q || |settle_q;

  always_ff @(posedge clk) begin
    if (rst) begin
      pending_q <= 1'b0;
      settle_q <= '0;
      run <= 1'b0;
    end else begin
      pending_q <= start || (pending_q && !clear);
      settle_q <= {settle_q[SETTLE-2:0], clear};
      run <= enable && !starting;
    end
  end

endmodule

`default_nettype wire
