// SPDX-License-Identifier: Apache-2.0
// dma_write keeps the rules of AXI4 towards any subordinate: addresses and beats stay as they are until they are taken (A3.2.1),
// each burst has as many beats as it says, the last one marked (A3.4.1), and its response is taken only after all of it; so one
// burst is under way at a time. The data of a burst are those of its requester, in order, and nobody waits for more than one burst
// of each of the others.
`default_nettype none

module dma_write_proof (
    input wire clk,
    input wire restart,
    input wire stop,
    input wire [2:0] valid,
    input wire [2:0][63:0] address,
    input wire host_pkg::write_beats_t [2:0] beats,
    input wire [2:0] bits,
    input wire awready,
    input wire wready,
    input wire bvalid,
    input wire [1:0] resp
);
  import host_pkg::*;

  logic rst;
  proof_reset u_reset (.clk, .restart, .rst, .first());

  dma_write_if request[3] ();
  stream_if #(burst_t) aw ();
  stream_if #(write_beat_t) w ();
  stream_if #(logic [1:0]) b ();
  dma_error_t error;
  logic busy;
  dma_write #(.REQUESTERS(3)) u_dut (.clk, .rst, .stop, .busy, .request, .error, .aw, .w, .b);

  logic [2:0] accepted, taken, done, failed;
  for (genvar i = 0; i < 3; i++) begin : g_request
    assign request[i].valid = valid[i], request[i].address = address[i], request[i].beats = beats[i];
    assign request[i].data = beat_t'({i[1:0], bits[i]});
    assign accepted[i] = request[i].valid && request[i].ready;
    assign taken[i] = request[i].take;
    assign done[i] = request[i].done;
    assign failed[i] = request[i].failed;
    dma_write_rules #(.ASSUMED(1'b1)) u_rules (.clk, .rst, .valid(valid[i]), .address(address[i]), .beats(beats[i]));
  end
  assign aw.ready = awready, w.ready = wready;
  assign b.valid = bvalid, b.data = resp;

  // The burst under way, as it was handed over.
  logic active, address_sent, bit_taken;
  logic [1:0] owner;
  logic [63:0] start;
  write_beats_t length, sent;
  logic answered;
  assign answered = b.valid && b.ready;
  always_ff @(posedge clk) begin
    if (|accepted) begin
      active <= 1'b1;
      address_sent <= 1'b0;
      sent <= '0;
      owner <= accepted[2] ? 2'd2 : accepted[1] ? 2'd1 : 2'd0;
      start <= accepted[2] ? address[2] : accepted[1] ? address[1] : address[0];
      length <= accepted[2] ? beats[2] : accepted[1] ? beats[1] : beats[0];
    end
    if (aw.valid && aw.ready) address_sent <= 1'b1;
    if (w.valid && w.ready) sent <= sent + 1'b1;
    if (|taken) bit_taken <= bits[owner];
    if (answered) active <= 1'b0;
    if (rst) active <= 1'b0;
  end

  logic aw_held, w_held;
  burst_t aw_was;
  write_beat_t w_was;
  always_ff @(posedge clk) begin
    aw_held <= aw.valid && !aw.ready && !rst;
    aw_was <= aw.data;
    w_held <= w.valid && !w.ready && !rst;
    w_was <= w.data;
  end

  // Bursts of others that a request has seen begin.
  logic [2:0][1:0] overtaken;
  always_ff @(posedge clk) begin
    for (int i = 0; i < 3; i++) overtaken[i] <= rst || !valid[i] || accepted[i] ? '0 : overtaken[i] + 2'(|accepted);
  end

  logic [2:0] done_expected;
  logic failure_expected;
  always_ff @(posedge clk) begin
    done_expected <= answered && !rst ? 3'b001 << owner : '0;
    failure_expected <= resp[1];
  end

  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (!(aw_held && !(aw.valid && aw.data == aw_was)));
      assert (!(w_held && !(w.valid && w.data == w_was)));
      assert (!(aw.valid && (!active || address_sent)));
      assert (!(aw.valid && (aw.data.addr != start || 32'(aw.data.len) + 32'd1 != 32'(length))));
      assert (!(aw.valid && 32'(aw.data.addr[11:0]) + (32'(aw.data.len) + 32'd1) * BEAT_BYTES > 32'd4096));
      assert (!(w.valid && (!active || sent >= length)));
      assert (!(w.valid && w.data.last != (sent + 1'b1 == length)));
      assert (!(w.valid && w.data.data[2:0] != {owner, bit_taken}));
      assert (!(|taken && taken != 3'b001 << owner));
      assert (!(b.ready && !(active && address_sent && sent == length)));
      assert (!(|accepted && active));
      assert (done == done_expected);
      assert (!(|done && failed[owner] != failure_expected));
      for (int i = 0; i < 3; i++) assert (overtaken[i] <= 2'd2);
      cover (answered && 32'(length) == BURST_BEATS);
      cover (overtaken[0] == 2'd2 && accepted[0]);
    end
  end

endmodule

`default_nettype wire
