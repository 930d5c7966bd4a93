// SPDX-License-Identifier: Apache-2.0
// dma_read keeps the rules of AXI4 towards any subordinate that answers what it is asked: a burst stays as it is until it is taken
// (A3.2.1) and crosses no 4 KiB (A3.4.1); the bursts of a request are its bytes, each once and in order; it is over when every beat
// that was asked for has come, and not before.
`default_nettype none

module dma_read_proof #(
    parameter int unsigned MOST = 40  // beats of a request: up to four bursts
) (
    input wire clk,
    input wire restart,
    input wire stop,
    input wire [1:0] valid,
    input wire [1:0][63:0] address,
    input wire host_pkg::read_beats_t [1:0] beats,
    input wire arready,
    input wire rvalid,
    input wire [1:0] resp
);
  import host_pkg::*;

  logic rst;
  proof_reset u_reset (.clk, .restart, .rst, .first());

  dma_read_if request[2] ();
  stream_if #(burst_t) ar ();
  stream_if #(read_beat_t) r ();
  dma_error_t error;
  logic busy;
  dma_read #(.REQUESTERS(2)) u_dut (.clk, .rst, .stop, .busy, .request, .error, .ar, .r);

  logic [1:0] accepted, done, failed;
  for (genvar i = 0; i < 2; i++) begin : g_request
    assign request[i].valid = valid[i], request[i].address = address[i], request[i].beats = beats[i];
    assign accepted[i] = request[i].valid && request[i].ready;
    assign done[i] = request[i].done;
    assign failed[i] = request[i].failed;
    dma_read_rules #(.ASSUMED(1'b1), .MOST(MOST)) u_rules (.clk, .rst, .valid(valid[i]), .address(address[i]), .beats(beats[i]));
  end
  assign ar.ready = arready;
  assign r.valid = rvalid, r.data = '{resp: resp, data: '0};

  // The request under way, as it was handed over: beats that no burst has asked for, and asked for without an answer.
  logic active, owner, bad;
  logic [63:0] next;
  logic [7:0] left, awaited;
  logic issued, received;
  assign issued = ar.valid && ar.ready;
  assign received = r.valid && r.ready;
  always_ff @(posedge clk) begin
    if (|accepted) begin
      active <= 1'b1;
      owner <= accepted[1];
      next <= accepted[1] ? address[1] : address[0];
      left <= 8'(accepted[1] ? beats[1] : beats[0]);
      bad <= 1'b0;
    end
    if (issued) begin
      next <= next + (64'(ar.data.len) + 64'd1) * BEAT_BYTES;
      left <= left - ar.data.len - 8'd1;
    end
    awaited <= awaited + (issued ? ar.data.len + 8'd1 : 8'd0) - 8'(received);
    if (received && resp[1]) bad <= 1'b1;
    if (|done) active <= |accepted;
    if (rst) begin
      active <= 1'b0;
      awaited <= '0;
    end
  end

  logic ar_held, bad_was;
  burst_t ar_was;
  always_ff @(posedge clk) begin
    bad_was <= bad;
    ar_held <= ar.valid && !ar.ready && !rst;
    ar_was <= ar.data;
  end

  logic [7:0] offered;  // beats of a burst that has not been taken
  assign offered = ar.valid ? ar.data.len + 8'd1 : 8'd0;

  always_comb begin
    if (rvalid) assume (awaited != '0);
  end

  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (!(ar_held && !(ar.valid && ar.data == ar_was)));
      assert (!(ar.valid && !active));
      assert (!(ar.valid && !ar_held && bad_was && bad));  // what has failed asks for no more
      assert (!(ar.valid && ar.data.addr != next));
      assert (!(ar.valid && 8'(ar.data.len) >= left));
      assert (!(ar.valid && 32'(ar.data.addr[11:0]) + (32'(ar.data.len) + 32'd1) * BEAT_BYTES > 32'd4096));
      assert (!(rvalid && !r.ready));
      assert (!(|done && (!active || awaited != '0 || ar.valid || done != 2'b01 << owner)));
      assert (!(|done && failed[owner] != bad));
      assert (!(|done && !bad && left != '0));
      assert (!(|accepted && active && !(|done)));
      // The proof's invariants.
      assert (u_dut.active_q == (active && !(|done)));
      if (u_dut.active_q) begin
        assert (left == 8'(u_dut.issue_left_q) + offered && awaited == 8'(u_dut.outstanding_q) - offered);
        assert (next == (64'(u_dut.issue_q) << BEAT_SHIFT) - 64'(offered) * BEAT_BYTES);
        assert (u_dut.owner_q == 2'b01 << owner && u_dut.failed_q == bad && 32'(left) + 32'(awaited) <= MOST);
      end else begin
        assert (u_dut.outstanding_q == '0 && awaited == '0 && !ar.valid);
      end
      cover (|done && bad);
      cover (|done && !bad && next[9:0] == 10'd64);
    end
  end

endmodule

`default_nettype wire
