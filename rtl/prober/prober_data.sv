// SPDX-License-Identifier: Apache-2.0
// When a customer packet was last seen on each SA.
//
// data: one a cycle.
// clear_valid: clear_sa clears the memory after reset, takes precedence.
// stale_valid: the time of stale_sa is half way round; it is forgotten unless a customer packet is noted in this cycle (then the next
//   visit of the sweep tries again, long before it matters). A packet of the few cycles since it was read is forgotten with it.
// read_sa: its time one cycle later; seen: there is one.
`default_nettype none

module prober_data #(
    parameter int unsigned SA_CAPACITY = 1024,
    localparam int unsigned SA_W = $clog2(SA_CAPACITY)
) (
    input  wire             clk,
    input  wire             clear_valid,
    input  wire  [SA_W-1:0] clear_sa,
    input  wire  [    31:0] tick,
    input  wire             data_valid,
    input  wire  [SA_W-1:0] data_sa,
    input  wire             stale_valid,
    input  wire  [SA_W-1:0] stale_sa,
    input  wire  [SA_W-1:0] read_sa,
    output logic            read_seen,
    output logic [    31:0] read_tick
);

  logic write_valid;
  logic [SA_W-1:0] write_sa;
  logic [32:0] write_entry;

  always_ff @(posedge clk) begin
    write_valid <= data_valid || stale_valid;
    write_sa <= data_valid ? data_sa : stale_sa;
    write_entry <= data_valid ? {1'b1, tick} : 33'd0;
  end

  sa_ram #(
      .WIDTH(33),
      .DEPTH(SA_CAPACITY)
  ) ticks (
      .clk,
      .sweep_valid(clear_valid),
      .sweep_address(clear_sa),
      .write_valid,
      .write_address(write_sa),
      .write_data(write_entry),
      .read_address(read_sa),
      .read_data({read_seen, read_tick})
  );

endmodule

`default_nettype wire
