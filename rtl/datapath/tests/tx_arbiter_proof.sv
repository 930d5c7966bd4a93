// SPDX-License-Identifier: Apache-2.0
// tx_arbiter sends whole frames, each as it came and in the order of its source, and starves nobody: while a reply or a frame from
// the host waits, customers send `share` bytes and two frames at most, and a customer frame waits for one frame of the others. From
// stop on no frame of the others begins, and one that has begun ends with its next beat, marked bad, whatever its source does;
// customers wait for that beat alone.
`default_nettype none

module tx_arbiter_proof #(
    parameter int unsigned SHARE = 128,   // bytes
    parameter int unsigned LONGEST = 2    // beats of a frame
) (
    input wire clk,
    input wire restart,
    input wire [2:0] choose,
    input wire [2:0] valid,
    input wire [2:0] bits,
    input wire [2:0] last,
    input wire line_ready,
    input wire stops
);

  localparam int unsigned CORE = 0, REPLY = 1, HOST = 2;
  localparam int unsigned BEAT = sapulse_pkg::BEAT_BYTES;

  logic rst;
  proof_reset u_reset (.clk, .restart, .rst, .first());

  stream_if #(datapath_pkg::counted_beat_t) core ();
  stream_if #(sapulse_pkg::axis_beat) reply (), host (), line ();
  stream_if #(datapath_pkg::answer_t) answer ();
  datapath_pkg::ending_t sent;
  sa_pkg::passage_t leave;
  logic stop, stopped;  // stopped: stop was 1 in the cycle before, too
  always_ff @(posedge clk) begin
    stop <= !rst && (stop || stops);
    stopped <= !rst && stop;
  end
  tx_arbiter u_dut (
      .clk, .rst,
      .share(24'(SHARE)),
      .stop, .core, .reply, .host, .line,
      .core_sums('0),
      .answer, .sent, .leave
  );

  // A beat that tells whose it is: one free bit, the source, and whether it is the last.
  function automatic sapulse_pkg::axis_beat beat(input logic [1:0] source, input logic free, input logic ends);
    beat = '0;
    beat.data[2:0] = {source, free};
    beat.keep = '1;
    beat.last = ends;
  endfunction
  assign core.data = '{bytes: 7'(BEAT), beat: beat(2'(CORE), bits[CORE], last[CORE])}, core.valid = valid[CORE];
  assign reply.data = beat(2'(REPLY), bits[REPLY], last[REPLY]), reply.valid = valid[REPLY];
  assign host.data = beat(2'(HOST), bits[HOST], last[HOST]), host.valid = valid[HOST];
  assign line.ready = line_ready;
  assign answer.valid = 1'b1, answer.data = '0;

  logic [2:0] ready, taken;
  assign ready = {host.ready, reply.ready, core.ready};
  assign taken = valid & ready;

  // What the surroundings promise: an offered beat stays; frames are not longer than LONGEST; replies and frames from the host have
  // no gaps.
  logic [2:0] held, held_bits, held_last, middle;
  logic [2:0][1:0] length;  // beats of the frame under way that have been taken
  always_ff @(posedge clk) begin
    held <= rst ? '0 : valid & ~ready;
    held_bits <= bits;
    held_last <= last;
    for (int s = 0; s < 3; s++) begin
      if (taken[s]) length[s] <= last[s] ? '0 : length[s] + 1'b1;
      if (taken[s]) middle[s] <= !last[s];
    end
    if (rst) begin
      length <= '0;
      middle <= '0;
    end
  end
  always_comb begin
    assume ((held & ~valid) == '0);
    for (int s = 0; s < 3; s++) begin
      if (held[s]) assume (bits[s] == held_bits[s] && last[s] == held_last[s]);
      if (valid[s] && 32'(length[s]) == LONGEST - 1) assume (last[s]);
    end
    if (middle[REPLY]) assume (valid[REPLY] || stop);
    if (middle[HOST]) assume (valid[HOST] || stop);
  end

  // A beat of each source, chosen freely: it must leave after the beats of that source ahead of it, unchanged.
  logic leaves;
  logic [1:0] source;
  logic [2:0] chosen, chosen_bits, chosen_last;
  logic [2:0][1:0] present, ahead;  // beats of a source inside; of these, those ahead of the chosen one
  assign leaves = line.valid && line.ready;
  assign source = line.data.data[2:1];
  for (genvar s = 0; s < 3; s++) begin : g_source
    proof_word #(
        .COUNT_W(2),
        .DATA_W(2)
    ) u_word (
        .clk, .rst,
        .push(taken[s]),
        .push_data({bits[s], last[s]}),
        .pop(leaves && source == 2'(s)),
        .choose(choose[s]),
        .chosen(chosen[s]),
        .data({chosen_bits[s], chosen_last[s]}),
        .held(present[s]),
        .ahead(ahead[s])
    );
  end

  // Whole frames: the source changes only after a last beat.
  logic line_middle;
  logic [1:0] line_source;
  always_ff @(posedge clk) begin
    if (leaves) begin
      line_middle <= !line.data.last;
      line_source <= source;
    end
    if (rst) line_middle <= 1'b0;
  end

  // Bytes of customers that pass while a frame waits for its first beat to be taken.
  logic [2:0][15:0] passed;
  always_ff @(posedge clk) begin
    for (int s = REPLY; s <= HOST; s++) begin
      if (rst || !valid[s] || ready[s]) passed[s] <= '0;
      else if (taken[CORE]) passed[s] <= passed[s] + 16'(BEAT);
    end
  end

  // Frames of others that a waiting customer frame has seen start, and that a waiting reply has seen of the host, and the reverse.
  logic [2:0] starts;
  logic [1:0] before_core, before_reply, before_host;
  assign starts = taken & ~middle;
  always_ff @(posedge clk) begin
    before_core <= rst || !valid[CORE] || ready[CORE] ? '0 : before_core + 2'(starts[REPLY] || starts[HOST]);
    before_reply <= rst || !valid[REPLY] || ready[REPLY] ? '0 : before_reply + 2'(starts[HOST]);
    before_host <= rst || !valid[HOST] || ready[HOST] ? '0 : before_host + 2'(starts[REPLY]);
  end

  // After stop: a beat is put on its way that is not a customer's.
  wire other = u_dut.chosen.valid && u_dut.chosen.ready && u_dut.source != 2'(CORE);
  logic [1:0] cuts;
  always_ff @(posedge clk) cuts <= rst || !stopped ? '0 : cuts + 2'(other);

  always_ff @(posedge clk) begin
    if (!rst && stopped) begin
      assert (!other || (u_dut.chosen.data.beat.last && u_dut.chosen.data.beat.user));
      assert (cuts + 2'(other) <= 2'd1);
      assert (core.ready == u_dut.chosen.ready || (u_dut.cut && cuts == '0));
      assert (!u_dut.cut || u_dut.chosen.valid);
      cover (cuts != '0 && taken[CORE]);
    end
    if (!rst && !stop) begin
      for (int s = 0; s < 3; s++) begin
        assert (present[s] <= 2'd2);
        assert (!(leaves && source == 2'(s) && present[s] == '0));
        assert (!(leaves && source == 2'(s) && chosen[s] && ahead[s] == '0
                  && (line.data.data[0] != chosen_bits[s] || line.data.last != chosen_last[s])));
      end
      assert (!(leaves && line_middle && source != line_source));
      assert (32'(passed[REPLY]) <= SHARE + 2 * LONGEST * BEAT);
      assert (32'(passed[HOST]) <= SHARE + 2 * LONGEST * BEAT);
      assert (before_core <= 2'd1);
      assert (sent.valid == (leaves && line.data.last && source != 2'(CORE)));
      cover (32'(passed[REPLY]) > SHARE);
      cover (before_core == 2'd1 && starts[CORE]);
      cover (before_reply == 2'd1 && starts[REPLY]);
    end
  end

endmodule

`default_nettype wire
