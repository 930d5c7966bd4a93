// SPDX-License-Identifier: Apache-2.0
// Output queue of an hlsc kernel with credits, so that the pipeline in front of it never stalls.
//
// A slot is reserved when an iteration is issued; it is filled, or given back, when the iteration reaches the stage that
// writes, and freed when the consumer takes the word. With DEPTH >= stages + 4 the queue never limits the throughput.
`default_nettype none

module hls_output_queue #(
    parameter integer WIDTH = 8,  // bits of a word
    parameter integer DEPTH = 16  // slots, a power of two, at least 2
) (
    input  wire             clk,
    input  wire             rst_n,   // synchronous, active low
    input  wire             issue,   // an iteration starts: reserve a slot; only while room
    output reg              room,    // a slot can be reserved
    input  wire             done,    // an iteration reaches the writing stage
    input  wire             write,   // with done: wdata is valid; otherwise the slot is given back
    input  wire [WIDTH-1:0] wdata,
    output reg  [WIDTH-1:0] tdata,   // AXI4-Stream source
    output reg              tvalid,
    input  wire             tready
);
  localparam integer ABITS = $clog2(DEPTH);

  (* ram_style = "distributed" *) reg [WIDTH-1:0] mem[0:DEPTH-1];
  reg [ABITS-1:0] head;      // next word to read
  reg [ABITS-1:0] tail;      // next slot to fill
  reg [ABITS:0]   stored;    // words in mem
  reg [ABITS:0]   reserved;  // slots reserved or filled, the output register included

  wire push = done & write;
  wire free = ~tvalid | tready;         // the output register takes a word
  wire empty = stored == 0;
  wire pass = push & empty & free;      // straight to the output register
  wire pop = ~empty & free;
  wire enqueue = push & ~pass;
  wire give_back = done & ~write;
  wire taken = tvalid & tready;
  wire [ABITS:0] reserved_next = reserved + {{ABITS{1'b0}}, issue} - {{ABITS{1'b0}}, give_back} - {{ABITS{1'b0}}, taken};

  always @(posedge clk) begin
    if (enqueue) mem[tail] <= wdata;
    if (free) tdata <= empty ? wdata : mem[head];
  end

  always @(posedge clk) begin
    if (!rst_n) begin
      head     <= 0;
      tail     <= 0;
      stored   <= 0;
      reserved <= 0;
      tvalid   <= 1'b0;
      room     <= 1'b0;
    end else begin
      if (enqueue) tail <= tail + 1'b1;
      if (pop) head <= head + 1'b1;
      stored <= stored + {{ABITS{1'b0}}, enqueue} - {{ABITS{1'b0}}, pop};
      if (free) tvalid <= pass | pop;
      reserved <= reserved_next;
      room     <= reserved_next < DEPTH[ABITS:0];
    end
  end

`ifndef SYNTHESIS
`ifndef YOSYS
  always @(posedge clk) begin
    if (rst_n) begin
      a_issue_needs_room : assert (!issue || room);
      a_no_overflow : assert (!enqueue || stored < DEPTH[ABITS:0]);
      a_reserved : assert (reserved >= stored + {{ABITS{1'b0}}, tvalid});
      a_done_reserved : assert (!done || issue || reserved != 0);  // one stage: issued and done at once
    end
  end
`endif
`endif
endmodule

`default_nettype wire
