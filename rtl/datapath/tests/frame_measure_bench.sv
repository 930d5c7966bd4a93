// SPDX-License-Identifier: Apache-2.0
// frame_measure with loose ports.
`default_nettype none

module frame_measure_bench (
    input wire clk,
    input wire rst,

    input wire        beat_valid,
    input wire [63:0] beat_keep,
    input wire        beat_last,
    input wire        beat_user,

    output logic        measure_valid,
    input  wire         measure_ready,
    output logic [15:0] measure_length,
    output logic        measure_bad
);

  sapulse_pkg::axis_beat beat;
  assign beat = '{user: beat_user, last: beat_last, keep: beat_keep, data: '0};

  stream_if #(datapath_pkg::measure_t) measure ();
  assign measure_valid = measure.valid;
  assign measure.ready = measure_ready;
  assign measure_length = measure.data.length;
  assign measure_bad = measure.data.bad;

  frame_measure #(.DEPTH(128)) u_dut (.clk, .rst, .valid(beat_valid), .beat, .measure, .fifo_fault());

endmodule

`default_nettype wire
