// SPDX-License-Identifier: Apache-2.0
// Makes exceptions (four beats, layout `exception` in registers.yaml, field count left 0) out of frames and of opened packets.
// A frame longer than the snapshot is read to its end; so is one for which there is no room, which is then lost.
//
// raw_*: frames as they came; plain_*: opened nested packets, without what follows the plaintext. Each has a job per frame and beats,
// both valid/ready. A plain job that is a copy is about a packet that has ended: there are no beats, and no snapshot.
// out_*: no back-pressure; room says at the start of an exception that all of it fits. out_first comes with out_copy, out_entered
// and out_epoch: the frame has been passed on as well; it has entered (sa_tables) in that epoch.
// lost_*: a frame for which there was no room. It is not raised together with hold.
`default_nettype none
`include "sapulse_assert.svh"

module exception_builder (
    input wire clk,
    input wire rst,

    input  wire                        raw_job_valid,
    output logic                       raw_job_ready,
    input  datapath_pkg::control_job_t raw_job,
    input  wire                        raw_valid,
    output logic                       raw_ready,
    input  wire  [511:0]               raw_data,
    input  wire                        raw_last,

    input  wire                        plain_job_valid,
    output logic                       plain_job_ready,
    input  datapath_pkg::control_job_t plain_job,
    input  wire                        plain_valid,
    output logic                       plain_ready,
    input  wire  [511:0]               plain_data,
    input  wire                        plain_last,

    input  wire          room,
    output logic         out_valid,
    output logic [511:0] out_data,
    output logic         out_first,
    output logic         out_last,
    output logic         out_copy,
    output logic         out_entered,
    output logic         out_epoch,

    input  wire  hold,
    output logic lost_valid,
    output logic lost_copy,
    output logic lost_entered,
    output logic lost_epoch
);

  localparam int unsigned SNAPSHOT_BEATS = sapulse_pkg::SNAPSHOT_BYTES / 64;
  localparam logic [13:0] SNAPSHOT_BYTES = 14'(sapulse_pkg::SNAPSHOT_BYTES);
  localparam logic [1:0] LAST_BEAT = 2'(SNAPSHOT_BEATS - 1);

  if (64 * (SNAPSHOT_BEATS + 1) != sapulse_pkg::EXCEPTION_BYTES) begin : g_layout
    $error("exception_builder: an exception is one beat of fields and whole beats of snapshot");
  end

  localparam logic [1:0] STATE_HEAD = 2'd0;   // waits for a job, writes the fields
  localparam logic [1:0] STATE_BODY = 2'd1;   // writes the snapshot
  localparam logic [1:0] STATE_PAD = 2'd2;    // the frame is shorter than the snapshot
  localparam logic [1:0] STATE_DRAIN = 2'd3;  // the frame is longer

  logic [1:0] state, beat;
  logic plain, plain_turn, choice, start;  // plain: the source of the frame in hand
  logic [7:0] left;                        // bytes of the snapshot still to come
  datapath_pkg::control_job_t job;
  /* verilator lint_off UNUSEDSIGNAL */  // an exception does not tell all of the record
  sapulse_pkg::record_t record;
  /* verilator lint_on UNUSEDSIGNAL */

  // The sources take turns when both wait. A frame waits when its first beat is there: its job may be far ahead, and in between may be
  // packets that go through open and end up here, in front of which the builder must not stand still.
  logic raw_waits;
  assign raw_waits = raw_job_valid && raw_valid;
  assign choice = plain_job_valid && (plain_turn || !raw_waits);
  assign job = choice ? plain_job : raw_job;
  assign record = job.job.record;
  assign start = state == STATE_HEAD && (raw_waits || plain_job_valid) && (room || !hold);
  assign raw_job_ready = start && !choice;
  assign plain_job_ready = start && choice;

  // Fields.
  logic [13:0] available;
  logic [7:0] captured;
  logic nested;  // the exception is about the nested packet
  logic bare;    // no snapshot, no beats
  logic [511:0] head;

  assign available = choice ? record.control.length[13:0] - 14'(datapath_pkg::CONTROL_HEADER_BYTES + datapath_pkg::ICV_BYTES)
                            : job.frame_length[13:0];
  assign bare = choice && job.job.copy;
  assign captured = bare ? 8'd0 : available > SNAPSHOT_BYTES ? SNAPSHOT_BYTES[7:0] : available[7:0];
  assign nested = choice || job.job.cause == sapulse_pkg::CAUSE_UNKNOWN_SPI;

  always_comb begin
    head = '0;
    head[sapulse_pkg::DESC_EXCEPTION_CAUSE_LSB+:4] = job.job.cause;
    head[sapulse_pkg::DESC_EXCEPTION_FLAGS_LSB+:2] = {choice && !bare, choice};
    head[sapulse_pkg::DESC_EXCEPTION_FRAME_LENGTH_LSB+:16] = job.frame_length;
    if (choice) head[sapulse_pkg::DESC_EXCEPTION_SA_LSB+:datapath_pkg::SA_BITS] = job.job.sa;
    head[sapulse_pkg::DESC_EXCEPTION_TIME_LSB+:64] = job.received;
    head[sapulse_pkg::DESC_EXCEPTION_SPI_LSB+:32] = nested ? record.control.subject : record.l4.spi;
    head[sapulse_pkg::DESC_EXCEPTION_SEQUENCE_LSB+:32] = nested ? record.control.nested_seq : record.l4.seq;
    head[sapulse_pkg::DESC_EXCEPTION_PAYLOAD_END_LSB+:16] = record.l4.limit[15:0];
    head[sapulse_pkg::DESC_EXCEPTION_ESP_OFFSET_LSB+:8] = record.l4.offset;
    head[sapulse_pkg::DESC_EXCEPTION_ENCAPSULATION_LSB+:8] = {record.l2.tags, 1'b0, record.l3.v6, 2'b00, record.l4.encap};
    head[sapulse_pkg::DESC_EXCEPTION_CAPTURED_LSB+:8] = captured;
    if (nested) head[sapulse_pkg::DESC_EXCEPTION_N_LSB+:64] = record.control.n;
    if (job.job.cause != sapulse_pkg::CAUSE_UNKNOWN_SPI_DATA) begin
      head[sapulse_pkg::DESC_EXCEPTION_CODE_LSB+:8] = record.control.code;
      head[sapulse_pkg::DESC_EXCEPTION_MESSAGE_LSB+:8] = record.control.message;
      head[sapulse_pkg::DESC_EXCEPTION_TRANSACTION_LSB+:32] = record.control.transaction;
    end
  end

  // Snapshot: zero beyond what is valid.
  logic in_valid, in_last, take;
  logic [511:0] in_data, masked;

  assign in_valid = plain ? plain_valid : raw_valid;
  assign in_last = plain ? plain_last : raw_last;
  assign in_data = plain ? plain_data : raw_data;
  assign take = in_valid && (state == STATE_BODY || state == STATE_DRAIN);
  assign raw_ready = take && !plain;
  assign plain_ready = take && plain;

  always_comb begin
    masked = '0;
    for (int i = 0; i < 64; i = i + 1) begin
      if (left > 8'(i)) masked[8*i+:8] = in_data[8*i+:8];
    end
  end

  always_ff @(posedge clk) begin
    case (state)
      STATE_HEAD:
      if (start) begin
        plain <= choice;
        plain_turn <= !choice;
        left <= captured;
        beat <= 2'd0;
        if (bare) state <= room ? STATE_PAD : STATE_HEAD;
        else state <= room ? STATE_BODY : STATE_DRAIN;
      end
      STATE_BODY:
      if (take) begin
        left <= left > 8'd64 ? left - 8'd64 : 8'd0;
        beat <= beat + 2'd1;
        if (beat == LAST_BEAT) state <= in_last ? STATE_HEAD : STATE_DRAIN;
        else if (in_last) state <= STATE_PAD;
      end
      STATE_PAD: begin
        beat <= beat + 2'd1;
        if (beat == LAST_BEAT) state <= STATE_HEAD;
      end
      default: if (take && in_last) state <= STATE_HEAD;
    endcase
    if (rst) begin
      state <= STATE_HEAD;
      plain_turn <= 1'b0;
    end
  end

  always_ff @(posedge clk) begin
    out_data <= state == STATE_HEAD ? head : state == STATE_BODY ? masked : '0;
    out_first <= state == STATE_HEAD;
    out_last <= state != STATE_HEAD && beat == LAST_BEAT;
    out_valid <= !rst && ((start && room) || (state == STATE_BODY && take) || state == STATE_PAD);
    if (start) begin
      out_copy <= job.job.copy;
      out_entered <= choice;
      out_epoch <= job.job.epoch;
    end
  end

  assign lost_valid = start && !room;
  assign lost_copy = job.job.copy;
  assign lost_entered = choice;
  assign lost_epoch = job.job.epoch;

  `SAPULSE_ASSERT(clk, rst, !(lost_valid && hold), "exception_builder: lost while held")

endmodule

`default_nettype wire
