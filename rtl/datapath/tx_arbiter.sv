// SPDX-License-Identifier: Apache-2.0
// Line TX: customer frames first, then answers and messages of the card's own, then frames from the host; whole frames, one beat a cycle.
// Answers and frames from the host arrive without gaps and leave without gaps. Customer frames leave with the gaps they came with.
//
// core_*, reply_*, host_*: beats {user, last, keep, data}, valid/ready. line_*: the same, from registers.
// answer_*: what each answer leaves for its end, in order. counter_*: which kind of frame has left, if it is not a customer's;
// leave_*: an answer of that epoch has left.
`default_nettype none
`include "sapulse_assert.svh"

module tx_arbiter (
    input wire clk,
    input wire rst,

    input  wire          core_valid,
    output logic         core_ready,
    input  wire  [577:0] core_beat,
    input  wire          reply_valid,
    output logic         reply_ready,
    input  wire  [577:0] reply_beat,
    input  wire          host_valid,
    output logic         host_ready,
    input  wire  [577:0] host_beat,

    output logic         line_valid,
    input  wire          line_ready,
    output logic [577:0] line_beat,

    input  wire                    answer_valid,
    output logic                   answer_ready,
    input  datapath_pkg::answer_t  answer,

    output logic       counter_valid,
    output logic [5:0] counter,
    output logic       leave_valid,
    output logic       leave_epoch
);

  localparam logic [1:0] FROM_CORE = 2'd0;
  localparam logic [1:0] FROM_REPLY = 2'd1;
  localparam logic [1:0] FROM_HOST = 2'd2;

  logic middle, out_valid, out_ready;
  logic [1:0] held, source, line_source;
  logic [577:0] out_beat;

  always_comb begin
    if (middle) source = held;
    else if (core_valid) source = FROM_CORE;
    else if (reply_valid) source = FROM_REPLY;
    else source = FROM_HOST;
    case (source)
      FROM_CORE: begin
        out_valid = core_valid;
        out_beat = core_beat;
      end
      FROM_REPLY: begin
        out_valid = reply_valid;
        out_beat = reply_beat;
      end
      default: begin
        out_valid = host_valid;
        out_beat = host_beat;
      end
    endcase
  end
  assign core_ready = out_ready && source == FROM_CORE;
  assign reply_ready = out_ready && source == FROM_REPLY;
  assign host_ready = out_ready && source == FROM_HOST;

  always_ff @(posedge clk) begin
    if (out_valid && out_ready) begin
      middle <= !out_beat[576];
      held <= source;
    end
    if (rst) middle <= 1'b0;
  end

  axis_register #(
      .WIDTH(580)
  ) u_line (
      .clk,
      .rst,
      .in_valid(out_valid),
      .in_ready(out_ready),
      .in_data({source, out_beat}),
      .out_valid(line_valid),
      .out_ready(line_ready),
      .out_data({line_source, line_beat})
  );

  // A frame has left when its last beat has been taken.
  logic left;
  assign left = line_valid && line_ready && line_beat[576];
  assign answer_ready = left && line_source == FROM_REPLY;
  assign counter_valid = left && line_source != FROM_CORE;
  always_comb begin
    if (line_source == FROM_HOST) counter = sapulse_pkg::COUNTER_FRAMES_FROM_HOST;
    else counter = answer.counter;
  end
  assign leave_valid = answer_ready && answer.entered;
  assign leave_epoch = answer.epoch;

  logic unused_line;  // control_path counts these
  assign unused_line = answer.from_line;

  `SAPULSE_ASSERT(clk, rst, !answer_ready || answer_valid, "tx_arbiter: an answer that nobody has announced")

endmodule

`default_nettype wire
