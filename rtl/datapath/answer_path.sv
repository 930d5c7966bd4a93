// SPDX-License-Identifier: Apache-2.0
// Answers become frames: reply_mux, the kernels header and assemble, the FIFO that releases whole frames, UDP checksums.
//
// Long sealed packets leave before they are whole. From open_gate and request on their beats come one a cycle, and those with the
// ICV wait for it, less than LEAD cycles: so once LEAD beats are there, the rest comes in time. The beats of a clear echo come as
// align gets them, maybe with gaps.
// sealed to echo_header: see reply_mux. frame: without gaps; answer: one per frame, in their order.
// fifo_fault: of one of the FIFOs or kernels in here; see sync_fifo.
`default_nettype none
`include "sapulse_assert.svh"

module answer_path (
    input wire clk,
    input wire rst,

    stream_if.sink sealed,         // payload_beat
    stream_if.sink sealed_header,  // header_order_t
    stream_if.sink sealed_icv,     // icv_t
    stream_if.sink echo,           // payload_beat
    stream_if.sink echo_header,    // header_order_t

    stream_if.source frame,  // axis_beat
    stream_if.source answer,  // answer_t

    output logic fifo_fault
);

  logic [7:0] fifo_faults;
  assign fifo_fault = |fifo_faults;

  // The longest answer (145 beats of 64 bytes) and as much again while it leaves.
  localparam int unsigned FRAME_BEATS = 32768 / sapulse_pkg::BEAT_BYTES;
  // Answers between reply_mux and their last beat on line TX.
  localparam int unsigned ANSWERS = 64;
  localparam int unsigned LEAD = 8;
  localparam int unsigned LEAD_W = $clog2(LEAD + 1);

  stream_if #(sapulse_pkg::header_job) header_job ();
  stream_if #(sapulse_pkg::payload_beat) payload ();
  stream_if #(sapulse_pkg::icv_t) icv ();
  stream_if #(datapath_pkg::answer_t) new_answer ();

  reply_mux u_mux (
      .clk, .rst,
      .sealed, .sealed_header, .sealed_icv,
      .echo, .echo_header,
      .header_job, .payload, .icv,
      .answer(new_answer),
      .fifo_fault(fifo_faults[0])
  );

  stream_if #(sapulse_pkg::header_t) built (), frame_header ();

  header u_header (
      .ap_clk(clk), .ap_rst_n(!rst),
      .job_tdata(header_job.data), .job_tvalid(header_job.valid), .job_tready(header_job.ready),
      .out_tdata(built.data), .out_tvalid(built.valid), .out_tready(built.ready),
      .memory_fault(fifo_faults[6])
  );

  // Headers are ready before their payload: as many as there are packets in front of assemble.
  sync_fifo #(.DEPTH(16)) u_headers (.clk, .rst, .in(built), .out(frame_header), .fault(fifo_faults[1]));

  frame_write_if assembled ();
  logic assembled_valid;

  assemble u_assemble (
      .ap_clk(clk), .ap_rst_n(!rst),
      .header_tdata(frame_header.data), .header_tvalid(frame_header.valid), .header_tready(frame_header.ready),
      .icv_tdata(icv.data), .icv_tvalid(icv.valid), .icv_tready(icv.ready),
      .payload_tdata(payload.data), .payload_tvalid(payload.valid), .payload_tready(payload.ready),
      .frame_tdata(assembled.beat), .frame_tvalid(assembled_valid), .frame_tready(assembled.ready),
      .memory_fault(fifo_faults[7])
  );

  stream_if #(logic) new_kind (), kind ();  // 1: a clear echo
  logic [LEAD_W-1:0] written;  // beats of the frame, at most LEAD

  assign new_kind.valid = header_job.valid && header_job.ready;
  assign new_kind.data = header_job.data.echo;
  assign kind.ready = assembled.valid && assembled.beat.last;
  sync_fifo #(.DEPTH(ANSWERS)) u_kinds (.clk, .rst, .in(new_kind), .out(kind), .fault(fifo_faults[2]));

  always_ff @(posedge clk) begin
    if (assembled.valid && written != LEAD_W'(LEAD)) written <= written + 1'b1;
    if (kind.ready || rst) written <= '0;
  end

  assign assembled.valid = assembled_valid && assembled.ready;
  assign assembled.keep = assembled.beat.last || (written == LEAD_W'(LEAD) && !kind.data);

  stream_if #(sapulse_pkg::axis_beat) whole ();
  frame_fifo #(.DEPTH(FRAME_BEATS)) u_frames (.clk, .rst, .in(assembled), .out(whole), .fault(fifo_faults[3]));

  stream_if #(datapath_pkg::checksum_job_t) checksum_job ();
  assign checksum_job.valid = header_job.valid && header_job.ready;
  assign checksum_job.data = '{
      wanted: header_job.data.l3.v6 && header_job.data.encap == sapulse_pkg::ENCAP_UDP,
      tags: header_job.data.l2.tags
  };
  udp_checksum #(
      .DEPTH(ANSWERS)
  ) u_checksum (
      .clk, .rst,
      .job(checksum_job),
      .entered(assembled.valid),
      .entered_beat(assembled.beat),
      .in(whole),
      .out(frame),
      .fifo_fault(fifo_faults[4])
  );

  sync_fifo #(.DEPTH(ANSWERS)) u_answers (.clk, .rst, .in(new_answer), .out(answer), .fault(fifo_faults[5]));

  logic middle;  // of a frame on its way out
  always_ff @(posedge clk) begin
    if (frame.valid && frame.ready) middle <= !frame.data.last;
    if (rst) middle <= 1'b0;
  end
  `SAPULSE_ASSERT(clk, rst, !middle || frame.valid, "answer_path: a gap in an answer")

  // There are no more frames than answers announced.
  `SAPULSE_ASSERT(clk, rst, !assembled.valid || kind.valid, "answer_path: a frame of an unknown kind")
  `SAPULSE_ASSERT(clk, rst, !checksum_job.valid || checksum_job.ready, "answer_path: more headers than answers")
  `SAPULSE_ASSERT(clk, rst, !(assembled.valid && assembled.overflow), "answer_path: a beat of an answer is lost")
  `SAPULSE_ASSERT(clk, rst, !(assembled_valid && assembled.beat.user), "answer_path: assemble marks a frame bad")

endmodule

`default_nettype wire
