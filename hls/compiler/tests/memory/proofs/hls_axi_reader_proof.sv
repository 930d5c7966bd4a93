// SPDX-License-Identifier: Apache-2.0
// hls_axi_reader, whatever is asked for and whenever data come: hls_axi_burst_rules, and there is always room for what has been
// asked for.
`default_nettype none

module hls_axi_reader_proof #(
    parameter integer SHIFT = 7,
    parameter integer BURST = 32,
    parameter integer DEPTH = 40
) (
    input wire                    clk,
    input wire                    restart,
    input wire [63-SHIFT:0]       base,
    input wire [2*(64-SHIFT)-1:0] request_tdata,
    input wire                    request_tvalid,
    input wire                    data_tready,
    input wire                    arready,
    input wire [(8<<SHIFT)-1:0]   rdata,
    input wire                    rvalid
);
  localparam integer INDEX = 64 - SHIFT;

  logic rst;
  proof_reset u_reset (.clk, .restart, .rst, .first());

  logic request_tready, data_tvalid, arvalid;
  logic [63:0] araddr;
  logic [7:0] arlen;
  hls_axi_reader #(.SHIFT(SHIFT), .BURST(BURST), .DEPTH(DEPTH)) u_dut (
      .clk, .rst_n(!rst), .base, .request_tdata, .request_tvalid, .request_tready, .data_tdata(), .data_tvalid, .data_tready,
      .araddr, .arlen, .arvalid, .arready, .rdata, .rvalid
  );

  logic [INDEX-1:0] next, left;
  wire taken;
  wire [8:0] beats;
  wire accepted = request_tvalid && request_tready;
  hls_axi_burst_rules #(.SHIFT(SHIFT), .BURST(BURST)) u_bursts (
      .clk, .rst, .accepted, .request_ready(request_tready), .base, .first(request_tdata[INDEX-1:0]),
      .count(request_tdata[2*INDEX-1:INDEX]), .address(araddr), .len(arlen), .valid(arvalid), .ready(arready),
      .next, .left, .taken, .beats
  );

  // awaited: words that have been asked for and have not come; held: are here.
  logic [8:0] awaited, held;
  wire given = data_tvalid && data_tready;
  always_ff @(posedge clk) begin
    awaited <= awaited + (taken ? beats : 9'd0) - 9'(rvalid);
    held <= held + 9'(rvalid) - 9'(given);
    if (rst) begin
      awaited <= '0;
      held <= '0;
    end
  end

  always_comb begin
    if (rvalid) assume (awaited != '0);
  end

  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (!(rvalid && !u_dut.has_room));
      // The proof's invariants.
      assert (u_dut.u_splitter.left == left && (left == '0 || u_dut.u_splitter.word == next));
      assert (32'(u_dut.room) + 32'(awaited) + 32'(held) == DEPTH);
      assert (32'(held) == 32'(u_dut.u_fifo.stored) + 32'(u_dut.u_fifo.out_tvalid));
      assert (u_dut.u_fifo.in_tready == (32'(u_dut.u_fifo.stored) < DEPTH) || (held == '0 && awaited == '0));
      cover (accepted && left == '0 && next[2:0] == 3'd5);
    end
  end

endmodule

`default_nettype wire
