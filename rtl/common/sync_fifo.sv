// SPDX-License-Identifier: Apache-2.0
// FIFO of one clock, first word falls through.
//
// DEPTH: words that it holds, a power of two; BLOCK_RAM: 1 for block RAM (a word shows three cycles after it was written), 0 for
// distributed RAM (one cycle). in.ready does not depend on out.ready.
// HEAD_BITS: so many of the highest bits of a word leave from a register, for who decides by them (distributed RAM only): valid and
// ready are registers, too. Words of up to 32 bits without secrets leave from a register as a whole.
// SECRETS: 1 for words that must not outlive their use (distributed RAM only): while the FIFO is empty and nothing comes, in.data
// is written into one word after the other. So DEPTH idle cycles after in.data shows no secret any more, there is none in here.
// fault: a word has left with a flipped bit; see kept_parity.
`default_nettype none
`include "sapulse_assert.svh"

module sync_fifo #(
    parameter int unsigned DEPTH = 16,
    parameter bit BLOCK_RAM = 1'b0,
    parameter bit SECRETS = 1'b0,
    parameter int unsigned HEAD_BITS = 0
) (
    input wire clk,
    input wire rst,

    stream_if.sink   in,
    stream_if.source out,
    output logic     fault
);

  if (DEPTH < 2 || (DEPTH & (DEPTH - 1)) != 0) begin : g_depth
    $error("sync_fifo: DEPTH must be a power of two, at least 2");
  end
  if (BLOCK_RAM && SECRETS) begin : g_secrets
    $error("sync_fifo: block RAM is never overwritten");
  end
  if (BLOCK_RAM && HEAD_BITS != 0) begin : g_head_bits
    $error("sync_fifo: words leave block RAM from a register anyway");
  end
  if (in.WIDTH != out.WIDTH) begin : g_width
    $error("sync_fifo: in and out are of different widths");
  end

  localparam int unsigned ADDRESS_W = $clog2(DEPTH);

  // One bit more than an address, so that full and empty differ. held includes the words in the read registers of block RAM.
  logic [ADDRESS_W:0] write_pointer, read_pointer, next_pointer, held;
  logic push, pop, fetch, fetch_ready, full, unread, only, idle;

  assign in.ready = !full;
  assign push = in.valid && in.ready;
  assign pop = out.valid && out.ready;
  assign fetch = unread && fetch_ready;
  assign next_pointer = read_pointer + 1'b1;
  assign only = !unread || write_pointer == next_pointer;  // no word is behind the first one
  assign idle = SECRETS && !in.valid && !unread;

  // full and unread are registers, so that no comparison stands in front of ready and valid.
  always_ff @(posedge clk) begin
    if (push || idle) write_pointer <= write_pointer + 1'b1;
    if (fetch || idle) read_pointer <= next_pointer;
    if (push != pop) full <= push && held == (ADDRESS_W + 1)'(DEPTH - 1);
    if (push != fetch) unread <= push || !only;
    if (rst) begin
      write_pointer <= '0;
      read_pointer <= '0;
      full <= 1'b0;
      unread <= 1'b0;
    end
  end

  if (BLOCK_RAM) begin : g_block
    always_ff @(posedge clk) begin
      if (push != pop) held <= push ? held + 1'b1 : held - 1'b1;
      if (rst) held <= '0;
    end
    /* verilator lint_off UNUSEDSIGNAL */  // for FIFOs whose words must leave without gaps
    logic followed;
    /* verilator lint_on UNUSEDSIGNAL */
    fifo_memory #(
        .WIDTH(in.WIDTH),
        .DEPTH(DEPTH)
    ) u_ram (
        .clk, .rst,
        .write_valid(push),
        .write_address(write_pointer[ADDRESS_W-1:0]),
        .write_data(in.data),
        .fetch_valid(unread),
        .fetch_ready,
        .fetch_address(read_pointer[ADDRESS_W-1:0]),
        .forget(1'b0),
        .out,
        .followed,
        .fault
    );
  end else begin : g_distributed
    localparam int unsigned HEAD_W = in.WIDTH <= 32 && !SECRETS ? in.WIDTH : HEAD_BITS;
    localparam int unsigned REST_W = in.WIDTH - HEAD_W;
    logic [in.WIDTH-1:0] entering, shown;

    assign entering = in.data;
    assign out.data = shown;
    assign out.valid = unread;
    assign held = write_pointer - read_pointer;
    assign fetch_ready = out.ready;

    if (HEAD_W > 0) begin : g_head
      (* ram_style = "distributed" *)
      logic [HEAD_W-1:0] memory[0:DEPTH-1];
      logic [HEAD_W-1:0] head;
      always_ff @(posedge clk) begin
        if (push) memory[write_pointer[ADDRESS_W-1:0]] <= entering[in.WIDTH-1:REST_W];
        // That of the word to be shown next: of the second one, or of the one that comes.
        if (fetch || !unread) head <= only ? entering[in.WIDTH-1:REST_W] : memory[next_pointer[ADDRESS_W-1:0]];
      end
      assign shown[in.WIDTH-1:REST_W] = head;
    end
    if (REST_W > 0) begin : g_rest
      (* ram_style = "distributed" *)
      logic [REST_W-1:0] memory[0:DEPTH-1];
      always_ff @(posedge clk) begin
        if (push || idle) memory[write_pointer[ADDRESS_W-1:0]] <= entering[REST_W-1:0];
      end
      assign shown[REST_W-1:0] = memory[read_pointer[ADDRESS_W-1:0]];
    end

    kept_parity #(
        .WIDTH(in.WIDTH),
        .DEPTH(DEPTH)
    ) u_parity (
        .clk, .rst,
        .write(push || idle),
        .write_address(write_pointer[ADDRESS_W-1:0]),
        .write_data(entering),
        .taken(pop),
        .read_address(read_pointer[ADDRESS_W-1:0]),
        .read_data(shown),
        .fault
    );
  end

  `SAPULSE_ASSERT(clk, rst, unread == (write_pointer != read_pointer), "sync_fifo: unread is wrong")
  `SAPULSE_ASSERT(clk, rst, write_pointer - read_pointer <= held, "sync_fifo: more words unread than held")
  `SAPULSE_ASSERT(clk, rst, 32'(held) <= DEPTH, "sync_fifo: more words than DEPTH")

endmodule

`default_nettype wire
