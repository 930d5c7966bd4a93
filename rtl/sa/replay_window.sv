// SPDX-License-Identifier: Apache-2.0
// Replay windows of all SAs over the control sequence number n, 128 wide (RFC 4303 section 3.4.3), with the counters of each SA.
//
// A window is the highest n accepted (top) and a ring of 128 bits, bit n mod 128 telling whether that n has been accepted
// (RFC 6479): moving it clears the bits between the old and the new top instead of shifting.
//
// question: one packet, as soon as its verdict is about to come. verdict: whether it is authentic and well-formed, in the order of
//   the questions, two cycles after its question at the earliest; until it is there, everything behind the question waits. Answer
//   (accept) sa_pkg::ACCEPT_LATENCY cycles after the verdict has been taken. Accepted are n > top, and n > top - 128 not seen
//   before; never n = 0, never an SA that is not active. Only accepted packets move the window.
// window_command: clear, or read. Cleared, a window starts with a top of its own: that and everything below counts as accepted (0:
//   nothing is). Commands go first, each takes the place of one question. A read's answer comes 4 cycles after the handshake, with
//   window_read_valid.
// waits: the question in stage 2 waits for its verdict, for tables that are read in step.
// fault: the window that was to answer now is damaged: it counts as not active from now on, with a top and counters of 0.
// One operation every 2 cycles, whatever the SAs. The counters wrap; a verdict on an SA that is not active counts nothing.
//
// Stages: 1 RAM, 2 compare with top, 3 decide, 4 write. An operation needs what the one 2 cycles before it wrote: forwarded. While
// a question waits in stage 2, none is in stage 1, and none enters.
`default_nettype none
`include "sapulse_assert.svh"

module replay_window #(
    parameter int unsigned SA_CAPACITY = 1024
) (
    input wire clk,
    input wire rst,
    input wire sa_pkg::sweep_t sweep,

    stream_if.sink question,  // question_t
    stream_if.sink verdict,   // logic
    output logic   waits,
    output logic   accept_valid,
    output logic   accept,

    stream_if.sink window_command,  // window_command_t
    output logic   window_read_valid,
    output sa_pkg::window_read_t window_read,

    output sa_pkg::fault_t fault
);

  localparam int unsigned SA_W = $clog2(SA_CAPACITY);

  typedef struct packed {
    logic         active;
    logic [63:0]  top;
    logic [127:0] ring;
    logic [31:0]  accepted;
    logic [31:0]  replayed;
    logic [31:0]  rejected;
  } window_t;

  typedef struct packed {
    logic            verdict;  // otherwise a command
    logic            read;
    logic            active;
    logic [63:0]     n;        // of a command that clears: top
    logic [SA_W-1:0] sa;
  } operation_t;

  // Bits 0..i set.
  function automatic logic [127:0] thermometer(input logic [6:0] i);
    return ~(~128'd1 << i);
  endfunction

  // ---- Operations: one every 2 cycles, commands first.
  logic valid_1, valid_2, valid_3, valid_4;
  logic command_taken, question_taken;
  sa_pkg::sa_t read_sa;
  logic [SA_W-1:0] sa_0, sa_4;
  operation_t op_1, op_2, op_3;

  assign window_command.ready = !valid_1 && !waits;
  assign question.ready = window_command.ready && !window_command.valid;
  assign command_taken = window_command.valid && window_command.ready;
  assign question_taken = question.valid && question.ready;
  assign read_sa = window_command.valid ? window_command.data.sa : question.data.sa;
  assign sa_0 = read_sa[SA_W-1:0];

  // ---- Stage 1: the RAM answers. Meanwhile everything that depends on n alone.
  window_t ram_1;
  logic check_1;
  logic same_as_4_1, same_as_5_1;  // the operation now in stage 4 (5) was on the same SA

  // ---- Stage 2: compare n with top, and prepare both outcomes.
  logic nonzero_2, same_as_4_2, low_later_2;
  logic [56:0] block_after_2, block_before_2;  // of n / 128
  logic [127:0] onehot_2, thermometer_2, thermometer_top_2;
  window_t stored_2, window_2;
  logic check_2, from_ram_2, damaged_2;

  assign verdict.ready = valid_2 && op_2.verdict;
  assign waits = verdict.ready && !verdict.valid;

  // ---- Stage 3: decide.
  logic ok_3, nonzero_3, newer_3, near_3, inside_3, accept_3, damaged_3;
  logic same_block_3, next_block_3, block_before_3, later_block_3, low_later_3, low_earlier_3, seen_3;
  logic [127:0] onehot_3, keep_3;
  logic [31:0] accepted_plus_3, replayed_plus_3, rejected_plus_3;
  window_t window_3, decided_3;

  // ---- Stages 4 and 5: write, and one cycle more for who reads while it is written.
  window_t window_4, window_5;

  sa_ram #(
      .T(window_t),
      .DEPTH(SA_CAPACITY)
  ) u_windows (
      .clk, .sweep,
      .write_valid(valid_4),
      .write_address(sa_pkg::sa_t'(sa_4)),
      .write_data(window_4),
      .read_address(read_sa),
      .read_data(ram_1),
      .read_check(check_1)
  );

  always_ff @(posedge clk) begin
    op_1 <= '{
      verdict: !window_command.valid, read: window_command.valid && !window_command.data.clear, active: window_command.data.active,
      n: window_command.valid ? window_command.data.top : question.data.n, sa: sa_0
    };
    same_as_4_1 <= valid_3 && op_3.sa == sa_0;
    same_as_5_1 <= valid_4 && sa_4 == sa_0;
  end

  // What waits comes in again, with what has been forwarded to it.
  operation_t in_2;
  assign in_2 = waits ? op_2 : op_1;

  always_ff @(posedge clk) begin
    op_2 <= in_2;
    nonzero_2 <= in_2.n != 64'd0;
    block_after_2 <= in_2.n[63:7] + 57'd1;
    block_before_2 <= in_2.n[63:7] - 57'd1;
    onehot_2 <= 128'd1 << in_2.n[6:0];
    thermometer_2 <= thermometer(in_2.n[6:0]);
    same_as_4_2 <= !waits && valid_3 && op_3.sa == op_1.sa;
    if (!waits || same_as_4_2) begin
      stored_2 <= waits || same_as_4_1 ? window_4 : same_as_5_1 ? window_5 : ram_1;
      check_2 <= check_1;
      from_ram_2 <= !waits && !same_as_4_1 && !same_as_5_1;
    end
  end

  assign window_2 = same_as_4_2 ? window_4 : stored_2;
  assign damaged_2 = from_ram_2 && !same_as_4_2 && ^{stored_2, check_2};
  assign thermometer_top_2 = thermometer(window_2.top[6:0]);
  assign low_later_2 = op_2.n[6:0] > window_2.top[6:0];

  always_ff @(posedge clk) begin
    op_3 <= op_2;
    ok_3 <= verdict.data;
    nonzero_3 <= nonzero_2;
    onehot_3 <= onehot_2;
    window_3 <= window_2;
    window_3.active <= window_2.active && !damaged_2;
    damaged_3 <= damaged_2 && (op_2.verdict || op_2.read);
    same_block_3 <= op_2.n[63:7] == window_2.top[63:7];
    next_block_3 <= block_before_2 == window_2.top[63:7];
    block_before_3 <= block_after_2 == window_2.top[63:7];
    later_block_3 <= op_2.n[63:7] > window_2.top[63:7];
    low_later_3 <= low_later_2;
    low_earlier_3 <= op_2.n[6:0] < window_2.top[6:0];
    // What stays when the window moves by less than 128: all but the bits after the old top up to n.
    keep_3 <= low_later_2 ? ~thermometer_2 | thermometer_top_2 : ~thermometer_2 & thermometer_top_2;
    // Both sides at once, then select: one level less.
    seen_3 <= same_as_4_2 ? |(window_4.ring & onehot_2) : |(stored_2.ring & onehot_2);
    accepted_plus_3 <= window_2.accepted + 32'd1;
    replayed_plus_3 <= window_2.replayed + 32'd1;
    rejected_plus_3 <= window_2.rejected + 32'd1;
  end

  assign newer_3 = later_block_3 || (same_block_3 && low_later_3);
  assign near_3 = same_block_3 || (next_block_3 && low_earlier_3);  // newer by less than 128
  assign inside_3 = (same_block_3 && !low_later_3) || (block_before_3 && low_later_3);  // older by less than 128
  assign accept_3 = op_3.verdict && window_3.active && ok_3 && nonzero_3 && (newer_3 || (inside_3 && !seen_3));

  always_comb begin
    decided_3 = window_3;
    if (accept_3) begin
      decided_3.accepted = accepted_plus_3;
      decided_3.ring = (newer_3 ? (near_3 ? window_3.ring & keep_3 : 128'd0) : window_3.ring) | onehot_3;
      if (newer_3) decided_3.top = op_3.n;
    end else if (op_3.verdict && window_3.active) begin
      if (ok_3) decided_3.replayed = replayed_plus_3;
      else decided_3.rejected = rejected_plus_3;
    end else if (!op_3.verdict && !op_3.read) begin
      // Everything up to top counts as seen.
      decided_3 = '{active: op_3.active, top: op_3.n, ring: '1, default: '0};
    end
  end

  always_ff @(posedge clk) begin
    window_4 <= damaged_3 ? '0 : decided_3;
    window_5 <= window_4;
    sa_4 <= op_3.sa;
    accept <= accept_3;
    accept_valid <= valid_3 && op_3.verdict && !rst;
    window_read_valid <= valid_3 && op_3.read && !rst;
    fault <= '{valid: valid_3 && damaged_3, entry: sa_pkg::entry_number_t'(op_3.sa)};
  end

  always_ff @(posedge clk) begin
    {valid_4, valid_3, valid_2, valid_1} <= {valid_3, valid_2 && !waits, valid_1 || waits, command_taken || question_taken};
    if (rst) {valid_4, valid_3, valid_2, valid_1} <= 4'd0;
  end

  assign window_read = '{
    top: window_4.top, accepted: window_4.accepted, replayed: window_4.replayed, rejected: window_4.rejected
  };

  `SAPULSE_ASSERT(clk, rst, !(sweep.valid && (valid_4 || question_taken || command_taken)), "operation before the sweep has ended")
  `SAPULSE_ASSERT(clk, rst, !(valid_1 && valid_2), "two operations in a row")
  `SAPULSE_ASSERT(clk, rst, !(valid_4 && window_4.active && window_4.top != 64'd0 && !window_4.ring[window_4.top[6:0]]),
                  "the highest number accepted is not marked as seen")

endmodule

`default_nettype wire
