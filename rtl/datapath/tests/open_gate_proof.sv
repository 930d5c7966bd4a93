// SPDX-License-Identifier: Apache-2.0
// Nothing of an opened packet leaves open_gate before its fate is known, nor another way than that, nor at all where it has none: a
// beat that leaves belongs to the packet whose fate was taken last, that fate was the way it takes, and every packet takes exactly
// one fate. A job is started with each packet that needs one, and with no other.
`default_nettype none

module open_gate_proof #(
    parameter int unsigned LONGEST = 2,  // beats
    parameter int unsigned DEPTH = 4
) (
    input wire clk,
    input wire restart,
    input wire opened_valid,
    input wire opened_last,
    input wire opened_bit,
    input wire fate_valid,
    input wire datapath_pkg::fate_t fate_data,
    input wire ctx_valid,
    input wire sa_pkg::reply_ctx_t ctx_data,
    input wire [5:0] readies,
    input wire [1:0] copies,
    input wire grant,
    input wire pass
);

  logic rst, first;
  proof_reset u_reset (.clk, .restart, .rst, .first);

  stream_if #(sapulse_pkg::payload_beat) opened (), reply (), match (), plain ();
  stream_if #(datapath_pkg::fate_t) fate ();
  stream_if #(sa_pkg::reply_ctx_t) reply_ctx ();
  stream_if #(datapath_pkg::reply_job_t) reply_job ();
  stream_if #(datapath_pkg::control_job_t) match_job (), plain_job ();
  limit_if limit ();
  logic copied, copy_lost;
  datapath_pkg::ending_t gate_end;
  sa_pkg::passage_t leave;
  open_gate #(
      .LONGEST(LONGEST),
      .DEPTH(DEPTH)
  ) u_dut (
      .clk, .rst, .opened, .fate, .reply_ctx, .reply_job, .reply, .match_job, .match, .plain_job, .plain, .copies, .copied,
      .copy_lost, .limit, .gate_end, .leave,
      .fifo_fault()
  );

  always_comb begin
    opened.data = '0;
    opened.data.last = opened_last;
    opened.data.data[0] = opened_bit;
  end
  assign opened.valid = opened_valid;
  assign fate.valid = fate_valid, fate.data = fate_data;
  assign reply_ctx.valid = ctx_valid, reply_ctx.data = ctx_data;
  assign limit.grant = grant, limit.pass = pass;
  assign {reply.ready, match.ready, plain.ready, reply_job.ready, match_job.ready, plain_job.ready} = readies;

  // One fate at most, as open_verdicts tells it, and a fate that is offered stays.
  logic fate_held;
  datapath_pkg::fate_t fate_was;
  always_ff @(posedge clk) begin
    fate_held <= fate.valid && !fate.ready && !rst;
    fate_was <= fate.data;
  end
  always_comb begin
    if (fate_held) assume (fate.valid && fate.data == fate_was);
    assume (2'(fate.data.reply) + 2'(fate.data.match) + 2'(fate.data.host) <= 2'd1);
    assume (!(fate.data.moved && fate.data.host));
  end

  // Packets whose fate has been taken, packets that have passed the gate: the same, or one more under way.
  logic taken, ends;
  logic [1:0] under_way;
  assign taken = fate.valid && fate.ready;
  assign ends = u_dut.held.valid && u_dut.held.ready && u_dut.held.data.last;
  always_ff @(posedge clk) under_way <= rst ? '0 : under_way + 2'(taken) - 2'(ends);

  // Where the fate taken last lets its packet go.
  logic to_reply, to_match, to_host;
  always_ff @(posedge clk) begin
    if (taken) begin
      to_reply <= fate.data.reply && reply_ctx.data.usable;
      to_match <= fate.data.match;
      to_host <= fate.data.host && limit.pass;
    end
  end

  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (under_way <= 2'd1);
      assert (!(under_way == '0 && (reply.valid || match.valid || plain.valid || ends)));
      assert (2'(reply.valid) + 2'(match.valid) + 2'(plain.valid) <= 2'd1);
      assert (!(reply.valid && !to_reply));
      assert (!(match.valid && !to_match));
      assert (!(plain.valid && !to_host));
      assert (!(u_dut.held.ready && under_way == '0));
      // A beat is taken from the packet only where it goes, or if it goes nowhere.
      assert (!(u_dut.held.valid && u_dut.held.ready && (to_reply || to_match || to_host)
                && !(reply.valid && reply.ready) && !(match.valid && match.ready) && !(plain.valid && plain.ready)));
      assert (reply_job.valid == (taken && fate.data.reply && reply_ctx.data.usable));
      assert (match_job.valid == (taken && fate.data.match));
      assert (!(taken && fate.data.reply && !(reply_ctx.valid && reply_ctx.ready)));
      assert (!(taken && fate.data.host && limit.pass && !plain_job.valid));
      assert (gate_end.valid == (taken && !reply_job.valid && !match_job.valid && !(fate.data.host && limit.pass)));
      assert (!((reply_job.valid && !reply_job.ready) || (match_job.valid && !match_job.ready)
                || (plain_job.valid && !plain_job.ready)));
      cover (reply.valid && reply.ready && reply.data.last && taken && fate.data.host);
      cover (plain.valid && plain.data.last && plain.ready);
    end
  end

endmodule

`default_nettype wire
