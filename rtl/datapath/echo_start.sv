// SPDX-License-Identifier: Apache-2.0
// Clear echo replies: their header jobs, and the echo header that their payload begins with.
//
// DEPTH: echoes between dispatch and reply_mux. echo: frames with ROUTE_ECHO. request: what align cuts out of them: header and data
// of the echo, in the same order. reply: the same with sub-type and flags of the reply.
// fifo_fault: of one of the FIFOs in here; see sync_fifo.
`default_nettype none

module echo_start #(
    parameter int unsigned DEPTH = 16
) (
    input wire clk,
    input wire rst,

    stream_if.sink   echo,         // control_job_t
    stream_if.source echo_header,  // header_order_t

    stream_if.sink   request,  // payload_beat, as the next
    stream_if.source reply,

    output logic fifo_fault
);

  stream_if #(datapath_pkg::header_order_t) new_order ();
  /* verilator lint_off UNUSEDSIGNAL */  // an echo has no control header
  sapulse_pkg::record_t record;
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
      spi: sapulse_pkg::SPI_ECHO_REPLY,
      seq: record.l4.seq,
      message: '0,
      code: '0,
      subject: '0,
      transaction: '0,
      token_nonce: '0,
      length: record.echo_length
  };
  assign new_order.data.answer = '{
      counter: sapulse_pkg::COUNTER_ECHO_ANSWERED,
      from_line: 1'b1,
      entered: 1'b0,
      epoch: 1'b0
  };

  sync_fifo #(.DEPTH(DEPTH)) u_orders (.clk, .rst, .in(new_order), .out(echo_header), .fault(fifo_fault));

  logic middle;  // of a packet

  assign request.ready = reply.ready;
  assign reply.valid = request.valid;
  always_comb begin
    reply.data = request.data;
    if (!middle) begin
      reply.data.data[8*sapulse_pkg::ECHO_SUBTYPE+:8] = sapulse_pkg::SUBTYPE_REPLY;
      reply.data.data[8*sapulse_pkg::ECHO_FLAGS+:8] = '0;
    end
  end

  always_ff @(posedge clk) begin
    if (request.valid && request.ready) middle <= !request.data.last;
    if (rst) middle <= 1'b0;
  end

endmodule

`default_nettype wire
