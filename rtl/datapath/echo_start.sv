// SPDX-License-Identifier: Apache-2.0
// Header jobs of clear echo replies.
//
// DEPTH: echoes between dispatch and reply_mux. echo: frames with ROUTE_ECHO.
`default_nettype none

module echo_start #(
    parameter int unsigned DEPTH = 16
) (
    input wire clk,
    input wire rst,

    stream_if.sink   echo,        // control_job_t
    stream_if.source echo_header  // header_order_t
);

  stream_if #(datapath_pkg::header_order_t) new_order ();
  /* verilator lint_off UNUSEDSIGNAL */  // an echo has no control header
  sapulse_types_pkg::record_t record;
  /* verilator lint_on UNUSEDSIGNAL */

  assign record = echo.data.job.record;
  assign echo.ready = new_order.ready;
  assign new_order.valid = echo.valid;
  assign new_order.data.header = '{
      echo: 1'b1,
      l2: record.l2,
      l3: record.l3,
      encap: record.l4.encap,
      sport: record.l4.sport,
      dport: record.l4.dport,
      spi: datapath_pkg::SPI_ECHO_REPLY,
      seq: record.l4.seq,
      message: '0,
      code: '0,
      subject: '0,
      transaction: '0,
      length: 14'(record.l4.limit - 17'(record.l4.payload))
  };
  assign new_order.data.answer = '{
      counter: sapulse_pkg::COUNTER_ECHO_ANSWERED,
      from_line: 1'b1,
      entered: 1'b0,
      epoch: 1'b0
  };

  sync_fifo #(.DEPTH(DEPTH)) u_orders (.clk, .rst, .in(new_order), .out(echo_header));

endmodule

`default_nettype wire
