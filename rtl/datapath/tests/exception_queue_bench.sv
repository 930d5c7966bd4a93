// SPDX-License-Identifier: Apache-2.0
// exception_queue with loose ports, for eight exceptions.
`default_nettype none

module exception_queue_bench #(
    localparam int unsigned DATA_W = 8 * sapulse_pkg::BEAT_BYTES
) (
    input wire clk,
    input wire rst,

    output logic              room,
    input  wire               in_valid,
    input  wire  [DATA_W-1:0] in_data,
    input  wire               in_first,
    input  wire               in_last,
    input  wire               in_copy,
    input  wire               in_entered,
    input  wire               in_epoch,

    input  wire               exc_room,
    output logic              exc_valid,
    input  wire               exc_ready,
    output logic [DATA_W-1:0] exc_data,
    output logic              exc_last,

    output logic              done_valid,
    output logic [5:0]        done_counter,
    output logic              done_entered,
    output logic              done_epoch
);

  stream_if #(datapath_pkg::exception_beat_t) built ();
  ring_entry_if exceptions ();
  datapath_pkg::ending_t done;
  sa_pkg::passage_t done_leave;

  assign built.valid = in_valid;
  assign built.data = '{copy: in_copy, entered: in_entered, epoch: in_epoch, beat: '{last: in_last, data: in_data}};
  assign exceptions.room = exc_room;
  assign exc_valid = exceptions.valid;
  assign exceptions.ready = exc_ready;
  assign exc_data = exceptions.beat.data;
  assign exc_last = exceptions.beat.last;
  assign done_valid = done.valid;
  assign done_counter = done.counter;
  assign done_entered = done_leave.valid;
  assign done_epoch = done_leave.epoch;

  exception_queue #(.EXCEPTIONS(8)) u_dut (
      .clk, .rst,
      .built,
      .begun(in_valid && in_first),
      .room, .exceptions, .done, .done_leave,
      .fifo_fault()
  );

endmodule

`default_nettype wire
