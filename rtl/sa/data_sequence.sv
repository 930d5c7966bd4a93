// SPDX-License-Identifier: Apache-2.0
// Highest customer sequence number seen on each SA, in the serial-number arithmetic of RFC 1982 on 32 bits: a number replaces the
// stored one if it is ahead of it by less than 2^31; the first one always does.
//
// data: one a cycle, also on one SA. A number counts for reads 4 cycles later.
// clear: forgets the number of an SA, in a cycle without data; after 63 cycles with data in a row it takes the place of one number,
//   which is lost (the next one of that SA sets it right). clear_done: from the next cycle on read_sa does not see the old number.
// read_sa: its number 3 cycles later, one a cycle; the reader counts the cycles.
//
// Stages: 1 RAM, 2 compare, 3 write. Two copies of the table: one for compare, one for read_sa.
`default_nettype none
`include "sapulse_assert.svh"

module data_sequence #(
    parameter int unsigned SA_CAPACITY = 1024,
    localparam int unsigned SA_W = $clog2(SA_CAPACITY)
) (
    input  wire             clk,
    input  wire             rst,
    input  wire             sweep_valid,
    input  wire  [SA_W-1:0] sweep_sa,

    input  wire             data_valid,
    input  wire  [SA_W-1:0] data_sa,
    input  wire  [    31:0] data_number,

    input  wire             clear_valid,
    output logic            clear_ready,
    input  wire  [SA_W-1:0] clear_sa,
    output logic            clear_done,

    input  wire  [SA_W-1:0] read_sa,
    output logic [    31:0] read_number,
    output logic            read_seen    // there is a number
);

  // An entry: bit 32 seen, then the number.
  logic valid_1, valid_2, valid_3;
  logic clear_1, clear_2;
  logic [SA_W-1:0] sa_1, sa_2, sa_3;
  logic [31:0] number_1, number_2;
  logic same_as_3_1, same_as_4_1, same_as_3_2;
  logic [32:0] ram_1, stored_2, entry_3, entry_4, read_1, read_2;

  logic [5:0] waited;
  assign clear_ready = !data_valid || &waited;
  wire clear_0 = clear_valid && clear_ready;
  wire [SA_W-1:0] sa_0 = clear_0 ? clear_sa : data_sa;

  sa_ram #(
      .WIDTH(33),
      .DEPTH(SA_CAPACITY)
  ) numbers (
      .clk,
      .sweep_valid,
      .sweep_address(sweep_sa),
      .write_valid(valid_3),
      .write_address(sa_3),
      .write_data(entry_3),
      .read_address(sa_0),
      .read_data(ram_1)
  );

  sa_ram #(
      .WIDTH(33),
      .DEPTH(SA_CAPACITY)
  ) read_copy (
      .clk,
      .sweep_valid,
      .sweep_address(sweep_sa),
      .write_valid(valid_3),
      .write_address(sa_3),
      .write_data(entry_3),
      .read_address(read_sa),
      .read_data(read_1)
  );

  // ---- Stage 1
  always_ff @(posedge clk) begin
    clear_1 <= clear_0;
    number_1 <= data_number;
    sa_1 <= sa_0;
    same_as_3_1 <= valid_2 && sa_2 == sa_0;  // the operation that is in stage 3 when this one is in stage 1
    same_as_4_1 <= valid_3 && sa_3 == sa_0;
    waited <= clear_valid && !clear_ready ? waited + 6'd1 : 6'd0;
    if (rst) waited <= 6'd0;
  end

  // ---- Stage 2
  always_ff @(posedge clk) begin
    clear_2 <= clear_1;
    number_2 <= number_1;
    sa_2 <= sa_1;
    same_as_3_2 <= valid_2 && sa_2 == sa_1;
    stored_2 <= same_as_3_1 ? entry_3 : same_as_4_1 ? entry_4 : ram_1;
  end

  wire [32:0] entry_2 = same_as_3_2 ? entry_3 : stored_2;
  wire [31:0] ahead_2 = number_2 - entry_2[31:0];
  wire newer_2 = !entry_2[32] || !ahead_2[31];
  wire unused_ahead = &{1'b0, ahead_2[30:0]};  // only the sign matters

  // ---- Stage 3
  always_ff @(posedge clk) begin
    sa_3 <= sa_2;
    clear_done <= valid_2 && clear_2 && !rst;
    entry_3 <= clear_2 ? 33'd0 : newer_2 ? {1'b1, number_2} : entry_2;
    entry_4 <= entry_3;
    read_2 <= read_1;
    {read_seen, read_number} <= read_2;
    {valid_3, valid_2, valid_1} <= {valid_2, valid_1, clear_0 || data_valid};
    if (rst) {valid_3, valid_2, valid_1} <= 3'd0;
  end

  `SAPULSE_ASSERT(clk, rst, !(sweep_valid && (clear_valid || data_valid)), "operation before the sweep has ended")

endmodule

`default_nettype wire
