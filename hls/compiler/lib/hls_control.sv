// SPDX-License-Identifier: Apache-2.0
// Calls of a kernel or a network by the handshake ap_ctrl_hs of Vitis HLS: each ap_start is one call of all processes; ap_done
// and ap_ready tell in one cycle that all of them are done, with what they have written to memories.
`default_nettype none

module hls_control #(
    parameter integer PROCESSES = 1
) (
    input  wire                 clk,
    input  wire                 rst_n,         // synchronous, active low
    input  wire                 ap_start,      // stays until ap_ready
    output reg                  ap_done,
    output wire                 ap_ready,
    output wire                 ap_idle,
    output reg  [PROCESSES-1:0] start_tvalid,  // a word for each call
    input  wire [PROCESSES-1:0] start_tready,
    input  wire [PROCESSES-1:0] done_tvalid,   // a word at its end
    output reg  [PROCESSES-1:0] done_tready
);
  reg busy;

  wire starts = ap_start & ~busy & ~ap_done;
  wire [PROCESSES-1:0] running = done_tready & ~done_tvalid;
  assign ap_ready = ap_done;
  assign ap_idle = ~busy;

  always @(posedge clk) begin
    if (!rst_n) begin
      busy <= 1'b0;
      ap_done <= 1'b0;
      start_tvalid <= 0;
      done_tready <= 0;
    end else begin
      busy <= starts | (busy & |running);
      ap_done <= busy & ~|running;
      start_tvalid <= starts ? {PROCESSES{1'b1}} : start_tvalid & ~start_tready;
      done_tready <= starts ? {PROCESSES{1'b1}} : running;
    end
  end
endmodule

`default_nettype wire
