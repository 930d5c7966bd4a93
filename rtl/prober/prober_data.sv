// SPDX-License-Identifier: Apache-2.0
// When a customer packet was last seen on each SA.
//
// clear: clears the memory after reset, takes precedence.
// customer: one a cycle.
// stale: the time of that SA is half way round; it is forgotten unless a customer packet is noted in this cycle (then the next
//   visit of the sweep tries again, long before it matters). A packet of the few cycles since it was read is forgotten with it.
// data: the time of read_sa, one cycle later; check: see sa_ram.
`default_nettype none

module prober_data #(
    parameter int unsigned SA_CAPACITY = 1024
) (
    input wire clk,

    input wire sa_pkg::sweep_t     clear,
    input wire [31:0]              tick,
    /* verilator lint_off UNUSEDSIGNAL */  // signs of life have no number
    input wire sa_pkg::customer_t  customer,
    /* verilator lint_on UNUSEDSIGNAL */
    input wire prober_pkg::stale_t stale,
    input wire sa_pkg::sa_t        read_sa,

    output prober_pkg::data_seen_t data,
    output logic                   check
);

  logic write_valid;
  sa_pkg::sa_t write_sa;
  prober_pkg::data_seen_t written;

  always_ff @(posedge clk) begin
    write_valid <= customer.valid || stale.valid;
    write_sa <= customer.valid ? customer.sa : stale.sa;
    written <= customer.valid ? '{seen: 1'b1, tick: tick} : '0;
  end

  sa_ram #(
      .T(prober_pkg::data_seen_t),
      .DEPTH(SA_CAPACITY)
  ) u_ticks (
      .clk,
      .sweep(clear),
      .write_valid,
      .write_address(write_sa),
      .write_data(written),
      .read_address(read_sa),
      .read_data(data),
      .read_check(check)
  );

endmodule

`default_nettype wire
