// SPDX-License-Identifier: Apache-2.0
// Seals answers and messages of the card's own: seal_mux and the kernel seal.
//
// replied, request: packets in the clear; seal_order, request_order: one a packet, what seal and answer_path need for it.
// sealed, sealed_icv, sealed_header: sealed packets, to answer_path.
// fifo_fault: of one of the FIFOs or kernels in here; see sync_fifo.
`default_nettype none

module seal_path (
    input wire clk,
    input wire rst,

    stream_if.sink replied,        // payload_beat
    stream_if.sink seal_order,     // seal_order_t
    stream_if.sink request,        // payload_beat
    stream_if.sink request_order,  // seal_order_t

    stream_if.source sealed,        // payload_beat
    stream_if.source sealed_icv,    // icv_t
    stream_if.source sealed_header,  // header_order_t

    output logic fifo_fault
);

  logic [2:0] fifo_faults;
  assign fifo_fault = |fifo_faults;

  stream_if #(sapulse_pkg::payload_beat) clear ();
  stream_if #(sapulse_pkg::seal_job) seal_job ();
  stream_if #(sapulse_pkg::icv_t) new_icv ();

  seal_mux u_mux (
      .clk, .rst,
      .replied, .seal_order,
      .request, .request_order,
      .clear, .seal_job, .sealed_header,
      .fifo_fault(fifo_faults[0])
  );

  seal u_seal (
      .ap_clk(clk), .ap_rst_n(!rst),
      .job_tdata(seal_job.data), .job_tvalid(seal_job.valid), .job_tready(seal_job.ready),
      .reply_tdata(clear.data), .reply_tvalid(clear.valid), .reply_tready(clear.ready),
      .sealed_tdata(sealed.data), .sealed_tvalid(sealed.valid), .sealed_tready(sealed.ready),
      .icv_tdata(new_icv.data), .icv_tvalid(new_icv.valid), .icv_tready(new_icv.ready),
      .memory_fault(fifo_faults[2])
  );

  // An ICV waits here while assemble is busy with a long packet.
  bypass_fifo #(.DEPTH(16)) u_icvs (.clk, .rst, .in(new_icv), .out(sealed_icv), .fault(fifo_faults[1]));

endmodule

`default_nettype wire
