// SPDX-License-Identifier: Apache-2.0
// tx_arbiter with beats cut down to what its test looks at.
`default_nettype none

module tx_arbiter_bench (
    input wire clk,
    input wire rst,

    input  wire  [23:0] share,
    input  wire         stop,
    input  wire         core_damaged,
    input  wire         core_good,
    input  wire         core_valid,
    output logic        core_ready,
    input  wire  [31:0] core_data,
    input  wire         core_last,
    input  wire  [ 6:0] core_bytes,  // of this beat
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

  localparam int unsigned DATA_W = 8 * sapulse_pkg::BEAT_BYTES;

  stream_if #(datapath_pkg::counted_beat_t) core ();
  stream_if #(sapulse_pkg::axis_beat) reply (), host (), line ();
  stream_if #(datapath_pkg::answer_t) answer ();
  datapath_pkg::ending_t sent;
  sa_pkg::passage_t leave;

  // The last beat of a customer's frame is marked bad unless core_good, to see that the mark leaves with it.
  assign core.valid = core_valid;
  assign core_ready = core.ready;
  assign core.data = '{
      bytes: core_bytes,
      beat: '{
          user: core_last && !core_good,
          last: core_last,
          keep: ~({sapulse_pkg::BEAT_BYTES{1'b1}} << core_bytes),
          data: DATA_W'(core_data)
      }
  };
  assign reply.valid = reply_valid;
  assign reply_ready = reply.ready;
  assign reply.data = '{user: 1'b0, last: reply_last, keep: '0, data: DATA_W'(reply_data)};
  assign host.valid = host_valid;
  assign host_ready = host.ready;
  assign host.data = '{user: 1'b0, last: host_last, keep: '0, data: DATA_W'(host_data)};

  assign line_valid = line.valid;
  assign line.ready = line_ready;
  assign line_data = line.data.data[31:0];
  assign line_last = line.data.last;
  assign line_user = line.data.user;

  assign answer.valid = answer_valid;
  assign answer_ready = answer.ready;
  assign answer.data = '{counter: answer_counter, from_line: 1'b1, entered: answer_entered, epoch: answer_epoch};
  assign counter_valid = sent.valid;
  assign counter = sent.counter;
  assign leave_valid = leave.valid;
  assign leave_epoch = leave.epoch;

  tx_arbiter u_dut (
      .clk, .rst,
      .share, .stop, .core, .reply, .host, .line,
      .core_sums(datapath_pkg::sums_t'(core_damaged)),
      .answer, .sent, .leave
  );

endmodule

`default_nettype wire
