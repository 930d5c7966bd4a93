// SPDX-License-Identifier: Apache-2.0
// FIFO between two processes of a network: holds DEPTH words and one in its output register. All outputs come from
// registers. The memory reads into a register, so that it can be block RAM.
`default_nettype none

module hls_stream_fifo #(
    parameter integer WIDTH = 8,  // bits of a word
    parameter integer DEPTH = 16  // words, at least 2
) (
    input  wire             clk,
    input  wire             rst_n,      // synchronous, active low
    input  wire [WIDTH-1:0] in_tdata,   // AXI4-Stream sink
    input  wire             in_tvalid,
    output reg              in_tready,
    output reg  [WIDTH-1:0] out_tdata,  // AXI4-Stream source
    output reg              out_tvalid,
    input  wire             out_tready
);
  localparam integer ABITS = $clog2(DEPTH);
  localparam integer LAST = DEPTH - 1;

  reg [WIDTH-1:0] mem[0:DEPTH-1];
  reg [ABITS-1:0] head;    // next word to read
  reg [ABITS-1:0] tail;    // next word to write
  reg [ABITS:0]   stored;  // words in mem

  wire push = in_tvalid & in_tready;
  wire pop = (stored != 0) & (~out_tvalid | out_tready);
  wire [ABITS:0] stored_next = stored + {{ABITS{1'b0}}, push} - {{ABITS{1'b0}}, pop};

  always @(posedge clk) begin
    if (push) mem[tail] <= in_tdata;
    if (pop) out_tdata <= mem[head];
  end

  always @(posedge clk) begin
    if (!rst_n) begin
      head       <= 0;
      tail       <= 0;
      stored     <= 0;
      in_tready  <= 1'b0;
      out_tvalid <= 1'b0;
    end else begin
      if (push) tail <= tail == LAST[ABITS-1:0] ? 0 : tail + 1'b1;
      if (pop) head <= head == LAST[ABITS-1:0] ? 0 : head + 1'b1;
      stored    <= stored_next;
      in_tready <= stored_next < DEPTH[ABITS:0];
      if (pop | out_tready) out_tvalid <= pop;
    end
  end

`ifndef SYNTHESIS
`ifndef YOSYS
  always @(posedge clk) begin
    if (rst_n) begin
      a_no_overflow : assert (!push || stored < DEPTH[ABITS:0]);
      a_no_underflow : assert (!pop || stored != 0);
    end
  end
`endif
`endif
endmodule

`default_nettype wire
