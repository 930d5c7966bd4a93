// SPDX-License-Identifier: Apache-2.0
// Output queue of an hlsc kernel with credits, so that the pipeline in front of it never stalls.
//
// A slot is reserved when an iteration is issued; it is filled, or given back, when the iteration reaches the stage that
// writes, and freed when the consumer takes the word. With DEPTH >= stages + 4 the queue never limits the throughput.
// A word shows one cycle after it was written, if none is in front of it.
// With PARITY a bit that flips in a word while it waits is told three cycles after the word has left.
`default_nettype none

module hls_output_queue #(
    parameter integer WIDTH = 8,  // bits of a word
    parameter integer DEPTH = 16, // slots, a power of two, at least 2
    parameter integer LATE  = 0,  // 1: wdata needs its whole cycle, so the multiplexer stands behind its register
    parameter integer PARITY = 0
) (
    input  wire             clk,
    input  wire             rst_n,   // synchronous, active low
    input  wire             issue,   // an iteration starts: reserve a slot; only while room
    output reg              room,    // a slot can be reserved
    input  wire             done,    // an iteration reaches the writing stage
    input  wire             write,   // with done: wdata is valid; otherwise the slot is given back
    input  wire [WIDTH-1:0] wdata,
    output wire [WIDTH-1:0] tdata,   // AXI4-Stream source
    output reg              tvalid,
    input  wire             tready,
    output wire             fault    // see hls_queue_parity; 0 without PARITY
);
  localparam integer ABITS = $clog2(DEPTH);

  (* ram_style = "distributed" *) reg [WIDTH-1:0] mem[0:DEPTH-1];
  reg [ABITS-1:0] head;      // next word to read
  reg [ABITS-1:0] tail;      // next slot to fill
  reg [ABITS:0]   stored;    // words in mem
  reg [ABITS:0]   reserved;  // slots reserved or filled, those of the registers included
  reg [WIDTH-1:0] kept;      // the first word, but for one that shows from the register of wdata
  reg             kept_valid;

  wire push = done & write;
  wire [WIDTH-1:0] word;     // comes in
  wire enter;                // it does
  wire word_valid;           // and does not leave at once
  wire free = ~kept_valid | tready;     // kept takes a word
  wire empty = stored == 0;
  wire pass = word_valid & empty & free;  // straight to kept
  wire pop = ~empty & free;
  wire enqueue = word_valid & ~pass;
  wire give_back = done & ~write;
  wire taken = tvalid & tready;
  wire kept_next = ~free | word_valid | ~empty;
  wire tvalid_next;

  generate
    if (LATE != 0) begin : g_late
      reg [WIDTH-1:0] fresh;
      reg             fresh_valid;
      always @(posedge clk) begin
        fresh <= wdata;
        fresh_valid <= rst_n & push;
      end
      assign word = fresh;
      assign enter = fresh_valid;
      assign word_valid = fresh_valid & (kept_valid | ~tready);
      assign tdata = kept_valid ? kept : fresh;
      assign tvalid_next = kept_next | push;
    end else begin : g_early
      assign word = wdata;
      assign enter = push;
      assign word_valid = push;
      assign tdata = kept;
      assign tvalid_next = kept_next;
    end
    if (PARITY != 0) begin : g_parity
      hls_queue_parity #(
          .WIDTH(WIDTH),
          .DEPTH(DEPTH)
      ) u_parity (
          .clk, .rst_n,
          .enter,
          .wdata(word),
          .leave(taken),
          .tdata, .fault
      );
    end else begin : g_no_parity
      assign fault = 1'b0;
    end
  endgenerate

  // Late in the cycle come issue and what gives slots back, so that they meet what is known of the counter, not the counter.
  wire is_full = reserved[ABITS];
  wire is_last = &reserved[ABITS-1:0];
  wire full_next = (is_full | (is_last & issue)) & ~give_back & ~taken;

  always @(posedge clk) begin
    if (enqueue) mem[tail] <= word;
    if (free) kept <= empty ? word : mem[head];
  end

  always @(posedge clk) begin
    if (!rst_n) begin
      head       <= 0;
      tail       <= 0;
      stored     <= 0;
      reserved   <= 0;
      kept_valid <= 1'b0;
      tvalid     <= 1'b0;
      room       <= 1'b0;
    end else begin
      if (enqueue) tail <= tail + 1'b1;
      if (pop) head <= head + 1'b1;
      stored <= stored + {{ABITS{1'b0}}, enqueue} - {{ABITS{1'b0}}, pop};
      kept_valid <= kept_next;
      tvalid <= tvalid_next;
      reserved <= reserved + {{ABITS{1'b0}}, issue} - {{ABITS{1'b0}}, give_back} - {{ABITS{1'b0}}, taken};
      room <= ~full_next;
    end
  end

`ifndef SYNTHESIS
`ifndef YOSYS
  always @(posedge clk) begin
    if (rst_n) begin
      a_issue_needs_room : assert (!issue || room);
      a_no_overflow : assert (!enqueue || stored < DEPTH[ABITS:0]);
      a_reserved : assert (reserved >= stored + {{ABITS{1'b0}}, tvalid});
      a_kept_first : assert (kept_valid || empty);
      a_done_reserved : assert (!done || issue || reserved != 0);  // one stage: issued and done at once
    end
  end
`endif
`endif
endmodule

`default_nettype wire
