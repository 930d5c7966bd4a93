// SPDX-License-Identifier: Apache-2.0
// tx_arbiter with beats cut down to what its test looks at.
`default_nettype none

module tx_arbiter_bench (
    input wire clk,
    input wire rst,

    input  wire         core_valid,
    output logic        core_ready,
    input  wire  [31:0] core_data,
    input  wire         core_last,
    input  wire         reply_valid,
    output logic        reply_ready,
    input  wire  [31:0] reply_data,
    input  wire         reply_last,
    input  wire         host_valid,
    output logic        host_ready,
    input  wire  [31:0] host_data,
    input  wire         host_last,
    output logic        line_valid,
    input  wire         line_ready,
    output logic [31:0] line_data,
    output logic        line_last,
    output logic        line_user,

    input  wire         answer_valid,
    output logic        answer_ready,
    input  wire  [ 5:0] answer_counter,
    input  wire         answer_entered,
    input  wire         answer_epoch,
    output logic        counter_valid,
    output logic [ 5:0] counter,
    output logic        leave_valid,
    output logic        leave_epoch
);

  datapath_pkg::answer_t answer;
  /* verilator lint_off UNUSEDSIGNAL */
  logic [577:0] line_beat;
  /* verilator lint_on UNUSEDSIGNAL */

  assign answer.counter = answer_counter;
  assign answer.from_line = 1'b1;
  assign answer.entered = answer_entered;
  assign answer.epoch = answer_epoch;
  assign line_data = line_beat[31:0];
  assign line_last = line_beat[576];
  assign line_user = line_beat[577];

  tx_arbiter dut (
      .clk,
      .rst,
      .core_valid,
      .core_ready,
      .core_beat({core_last, core_last, 544'd0, core_data}),
      .reply_valid,
      .reply_ready,
      .reply_beat({1'b0, reply_last, 544'd0, reply_data}),
      .host_valid,
      .host_ready,
      .host_beat({1'b0, host_last, 544'd0, host_data}),
      .line_valid,
      .line_ready,
      .line_beat,
      .answer_valid,
      .answer_ready,
      .answer,
      .counter_valid,
      .counter,
      .leave_valid,
      .leave_epoch
  );

endmodule

`default_nettype wire
