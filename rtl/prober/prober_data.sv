// SPDX-License-Identifier: Apache-2.0
// When a customer packet was last seen on each SA.
//
// clear: clears the memory after reset, takes precedence.
// customer: one a cycle.
// stale: the time of that SA is half way round; it is forgotten unless a customer packet is noted in this cycle (then the next
//   visit of the sweep tries again, long before it matters). A packet of the few cycles since it was read is forgotten with it.
// data: the time of read_sa, one cycle later.
`default_nettype none

module prober_data #(
    parameter int unsigned SA_CAPACITY = 1024
) (
    input wire clk,

    input wire prober_pkg::sa_mark_t clear,
    input wire [31:0]                tick,
    /* verilator lint_off UNUSEDSIGNAL */  // signs of life have no number, and SA numbers fewer bits with fewer SAs
    input wire sa_pkg::customer_t    customer,
    input wire prober_pkg::sa_mark_t stale,
    input wire sa_pkg::sa_t          read_sa,
    /* verilator lint_on UNUSEDSIGNAL */

    output prober_pkg::data_seen_t data
);

  localparam int unsigned SA_W = $clog2(SA_CAPACITY);

  logic write_valid;
  logic [SA_W-1:0] write_sa;
  prober_pkg::data_seen_t written;

  always_ff @(posedge clk) begin
    write_valid <= customer.valid || stale.valid;
    write_sa <= customer.valid ? customer.sa[SA_W-1:0] : stale.sa[SA_W-1:0];
    written <= customer.valid ? '{seen: 1'b1, tick: tick} : '0;
  end

  sa_ram #(
      .WIDTH($bits(prober_pkg::data_seen_t)),
      .DEPTH(SA_CAPACITY)
  ) u_ticks (
      .clk,
      .sweep_valid(clear.valid),
      .sweep_address(clear.sa[SA_W-1:0]),
      .write_valid,
      .write_address(write_sa),
      .write_data(written),
      .read_address(read_sa[SA_W-1:0]),
      .read_data(data)
  );

endmodule

`default_nettype wire
