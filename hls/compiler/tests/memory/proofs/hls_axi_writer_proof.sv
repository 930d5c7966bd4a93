// SPDX-License-Identifier: Apache-2.0
// hls_axi_writer, whatever is asked for and whenever words and answers come: hls_axi_burst_rules; all words of a burst that has
// been taken are here; a request to finish is answered when no burst is without an answer.
`default_nettype none

module hls_axi_writer_proof #(
    parameter integer SHIFT = 7,
    parameter integer BURST = 32,
    parameter integer DEPTH = 40
) (
    input wire                              clk,
    input wire                              restart,
    input wire [63-SHIFT:0]                 base,
    input wire [2*(64-SHIFT):0]             request_tdata,
    input wire                              request_tvalid,
    input wire [(8<<SHIFT)+(1<<SHIFT)-1:0]  data_tdata,
    input wire                              data_tvalid,
    input wire                              finished_tready,
    input wire                              awready,
    input wire                              wready,
    input wire                              answered
);
  localparam integer INDEX = 64 - SHIFT;

  logic rst;
  proof_reset u_reset (.clk, .restart, .rst, .first());

  logic request_tready, data_tready, finished_tvalid, awvalid, wvalid;
  logic [63:0] awaddr;
  logic [7:0] awlen;
  hls_axi_writer #(.SHIFT(SHIFT), .BURST(BURST), .DEPTH(DEPTH)) u_dut (
      .clk, .rst_n(!rst), .base, .request_tdata, .request_tvalid, .request_tready, .data_tdata, .data_tvalid, .data_tready,
      .finished_tvalid, .finished_tready, .awaddr, .awlen, .awvalid, .awready, .wdata(), .wstrb(), .wvalid, .wready, .answered
  );

  logic [INDEX-1:0] next, left;
  wire taken;
  wire [8:0] beats;
  wire accepted = request_tvalid && request_tready;
  hls_axi_burst_rules #(.SHIFT(SHIFT), .BURST(BURST)) u_bursts (
      .clk, .rst, .accepted, .request_ready(request_tready), .base, .first(request_tdata[INDEX-1:0]),
      .count(request_tdata[2*INDEX-1:INDEX]), .address(awaddr), .len(awlen), .valid(awvalid), .ready(awready),
      .next, .left, .taken, .beats
  );

  // owed: words of bursts that are still here; held: words here; pending: bursts without an answer.
  logic [9:0] owed, held;
  logic [15:0] pending;
  wire gone = wvalid && wready;
  wire stored = data_tvalid && data_tready;
  always_ff @(posedge clk) begin
    owed <= owed + (taken ? 10'(beats) : 10'd0) - 10'(gone);
    held <= held + 10'(stored) - 10'(gone);
    pending <= pending + 16'(taken) - 16'(answered);
    if (rst) begin
      owed <= '0;
      held <= '0;
      pending <= '0;
    end
  end

  logic finished_was, was_pending;
  always_ff @(posedge clk) begin
    finished_was <= finished_tvalid && !rst;
    was_pending <= pending != '0 || left != '0;
  end

  always_comb begin
    if (wready) assume (owed != '0);
    if (answered) assume (pending != '0);
  end

  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (!(awvalid && 32'(held) < 32'(owed) + 32'(beats)));
      assert (owed <= held);
      assert (!(finished_tvalid && !finished_was && was_pending));
      // The proof's invariants.
      assert (u_dut.u_splitter.left == left && (left == '0 || u_dut.u_splitter.word == next));
      assert (u_dut.bursts == pending && !(u_dut.finish && left != '0 && request_tready));
      assert (32'(u_dut.here) + 32'(owed) == 32'(held) && 32'(held) <= DEPTH + 1);
      assert (32'(held) == 32'(u_dut.u_fifo.stored) + 32'(u_dut.u_fifo.out_tvalid) && 32'(u_dut.u_fifo.stored) <= DEPTH);
      assert (!(u_dut.u_fifo.in_tready && 32'(u_dut.u_fifo.stored) >= DEPTH));
      cover (finished_tvalid && finished_tready);
    end
  end

endmodule

`default_nettype wire
