// SPDX-License-Identifier: Apache-2.0
// Replay windows of all SAs over the control sequence number n, 128 wide (RFC 4303 section 3.4.3), with the counters of each SA.
//
// A window is the highest n accepted (top) and a ring of 128 bits, bit n mod 128 telling whether that n has been accepted
// (RFC 6479): moving it clears the bits between the old and the new top instead of shifting.
//
// verdict: one opened packet; ok: authentic and well-formed. Answer (accept) 4 cycles after the handshake, in order. Accepted are
//   n > top, and n > top - 128 not seen before; never n = 0, never an SA that is not active. Only accepted packets move the window.
// command: clear (the window starts anew; active says whether it accepts anything), or read. A read's answer comes 4 cycles after the
//   handshake. Commands go first, each takes the place of one verdict.
// One operation every 2 cycles, whatever the SAs. The counters wrap; a verdict on an SA that is not active counts nothing.
//
// Stages: 1 RAM, 2 compare with top, 3 decide, 4 write. An operation needs what the one 2 cycles before it wrote: forwarded.
`default_nettype none
`include "sapulse_assert.svh"

module replay_window #(
    parameter int unsigned SA_CAPACITY = 1024,
    localparam int unsigned SA_W = $clog2(SA_CAPACITY)
) (
    input  wire             clk,
    input  wire             rst,
    input  wire             sweep_valid,
    input  wire  [SA_W-1:0] sweep_sa,

    input  wire             verdict_valid,
    output logic            verdict_ready,
    input  wire  [SA_W-1:0] verdict_sa,
    input  wire  [    63:0] verdict_n,
    input  wire             verdict_ok,
    output logic            accept_valid,
    output logic            accept,

    input  wire             command_valid,
    output logic            command_ready,
    input  wire             command_clear,   // 1: clear, 0: read
    input  wire             command_active,  // with clear
    input  wire  [SA_W-1:0] command_sa,
    output logic            read_valid,
    output logic [    63:0] read_top,
    output logic [    31:0] read_accepted,
    output logic [    31:0] read_replayed,
    output logic [    31:0] read_rejected
);

  typedef struct packed {
    logic         active;
    logic [63:0]  top;
    logic [127:0] ring;
    logic [31:0]  accepted;
    logic [31:0]  replayed;  // refused by the window
    logic [31:0]  rejected;  // refused before: not ok
  } window_t;
  localparam int unsigned WINDOW_BITS = 1 + 64 + 128 + 3 * 32;

  // Bits 0..i set.
  function automatic logic [127:0] thermometer(input logic [6:0] i);
    for (int k = 0; k < 128; k = k + 1) thermometer[k] = (k[6:0] <= i);
  endfunction

  // ---- Operations: one every 2 cycles, commands first.
  logic valid_1, valid_2, valid_3, valid_4;
  wire command_taken = command_valid && command_ready;
  wire verdict_taken = verdict_valid && verdict_ready;
  wire [SA_W-1:0] sa_0 = command_valid ? command_sa : verdict_sa;

  assign command_ready = !valid_1;
  assign verdict_ready = !valid_1 && !command_valid;

  // ---- Stage 1: the RAM answers. Meanwhile everything that depends on n alone.
  logic verdict_1, read_1, active_1, ok_1;
  logic [SA_W-1:0] sa_1, sa_2, sa_3, sa_4;
  logic [63:0] n_1;
  logic [WINDOW_BITS-1:0] ram_1;
  logic same_as_4_1, same_as_5_1;  // the operation now in stage 4 (5) was on the same SA

  // ---- Stage 2: compare n with top, and prepare both outcomes.
  logic verdict_2, read_2, active_2, ok_2, nonzero_2, same_as_4_2;
  logic [63:0] n_2;
  logic [56:0] block_after_2, block_before_2;  // of n / 128
  logic [127:0] onehot_2, thermometer_2;
  window_t stored_2, window_2;

  // ---- Stage 3: decide.
  logic verdict_3, read_3, active_3, ok_3, nonzero_3;
  logic [63:0] n_3;
  logic same_block_3, next_block_3, block_before_3, later_block_3, low_later_3, low_earlier_3, seen_3;
  logic [127:0] onehot_3, keep_3;
  logic [31:0] accepted_plus_3, replayed_plus_3, rejected_plus_3;
  window_t window_3, decided_3;

  // ---- Stages 4 and 5: write, and one cycle more for who reads while it is written.
  window_t window_4, window_5;

  sa_ram #(
      .WIDTH(WINDOW_BITS),
      .DEPTH(SA_CAPACITY)
  ) windows (
      .clk,
      .sweep_valid,
      .sweep_address(sweep_sa),
      .write_valid(valid_4),
      .write_address(sa_4),
      .write_data(window_4),
      .read_address(sa_0),
      .read_data(ram_1)
  );

  always_ff @(posedge clk) begin
    verdict_1 <= !command_valid;
    read_1 <= command_valid && !command_clear;
    active_1 <= command_active;
    ok_1 <= verdict_ok;
    n_1 <= verdict_n;
    sa_1 <= sa_0;
    same_as_4_1 <= valid_3 && sa_3 == sa_0;
    same_as_5_1 <= valid_4 && sa_4 == sa_0;
  end

  always_ff @(posedge clk) begin
    verdict_2 <= verdict_1;
    read_2 <= read_1;
    active_2 <= active_1;
    ok_2 <= ok_1;
    n_2 <= n_1;
    sa_2 <= sa_1;
    nonzero_2 <= n_1 != 64'd0;
    block_after_2 <= n_1[63:7] + 57'd1;
    block_before_2 <= n_1[63:7] - 57'd1;
    onehot_2 <= 128'd1 << n_1[6:0];
    thermometer_2 <= thermometer(n_1[6:0]);
    same_as_4_2 <= valid_3 && sa_3 == sa_1;
    stored_2 <= same_as_4_1 ? window_4 : same_as_5_1 ? window_5 : ram_1;
  end

  assign window_2 = same_as_4_2 ? window_4 : stored_2;
  wire [127:0] thermometer_top_2 = thermometer(window_2.top[6:0]);
  wire low_later_2 = n_2[6:0] > window_2.top[6:0];

  always_ff @(posedge clk) begin
    verdict_3 <= verdict_2;
    read_3 <= read_2;
    active_3 <= active_2;
    ok_3 <= ok_2;
    n_3 <= n_2;
    sa_3 <= sa_2;
    nonzero_3 <= nonzero_2;
    onehot_3 <= onehot_2;
    window_3 <= window_2;
    same_block_3 <= n_2[63:7] == window_2.top[63:7];
    next_block_3 <= block_before_2 == window_2.top[63:7];
    block_before_3 <= block_after_2 == window_2.top[63:7];
    later_block_3 <= n_2[63:7] > window_2.top[63:7];
    low_later_3 <= low_later_2;
    low_earlier_3 <= n_2[6:0] < window_2.top[6:0];
    // What stays when the window moves by less than 128: all but the bits after the old top up to n.
    keep_3 <= low_later_2 ? ~thermometer_2 | thermometer_top_2 : ~thermometer_2 & thermometer_top_2;
    // Both sides at once, then select: one level less.
    seen_3 <= same_as_4_2 ? |(window_4.ring & onehot_2) : |(stored_2.ring & onehot_2);
    accepted_plus_3 <= window_2.accepted + 32'd1;
    replayed_plus_3 <= window_2.replayed + 32'd1;
    rejected_plus_3 <= window_2.rejected + 32'd1;
  end

  wire newer_3 = later_block_3 || (same_block_3 && low_later_3);
  wire near_3 = same_block_3 || (next_block_3 && low_earlier_3);  // newer by less than 128
  wire inside_3 = (same_block_3 && !low_later_3) || (block_before_3 && low_later_3);  // older by less than 128
  wire fresh_3 = nonzero_3 && (newer_3 || (inside_3 && !seen_3));
  wire accept_3 = verdict_3 && window_3.active && ok_3 && fresh_3;

  always_comb begin
    decided_3 = window_3;
    if (accept_3) begin
      decided_3.accepted = accepted_plus_3;
      decided_3.ring = (newer_3 ? (near_3 ? window_3.ring & keep_3 : 128'd0) : window_3.ring) | onehot_3;
      if (newer_3) decided_3.top = n_3;
    end else if (verdict_3 && window_3.active) begin
      if (ok_3) decided_3.replayed = replayed_plus_3;
      else decided_3.rejected = rejected_plus_3;
    end else if (!verdict_3 && !read_3) begin
      decided_3 = {WINDOW_BITS{1'b0}};
      decided_3.active = active_3;
    end
  end

  always_ff @(posedge clk) begin
    window_4 <= decided_3;
    window_5 <= window_4;
    sa_4 <= sa_3;
    accept <= accept_3;
    accept_valid <= valid_3 && verdict_3 && !rst;
    read_valid <= valid_3 && read_3 && !rst;
  end

  always_ff @(posedge clk) begin
    {valid_4, valid_3, valid_2, valid_1} <= {valid_3, valid_2, valid_1, command_taken || verdict_taken};
    if (rst) {valid_4, valid_3, valid_2, valid_1} <= 4'd0;
  end

  assign read_top = window_4.top;
  assign read_accepted = window_4.accepted;
  assign read_replayed = window_4.replayed;
  assign read_rejected = window_4.rejected;

  `SAPULSE_ASSERT(clk, rst, !(sweep_valid && (valid_4 || verdict_taken || command_taken)), "operation before the sweep has ended")
  `SAPULSE_ASSERT(clk, rst, !(valid_1 && valid_2), "two operations in a row")
  `SAPULSE_ASSERT(clk, rst, !(valid_4 && window_4.active && window_4.top != 64'd0 && !window_4.ring[window_4.top[6:0]]),
                  "the highest number accepted is not marked as seen")

endmodule

`default_nettype wire
