// SPDX-License-Identifier: Apache-2.0
// UDP checksums of answers over IPv6 (RFC 8200 section 8.1): summed up while the frame enters the FIFO of whole frames, put in when
// it leaves. Other frames leave as they come, without delay; over IPv4 the field stays 0 (RFC 3948).
//
// DEPTH: at most so many between job and out, a power of two.
// job: one per frame, before its first beat. The field of a frame that wants a checksum is 0 so far.
// entered: this beat has been written into the FIFO. in: from the FIFO; out: the same with checksums, in the same cycle.
// A frame that wants one leaves five cycles after its last beat was written, at the earliest.
// fifo_fault: of one of the FIFOs in here; see sync_fifo.
`default_nettype none
`include "sapulse_assert.svh"

module udp_checksum #(
    parameter int unsigned DEPTH = 64
) (
    input wire clk,
    input wire rst,

    stream_if.sink job,  // checksum_job_t

    input wire                   entered,
    /* verilator lint_off UNUSEDSIGNAL */  // an answer is never marked bad
    input sapulse_pkg::axis_beat entered_beat,
    /* verilator lint_on UNUSEDSIGNAL */

    stream_if.sink   in,  // axis_beat, as the next
    stream_if.source out,

    output logic fifo_fault
);

  logic [2:0] fifo_faults;
  assign fifo_fault = |fifo_faults;

  // Offsets in a frame without tags, in words of 16 bits. What is summed begins with the addresses; the UDP length counts twice.
  localparam int unsigned IP = sapulse_pkg::ETHERNET_BYTES;
  localparam int unsigned UDP = IP + sapulse_pkg::IPV6_BYTES;
  localparam int unsigned ADDRESSES_WORD = (IP + sapulse_pkg::IPV6_SOURCE) / 2;
  localparam int unsigned LENGTH_WORD = (UDP + sapulse_pkg::UDP_LENGTH) / 2;
  localparam int unsigned CHECKSUM_WORD = (UDP + sapulse_pkg::UDP_CHECKSUM) / 2;
  localparam int unsigned TAG_WORDS = sapulse_pkg::VLAN_BYTES / 2;

  localparam int unsigned WORDS = sapulse_pkg::BEAT_BYTES / 2;
  localparam int unsigned GROUP = 4;  // words that are added in the first cycle
  localparam int unsigned GROUPS = WORDS / GROUP;
  // Beats that may have one of these words; the others have the number BEATS.
  localparam int unsigned BEATS = (CHECKSUM_WORD + sapulse_pkg::VLAN_TAGS_MAX * TAG_WORDS) / WORDS + 1;
  localparam int unsigned BEAT_W = $clog2(BEATS + 1);
  localparam int unsigned SUM_W = 32;
  // The sum does not care about the order of bytes (RFC 1071), so words are as they stand in the beat, and so is this one.
  localparam logic [15:0] NEXT_HEADER = {sapulse_pkg::PROTOCOL_UDP, 8'h00};

  // By how many words a word of a beat is behind `offset`, a word of the frame without tags.
  function automatic int distance(input logic [BEAT_W-1:0] number, input int unsigned word, input int unsigned offset,
                                  input logic [1:0] tags);
    distance = int'(32'(number) * WORDS + word) - int'(offset + 32'(tags) * TAG_WORDS);
  endfunction

  function automatic logic [BEAT_W-1:0] next_beat(input logic [BEAT_W-1:0] number, input logic last);
    if (last) next_beat = '0;
    else next_beat = number == BEAT_W'(BEATS) ? number : number + 1'b1;
  endfunction

  // Jobs for both ends.
  stream_if #(datapath_pkg::checksum_job_t) new_entering (), new_leaving (), entering (), leaving ();

  assign job.ready = new_entering.ready && new_leaving.ready;
  assign new_entering.valid = job.valid && job.ready;
  assign new_entering.data = job.data;
  assign new_leaving.valid = job.valid && job.ready;
  assign new_leaving.data = job.data;
  sync_fifo #(.DEPTH(DEPTH)) u_entering (.clk, .rst, .in(new_entering), .out(entering), .fault(fifo_faults[0]));
  sync_fifo #(.DEPTH(DEPTH)) u_leaving (.clk, .rst, .in(new_leaving), .out(leaving), .fault(fifo_faults[1]));

  // Stage 1: sums of a few words, of those bytes that count.
  logic [BEAT_W-1:0] beat;
  logic [GROUPS-1:0][17:0] new_group, group;
  logic [15:0] word_data, new_length, length;
  logic group_valid, group_first, group_last;

  assign entering.ready = entered && entered_beat.last;

  always_comb begin
    new_group = '0;
    new_length = '0;
    for (int unsigned word = 0; word < WORDS; word++) begin
      word_data = entered_beat.data[16*word+:16] & {{8{entered_beat.keep[2*word+1]}}, {8{entered_beat.keep[2*word]}}};
      if (distance(beat, word, ADDRESSES_WORD, entering.data.tags) >= 0) new_group[word/GROUP] += 18'(word_data);
      if (distance(beat, word, LENGTH_WORD, entering.data.tags) == 0) new_length = word_data;
    end
  end

  always_ff @(posedge clk) begin
    if (entered) beat <= next_beat(beat, entered_beat.last);
    group <= new_group;
    length <= new_length;
    group_valid <= entered && entering.data.wanted && !rst;
    group_first <= beat == '0;
    group_last <= entered_beat.last;
    if (rst) beat <= '0;
  end

  // Stage 2: the sum of the beat.
  logic [SUM_W-1:0] new_beat_sum, beat_sum, sum;
  logic beat_valid, beat_first, beat_last, sum_valid;

  always_comb begin
    new_beat_sum = SUM_W'(length) + (group_first ? SUM_W'(NEXT_HEADER) : '0);
    for (int i = 0; i < GROUPS; i++) new_beat_sum += SUM_W'(group[i]);
  end

  // Stage 3: that of the frame.
  always_ff @(posedge clk) begin
    beat_sum <= new_beat_sum;
    beat_valid <= group_valid && !rst;
    beat_first <= group_first;
    beat_last <= group_last;
    if (beat_valid) sum <= beat_first ? beat_sum : sum + beat_sum;
    sum_valid <= beat_valid && beat_last && !rst;
  end

  // Stage 4: with the carries added; a checksum of 0 would mean that there is none.
  logic [16:0] folded;
  logic [15:0] complement;
  stream_if #(logic [15:0]) new_checksum (), checksum ();

  assign folded = 17'(sum[15:0]) + 17'(sum[31:16]);
  assign complement = ~(folded[15:0] + 16'(folded[16]));
  assign new_checksum.valid = sum_valid;
  assign new_checksum.data = complement == '0 ? '1 : complement;
  sync_fifo #(.DEPTH(DEPTH)) u_checksums (.clk, .rst, .in(new_checksum), .out(checksum), .fault(fifo_faults[2]));

  // The frame leaves.
  logic [BEAT_W-1:0] leaving_beat;
  logic go, ends;

  assign go = !leaving.data.wanted || checksum.valid;
  assign out.valid = in.valid && go;
  assign in.ready = out.ready && go;
  assign ends = in.valid && in.ready && in.data.last;
  assign leaving.ready = ends;
  assign checksum.ready = ends && leaving.data.wanted;
  always_comb begin
    out.data = in.data;
    for (int unsigned word = 0; word < WORDS; word++) begin
      if (leaving.data.wanted && distance(leaving_beat, word, CHECKSUM_WORD, leaving.data.tags) == 0)
        out.data.data[16*word+:16] = checksum.data;
    end
  end

  always_ff @(posedge clk) begin
    if (in.valid && in.ready) leaving_beat <= next_beat(leaving_beat, in.data.last);
    if (rst) leaving_beat <= '0;
  end

  `SAPULSE_ASSERT(clk, rst, !entered || entering.valid, "udp_checksum: a frame without a job")
  `SAPULSE_ASSERT(clk, rst, !in.valid || leaving.valid, "udp_checksum: a frame leaves without a job")
  `SAPULSE_ASSERT(clk, rst, !new_checksum.valid || new_checksum.ready, "udp_checksum: more frames than DEPTH")

endmodule

`default_nettype wire
