// SPDX-License-Identifier: Apache-2.0
// Makes exceptions (sapulse_pkg::exception_t, four beats, field count left 0) out of frames and of opened packets.
// A frame longer than the snapshot is read to its end; so is one for which there is no room, which is then lost.
//
// raw: frames as they came; plain: opened nested packets, without what follows the plaintext. Each has a job per frame.
// A plain job that is a copy is about a packet that has ended or goes elsewhere: there are no beats, and no snapshot but the place
// of a peer that has moved.
// built: without waiting; room says at the start of an exception that all of it fits. begun: this is its first beat.
// lost, lost_leave: a frame for which there was no room, and had entered (sa_tables). Neither is raised together with hold.
`default_nettype none
`include "sapulse_assert.svh"

module exception_builder (
    input wire clk,
    input wire rst,

    stream_if.sink raw_job,    // control_job_t
    stream_if.sink raw,        // payload_beat
    stream_if.sink plain_job,  // control_job_t
    stream_if.sink plain,      // payload_beat

    stream_if.source built,  // exception_beat_t
    output logic     begun,
    input  wire      room,

    input  wire                   hold,
    output datapath_pkg::ending_t lost,
    output sa_pkg::passage_t      lost_leave
);

  // Needs 64-byte beats: the fields are written as one beat, as a place is; narrower ones would cut them off.
  localparam int unsigned FIELD_BYTES = sapulse_pkg::EXCEPTION_BYTES - sapulse_pkg::SNAPSHOT_BYTES;
  localparam int unsigned BEAT_BYTES = sapulse_pkg::BEAT_BYTES;
  localparam int unsigned SNAPSHOT_BEATS = sapulse_pkg::SNAPSHOT_BYTES / BEAT_BYTES;
  localparam int unsigned BEAT_W = $clog2(SNAPSHOT_BEATS);
  localparam logic [13:0] SNAPSHOT_BYTES = 14'(sapulse_pkg::SNAPSHOT_BYTES);
  localparam logic [BEAT_W-1:0] LAST_BEAT = BEAT_W'(SNAPSHOT_BEATS - 1);

  if (BEAT_BYTES * SNAPSHOT_BEATS != sapulse_pkg::SNAPSHOT_BYTES || FIELD_BYTES % BEAT_BYTES != 0) begin : g_layout
    $error("exception_builder: fields and snapshot are whole beats");
  end

  typedef enum logic [1:0] {
    STATE_HEAD,  // waits for a job, writes the fields
    STATE_BODY,  // writes the snapshot
    STATE_PAD,   // the frame is shorter than the snapshot; or there is only a place
    STATE_DRAIN  // the frame is longer
  } state_t;

  state_t state;
  logic [BEAT_W-1:0] beat;
  logic from_plain, plain_turn, choice, start;  // from_plain: the source of the frame in hand
  logic [7:0] left;                             // bytes of the snapshot still to come
  datapath_pkg::control_job_t job;
  /* verilator lint_off UNUSEDSIGNAL */  // an exception does not tell all of the record
  sapulse_pkg::record_t record;
  /* verilator lint_on UNUSEDSIGNAL */

  // The sources take turns when both wait. A frame waits when its first beat is there: its job may be far ahead, and in between may
  // be packets that go through open and end up here, in front of which the builder must not stand still.
  logic raw_waits;
  assign raw_waits = raw_job.valid && raw.valid;
  assign choice = plain_job.valid && (plain_turn || !raw_waits);
  assign job = choice ? plain_job.data : raw_job.data;
  assign record = job.job.record;
  assign start = state == STATE_HEAD && (raw_waits || plain_job.valid) && (room || !hold);
  assign raw_job.ready = start && !choice;
  assign plain_job.ready = start && choice;

  // Fields.
  localparam logic [13:0] PLAIN_OVERHEAD = 14'(sapulse_pkg::CONTROL_BYTES + sapulse_pkg::ICV_BYTES);
  logic [7:0] available;  // unless there is more than the snapshot takes
  logic exceeds;          // there is
  logic [7:0] captured;
  logic nested;  // the exception is about the nested packet
  logic bare;    // no beats
  logic moved;   // the packet leaves elsewhere, and the snapshot is where it has come from
  sapulse_pkg::place_t place, told;
  /* verilator lint_off UNUSEDSIGNAL */  // the snapshot comes in beats of its own
  sapulse_pkg::exception_t fields;
  /* verilator lint_on UNUSEDSIGNAL */

  assign available = choice ? 8'(record.control.length[13:0] - PLAIN_OVERHEAD) : job.frame_length[7:0];
  assign exceeds = choice ? record.control.length[13:0] > SNAPSHOT_BYTES + PLAIN_OVERHEAD
                          : job.frame_length[13:0] > SNAPSHOT_BYTES;
  assign bare = choice && job.job.copy;
  assign moved = bare && job.job.cause == sapulse_pkg::CAUSE_PEER_MOVED;
  always_comb begin
    if (bare) captured = moved ? 8'(sapulse_pkg::PLACE_BYTES) : 8'd0;
    else captured = exceeds ? SNAPSHOT_BYTES[7:0] : available[7:0];
  end
  assign nested = choice || job.job.cause == sapulse_pkg::CAUSE_UNKNOWN_SPI;

  place_encode u_place (.record, .place);

  always_comb begin
    fields = '0;
    fields.cause = 8'(job.job.cause);
    fields.flags = {6'd0, choice && !bare, choice};
    fields.frame_length = job.frame_length;
    if (choice) fields.sa = 32'(job.job.sa);
    fields.time_ns = job.received;
    fields.spi = nested ? record.control.subject : record.l4.spi;
    fields.sequence_number = nested ? record.control.nested_seq : record.l4.seq;
    fields.payload_end = record.l4.limit[15:0];
    fields.esp_offset = record.l4.offset;
    fields.encapsulation = {record.l2.tags, 1'b0, record.l3.v6, 2'b00, record.l4.encap};
    fields.captured = captured;
    if (nested) fields.n = record.control.n;
    if (job.job.cause != sapulse_pkg::CAUSE_UNKNOWN_SPI_DATA) begin
      fields.code = record.control.code;
      fields.message = record.control.message;
      fields.transaction = record.control.transaction;
      fields.token_nonce = record.control.token_nonce;
      if (record.control.no_answer) fields.control_flags = sapulse_pkg::CONTROL_FLAG_NO_ANSWER;
    end
  end

  // Snapshot: zero beyond what is valid.
  sapulse_pkg::payload_beat in;
  logic [8*BEAT_BYTES-1:0] masked;
  logic take;

  assign in = from_plain ? plain.data : raw.data;
  assign take = (from_plain ? plain.valid : raw.valid) && (state == STATE_BODY || state == STATE_DRAIN);
  assign raw.ready = take && !from_plain;
  assign plain.ready = take && from_plain;

  always_comb begin
    masked = '0;
    for (int i = 0; i < BEAT_BYTES; i++) begin
      if (left > 8'(i)) masked[8*i+:8] = in.data[8*i+:8];
    end
  end

  always_ff @(posedge clk) begin
    case (state)
      STATE_HEAD:
      if (start) begin
        from_plain <= choice;
        plain_turn <= !choice;
        left <= captured;
        beat <= '0;
        told <= moved ? place : '0;
        if (bare) state <= room ? STATE_PAD : STATE_HEAD;
        else state <= room ? STATE_BODY : STATE_DRAIN;
      end
      STATE_BODY:
      if (take) begin
        left <= left > 8'(BEAT_BYTES) ? left - 8'(BEAT_BYTES) : 8'd0;
        beat <= beat + 1'b1;
        if (beat == LAST_BEAT) state <= in.last ? STATE_HEAD : STATE_DRAIN;
        else if (in.last) state <= STATE_PAD;
      end
      STATE_PAD: begin
        beat <= beat + 1'b1;
        told <= '0;
        if (beat == LAST_BEAT) state <= STATE_HEAD;
      end
      default: if (take && in.last) state <= STATE_HEAD;
    endcase
    if (rst) begin
      state <= STATE_HEAD;
      plain_turn <= 1'b0;
    end
  end

  logic first;
  always_ff @(posedge clk) begin
    case (state)
      STATE_HEAD: built.data.beat.data <= fields[8*BEAT_BYTES-1:0];
      STATE_BODY: built.data.beat.data <= masked;
      default: built.data.beat.data <= told[8*BEAT_BYTES-1:0];
    endcase
    built.data.beat.last <= state != STATE_HEAD && beat == LAST_BEAT;
    built.valid <= !rst && ((start && room) || (state == STATE_BODY && take) || state == STATE_PAD);
    first <= state == STATE_HEAD;
    if (start) begin
      built.data.copy <= job.job.copy;
      built.data.entered <= choice && !moved;
      built.data.epoch <= job.job.epoch;
    end
  end
  assign begun = built.valid && first;

  assign lost.valid = start && !room;
  assign lost.counter = job.job.copy ? sapulse_pkg::COUNTER_COPIES_LIMITED : sapulse_pkg::COUNTER_DROP_OVERFLOW;
  assign lost_leave = '{valid: lost.valid && choice && !moved, epoch: job.job.epoch};

  `SAPULSE_ASSERT(clk, rst, !(lost.valid && hold), "exception_builder: lost while held")

endmodule

`default_nettype wire
