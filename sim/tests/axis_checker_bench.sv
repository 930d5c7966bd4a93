// SPDX-License-Identifier: Apache-2.0
// axis_checker behind loose ports, all of them inputs.
`default_nettype none

module axis_checker_bench (
    input wire clk, rst, tvalid, tready, tlast, tuser,
    input wire [8*sapulse_pkg::BEAT_BYTES-1:0] tdata,
    input wire [sapulse_pkg::BEAT_BYTES-1:0]   tkeep
);

  stream_if #(sapulse_pkg::axis_beat) stream ();
  assign stream.valid = tvalid, stream.ready = tready;
  assign stream.data = '{user: tuser, last: tlast, keep: tkeep, data: tdata};

  axis_checker u_checker (.clk, .rst, .stream);

endmodule

`default_nettype wire
