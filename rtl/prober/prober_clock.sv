// SPDX-License-Identifier: Apache-2.0
// Time of the prober in ticks of 2^PROBE_TICK_LOG2 ns, modulo 2^32. Stands still while enable is low.
//
// It begins a second before it wraps around, so that every card and every test meets that early.
// uptime: ns, never set by the host, so no time of the prober ever jumps; advances by at most 2^16 ns a cycle.
`default_nettype none

module prober_clock (
    input  wire         clk,
    input  wire         rst,
    input  wire         enable,
    input  wire  [63:0] uptime,
    output logic [31:0] tick
);

  localparam int unsigned FRACTION_W = sapulse_pkg::PROBE_TICK_LOG2;

  // Differences are small, so the low bits tell them.
  logic [16:0] previous, step;
  logic [FRACTION_W-1:0] fraction;
  logic [17-FRACTION_W:0] whole;

  always_ff @(posedge clk) begin
    previous <= uptime[16:0];
    step <= enable ? uptime[16:0] - previous : 17'd0;
    {whole, fraction} <= {1'b0, step} + 18'(fraction);
    tick <= tick + 32'(whole);
    if (rst) begin
      step <= 17'd0;
      {whole, fraction} <= 18'd0;
      tick <= 32'hfff0_0000;
    end
  end

  wire unused = &{1'b0, uptime[63:17]};

endmodule

`default_nettype wire
