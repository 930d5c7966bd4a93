// SPDX-License-Identifier: Apache-2.0
// Brings answers and messages of the card's own into one order in front of the kernel seal, packet by packet.
//
// A packet is chosen when its job is there: its beats follow for certain. The sources take turns when both have one. Between two packets
// there is no pause.
// reply_*, request_*: beats, and for each packet its seal job and what follows it (`meta`: anything). Out: beats, jobs and `meta` in the same
// order. All valid/ready.
`default_nettype none

module seal_mux #(
    parameter int unsigned META_BITS = 8,
    parameter int unsigned SEALING = 32  // packets in seal and behind it whose `meta` has not been taken
) (
    input wire clk,
    input wire rst,

    input  wire                                            reply_valid,
    output logic                                           reply_ready,
    input  wire sapulse_pkg::payload_beat            reply,
    input  wire                                            reply_job_valid,
    output logic                                           reply_job_ready,
    input  wire sapulse_pkg::seal_job                reply_job,
    input  wire                            [META_BITS-1:0] reply_meta,

    input  wire                                            request_valid,
    output logic                                           request_ready,
    input  wire sapulse_pkg::payload_beat            request,
    input  wire                                            request_job_valid,
    output logic                                           request_job_ready,
    input  wire sapulse_pkg::seal_job                request_job,
    input  wire                            [META_BITS-1:0] request_meta,

    output logic                                           out_valid,
    input  wire                                            out_ready,
    output sapulse_pkg::payload_beat                 out,
    output logic                                           job_valid,
    input  wire                                            job_ready,
    output sapulse_pkg::seal_job                     job,
    output logic                                           meta_valid,
    input  wire                                            meta_ready,
    output logic                           [META_BITS-1:0] meta
);

  logic active, from_request, request_turn, choose, choice, job_room, meta_room, ending;

  assign choice = request_job_valid && (request_turn || !reply_job_valid);
  assign choose = (reply_job_valid || request_job_valid) && (!active || ending) && job_room && meta_room;
  assign reply_job_ready = choose && !choice;
  assign request_job_ready = choose && choice;

  assign out = from_request ? request : reply;
  assign out_valid = active && (from_request ? request_valid : reply_valid);
  assign reply_ready = active && !from_request && out_ready;
  assign request_ready = active && from_request && out_ready;
  assign ending = out_valid && out_ready && out.last;

  always_ff @(posedge clk) begin
    if (choose) begin
      active <= 1'b1;
      from_request <= choice;
      request_turn <= !choice;
    end else if (ending) begin
      active <= 1'b0;
    end
    if (rst) begin
      active <= 1'b0;
      request_turn <= 1'b0;
    end
  end

  // A kernel is ready only when it has been offered something; a FIFO in front of it has room before that.
  sync_fifo #(
      .WIDTH($bits(job)),
      .DEPTH(2)
  ) u_jobs (
      .clk,
      .rst,
      .in_valid(choose),
      .in_ready(job_room),
      .in_data(choice ? request_job : reply_job),
      .out_valid(job_valid),
      .out_ready(job_ready),
      .out_data(job)
  );

  sync_fifo #(
      .WIDTH(META_BITS),
      .DEPTH(SEALING)
  ) u_metas (
      .clk,
      .rst,
      .in_valid(choose),
      .in_ready(meta_room),
      .in_data(choice ? request_meta : reply_meta),
      .out_valid(meta_valid),
      .out_ready(meta_ready),
      .out_data(meta)
  );

endmodule

`default_nettype wire
