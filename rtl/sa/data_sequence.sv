// SPDX-License-Identifier: Apache-2.0
// Highest customer sequence number seen on each SA, in the serial-number arithmetic of RFC 1982 on 32 bits: a number replaces the
// stored one if it is ahead of it by less than 2^31; the first one always does.
//
// customer: one a cycle, also on one SA. A number counts for reads 4 cycles later.
// customer_clear: forgets the number of an SA, in a cycle without a number; after 63 numbers in a row it takes the place of one,
//   which is lost (the next one of that SA sets it right). customer_clear_done: from the next cycle on reads do not see the old
//   number.
// read_sa: its number 3 cycles later, one a cycle; the reader counts the cycles. read_valid: it is used.
// fault: a number was damaged that has been read to be compared, or to be told: then none has been seen, and the next one counts.
//
// Stages: 1 RAM, 2 compare, 3 write. Two copies of the table: one for compare, one for read_sa.
`default_nettype none
`include "sapulse_assert.svh"

module data_sequence #(
    parameter int unsigned SA_CAPACITY = 1024
) (
    input wire clk,
    input wire rst,
    input wire sa_pkg::sweep_t sweep,

    input wire sa_pkg::customer_t customer,

    stream_if.sink customer_clear,  // sa_t
    output logic   customer_clear_done,

    input  wire                      read_valid,
    input  wire sa_pkg::sa_t         read_sa,
    output sa_pkg::customer_number_t customer_number,

    output sa_pkg::fault_t fault
);

  localparam int unsigned SA_W = $clog2(SA_CAPACITY);

  typedef struct packed {
    logic            clear;
    logic [SA_W-1:0] sa;
    logic [31:0]     number;
  } operation_t;

  logic valid_1, valid_2, valid_3;
  logic clear_0, newer_2;
  operation_t op_1, op_2;
  sa_pkg::sa_t sa_0;
  logic [SA_W-1:0] sa_3;
  logic [31:0] ahead_2;
  logic same_as_3_1, same_as_4_1, same_as_3_2;
  logic check_1, check_2, from_ram_2, damaged_2, read_check_1, read_check_2, read_damaged_2;
  sa_pkg::fault_t fault_3, read_fault;
  sa_pkg::customer_number_t ram_1, stored_2, entry_2, entry_3, entry_4, read_1, read_2;

  logic [5:0] waited;
  logic urgent;  // 63 cycles
  assign customer_clear.ready = !customer.valid || urgent;
  assign clear_0 = customer_clear.valid && customer_clear.ready;
  assign sa_0 = clear_0 ? customer_clear.data : customer.sa;

  sa_ram #(
      .T(sa_pkg::customer_number_t),
      .DEPTH(SA_CAPACITY)
  ) u_numbers (
      .clk, .sweep,
      .write_valid(valid_3),
      .write_address(sa_pkg::sa_t'(sa_3)),
      .write_data(entry_3),
      .read_address(sa_0),
      .read_data(ram_1),
      .read_check(check_1)
  );

  sa_ram #(
      .T(sa_pkg::customer_number_t),
      .DEPTH(SA_CAPACITY)
  ) u_read_copy (
      .clk, .sweep,
      .write_valid(valid_3),
      .write_address(sa_pkg::sa_t'(sa_3)),
      .write_data(entry_3),
      .read_address(read_sa),
      .read_data(read_1),
      .read_check(read_check_1)
  );

  // ---- Stage 1
  always_ff @(posedge clk) begin
    op_1 <= '{clear: clear_0, sa: sa_0[SA_W-1:0], number: customer.sequence_number};
    // The operation that is in stage 3 (4) when this one is in stage 1: both comparisons at once, then select.
    same_as_3_1 <= valid_2 && (clear_0 ? op_2.sa == customer_clear.data[SA_W-1:0] : op_2.sa == customer.sa[SA_W-1:0]);
    same_as_4_1 <= valid_3 && (clear_0 ? sa_3 == customer_clear.data[SA_W-1:0] : sa_3 == customer.sa[SA_W-1:0]);
    waited <= customer_clear.valid && !customer_clear.ready ? waited + 6'd1 : 6'd0;
    urgent <= customer_clear.valid && !customer_clear.ready && waited == 6'd62;
    if (rst) begin
      waited <= 6'd0;
      urgent <= 1'b0;
    end
  end

  // ---- Stage 2
  always_ff @(posedge clk) begin
    op_2 <= op_1;
    same_as_3_2 <= valid_2 && op_2.sa == op_1.sa;
    stored_2 <= same_as_3_1 ? entry_3 : same_as_4_1 ? entry_4 : ram_1;
    check_2 <= check_1;
    from_ram_2 <= !same_as_3_1 && !same_as_4_1;
  end

  assign entry_2 = same_as_3_2 ? entry_3 : stored_2;
  logic odd_2;
  parity #(.WIDTH($bits(stored_2) + 1)) u_parity (.data({stored_2, check_2}), .odd(odd_2));
  assign damaged_2 = from_ram_2 && !same_as_3_2 && odd_2;
  assign ahead_2 = op_2.number - entry_2.number;
  assign newer_2 = !entry_2.seen || !ahead_2[31] || damaged_2;

  // ---- Stage 3
  always_ff @(posedge clk) begin
    sa_3 <= op_2.sa;
    customer_clear_done <= valid_2 && op_2.clear && !rst;
    entry_3 <= op_2.clear ? '0 : newer_2 ? '{seen: 1'b1, number: op_2.number} : entry_2;
    entry_4 <= entry_3;
    fault_3 <= '{valid: valid_2 && damaged_2 && !op_2.clear, entry: sa_pkg::entry_number_t'(op_2.sa)};
    {valid_3, valid_2, valid_1} <= {valid_2, valid_1, clear_0 || customer.valid};
    if (rst) {valid_3, valid_2, valid_1} <= 3'd0;
  end

  // ---- The copy that is read
  logic [2:1] read_valids;
  logic [1:0][SA_W-1:0] read_sas;
  parity #(.WIDTH($bits(read_2) + 1)) u_read_parity (.data({read_2, read_check_2}), .odd(read_damaged_2));

  always_ff @(posedge clk) begin
    read_2 <= read_1;
    read_check_2 <= read_check_1;
    read_valids <= {read_valids[1], read_valid};
    read_sas <= {read_sas[0], read_sa[SA_W-1:0]};
    customer_number <= read_damaged_2 ? '0 : read_2;
    read_fault <= '{valid: read_valids[2] && read_damaged_2, entry: sa_pkg::entry_number_t'(read_sas[1])};
  end

  assign fault = fault_3.valid ? fault_3 : read_fault;

  wire unused = &{1'b0, sa_0, ahead_2[30:0]};  // of the difference only the sign matters

  `SAPULSE_ASSERT(clk, rst, !(sweep.valid && (customer_clear.valid || customer.valid)), "operation before the sweep has ended")

endmodule

`default_nettype wire
