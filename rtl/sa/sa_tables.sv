// SPDX-License-Identifier: Apache-2.0
// All that the card knows about SAs: SPI index, key material, replay windows, sequence numbers, fences; see docs/architecture.md.
//
// SA_CAPACITY: number of SAs, a power of two from 4 to 65536. SA numbers and n are plain numbers, keys and tokens byte strings
// (byte i at bits [8i+7:8i]). Every answer comes in the order of its questions and without back-pressure.
//
// ready        low after reset until all tables have been cleared (SA_CAPACITY cycles); until then lookups find nothing,
//              commands wait, and no other port may be used.
// lookup       one a cycle; result exactly sa_pkg::LOOKUP_LATENCY cycles later, with the epoch to hand to enter and leave.
// enter, leave up to ENTER_PORTS frames with an SA enter, up to LEAVE_PORTS leave the card; within sa_pkg::ENTER_MARGIN cycles of the
//              result. epoch: of this cycle, for messages of the card's own: they enter before they look at path and reply.
// busy         some frame has entered and not left.
// data         customer sequence number seen on an SA, one a cycle; serial-number arithmetic (RFC 1982) on 32 bits.
// in           inbound key material, one a cycle, exactly sa_pkg::IN_KEY_LATENCY cycles later.
// verdict      an opened packet (verdict_ok: authentic and well-formed) asks the replay window (RFC 4303 section 3.4.3); with the
//              answer comes whether the SA is administratively down.
// reply        context of one answer; takes a control sequence number for ever.
// path         path of path_sa, exactly sa_pkg::PATH_LATENCY cycles later.
// cmd, rsp     one command at a time; the descriptor stays valid until cmd_ready, which comes when it has been carried out.
//              rsp_completion has every field but time.
`default_nettype none

module sa_tables #(
    parameter int unsigned SA_CAPACITY = 1024,
    localparam int unsigned SA_W = $clog2(SA_CAPACITY)
) (
    input  wire                                    clk,
    input  wire                                    rst,
    output logic                                   ready,

    input  wire                                    lookup_valid,
    input  wire         [31:0]                     lookup_spi,
    output logic                                   result_valid,
    output logic                                   result_found,
    output logic        [SA_W-1:0]                 result_sa,
    output logic                                   result_epoch,

    input  wire         [sa_pkg::ENTER_PORTS-1:0]  enter_valid,
    input  wire         [sa_pkg::ENTER_PORTS-1:0]  enter_epoch,
    input  wire         [sa_pkg::LEAVE_PORTS-1:0]  leave_valid,
    input  wire         [sa_pkg::LEAVE_PORTS-1:0]  leave_epoch,
    output logic                                   epoch,
    output logic                                   busy,

    input  wire                                    data_valid,
    input  wire         [SA_W-1:0]                 data_sa,
    input  wire         [31:0]                     data_sequence,

    input  wire                                    in_valid,
    input  wire         [SA_W-1:0]                 in_sa,
    output logic                                   in_key_valid,
    output sapulse_types_pkg::key_t                in_key,

    input  wire                                    verdict_valid,
    output logic                                   verdict_ready,
    input  wire         [SA_W-1:0]                 verdict_sa,
    input  wire         [63:0]                     verdict_n,
    input  wire                                    verdict_ok,
    output logic                                   accept_valid,
    output logic                                   accept,
    output logic                                   accept_down,

    input  wire                                    reply_valid,
    output logic                                   reply_ready,
    input  wire         [SA_W-1:0]                 reply_sa,
    output logic                                   ctx_valid,
    output sa_pkg::reply_ctx                       ctx,

    input  wire         [SA_W-1:0]                 path_sa,
    output sa_pkg::path_t                          path,

    input  wire                                    cmd_valid,
    output logic                                   cmd_ready,
    input  wire         [2047:0]                   cmd_descriptor,
    output logic                                   rsp_valid,
    input  wire                                    rsp_ready,
    output logic        [7:0]                      rsp_status,
    output logic        [511:0]                    rsp_completion
);

  localparam int unsigned BUCKET_W = $clog2(SA_CAPACITY / 2);

  if (SA_CAPACITY != 2 ** SA_W || SA_CAPACITY < 4 || SA_CAPACITY > 65536) begin : gen_check
    $error("SA_CAPACITY must be a power of two from 4 to 65536");
  end

  // After reset one entry of every table is cleared a cycle.
  logic sweep_valid;
  logic [SA_W-1:0] sweep_sa;

  always_ff @(posedge clk) begin
    sweep_sa <= sweep_sa + 1'b1;
    if (&sweep_sa) sweep_valid <= 1'b0;
    if (rst) begin
      sweep_valid <= 1'b1;
      sweep_sa <= {SA_W{1'b0}};
    end
  end

  always_ff @(posedge clk) ready <= !sweep_valid && !rst;

  // Commands.
  logic [SA_W-1:0] command_sa;
  logic index_valid, index_bank, index_slot, index_used;
  logic [BUCKET_W-1:0] index_bucket;
  logic [31:0] index_spi;
  logic write_in_valid, write_out_valid, write_token_valid;
  logic [sa_pkg::KEY_BITS-1:0] write_key;
  logic [127:0] write_token;
  logic [31:0] write_spi;
  logic window_valid, window_ready, window_clear, window_active, window_read_valid;
  logic [63:0] window_top;
  logic [31:0] window_accepted, window_replayed, window_rejected;
  logic sequence_valid, sequence_write, sequence_read_valid;
  logic [63:0] sequence_next;
  logic data_clear_valid, data_clear_ready, data_clear_done;
  logic fence_valid, fence_done;
  logic path_valid, admin_valid, admin_down;
  sa_pkg::path_t new_path;

  sa_commands #(
      .SA_CAPACITY(SA_CAPACITY)
  ) commands (
      .clk,
      .rst,
      .ready,
      .cmd_valid,
      .cmd_ready,
      .cmd_descriptor,
      .rsp_valid,
      .rsp_ready,
      .rsp_status,
      .rsp_completion,
      .sa(command_sa),
      .index_valid,
      .index_bank,
      .index_slot,
      .index_bucket,
      .index_used,
      .index_spi,
      .write_in_valid,
      .write_out_valid,
      .write_key,
      .write_token,
      .write_token_valid,
      .write_spi,
      .window_valid,
      .window_ready,
      .window_clear,
      .window_active,
      .window_read_valid,
      .window_top,
      .window_accepted,
      .window_replayed,
      .window_rejected,
      .sequence_valid,
      .sequence_write,
      .sequence_next,
      .sequence_read_valid,
      .sequence_n(ctx.n),
      .data_clear_valid,
      .data_clear_ready,
      .data_clear_done,
      .data_number(ctx.data_sequence),
      .data_seen(ctx.data_sequence_valid),
      .fence_valid,
      .fence_done,
      .path_valid,
      .path(new_path),
      .admin_valid,
      .admin_down
  );

  epoch_fence fence (
      .clk,
      .rst,
      .epoch,
      .enter_valid,
      .enter_epoch,
      .leave_valid,
      .leave_epoch,
      .busy,
      .fence_valid,
      .fence_done
  );

  sa_index #(
      .SA_CAPACITY(SA_CAPACITY)
  ) index (
      .clk,
      .rst,
      .enable(ready),
      .sweep_valid,
      .sweep_bucket(sweep_sa[BUCKET_W-1:0]),
      .lookup_valid,
      .lookup_spi,
      .lookup_epoch(epoch),
      .result_valid,
      .result_found,
      .result_sa,
      .result_epoch,
      .write_valid(index_valid),
      .write_bank(index_bank),
      .write_slot(index_slot),
      .write_bucket(index_bucket),
      .write_used(index_used),
      .write_spi(index_spi),
      .write_sa(command_sa)
  );

  replay_window #(
      .SA_CAPACITY(SA_CAPACITY)
  ) window (
      .clk,
      .rst,
      .sweep_valid,
      .sweep_sa,
      .verdict_valid,
      .verdict_ready,
      .verdict_sa,
      .verdict_n,
      .verdict_ok,
      .accept_valid,
      .accept,
      .command_valid(window_valid),
      .command_ready(window_ready),
      .command_clear(window_clear),
      .command_active(window_active),
      .command_sa,
      .read_valid(window_read_valid),
      .read_top(window_top),
      .read_accepted(window_accepted),
      .read_replayed(window_replayed),
      .read_rejected(window_rejected)
  );

  admin_state #(
      .SA_CAPACITY(SA_CAPACITY)
  ) admin (
      .clk,
      .sweep_valid,
      .sweep_sa,
      .read_sa(verdict_sa),
      .down(accept_down),
      .write_valid(admin_valid),
      .write_sa(command_sa),
      .write_down(admin_down)
  );

  path_memory #(
      .SA_CAPACITY(SA_CAPACITY)
  ) paths (
      .clk,
      .sweep_valid,
      .sweep_sa,
      .read_sa(path_sa),
      .path,
      .write_valid(path_valid),
      .write_sa(command_sa),
      .write_path(new_path)
  );

  // An answer's number, outbound half and customer sequence number are read in step; the write of an outbound half and of its first
  // number fall into one cycle, so no answer mixes old and new.
  logic [SA_W-1:0] reply_issue_sa;

  tx_sequence #(
      .SA_CAPACITY(SA_CAPACITY)
  ) sequence_numbers (
      .clk,
      .rst,
      .sweep_valid,
      .sweep_sa,
      .reply_valid,
      .reply_ready,
      .reply_sa,
      .n_valid(ctx_valid),
      .usable(ctx.usable),
      .n(ctx.n),
      .command_valid(sequence_valid),
      .command_write(sequence_write),
      .command_sa,
      .command_next(sequence_next),
      .read_valid(sequence_read_valid),
      .issue_sa(reply_issue_sa)
  );

  sa_context #(
      .SA_CAPACITY(SA_CAPACITY)
  ) context_memory (
      .clk,
      .rst,
      .sweep_valid,
      .sweep_sa,
      .in_valid,
      .in_sa,
      .in_key_valid,
      .in_key,
      .out_sa(reply_issue_sa),
      .out_spi(ctx.spi),
      .out_key(ctx.sa),
      .out_token(ctx.token),
      .out_token_valid(ctx.token_valid),
      .write_in_valid,
      .write_out_valid,
      .write_sa(command_sa),
      .write_key,
      .write_token,
      .write_token_valid,
      .write_spi
  );

  data_sequence #(
      .SA_CAPACITY(SA_CAPACITY)
  ) customer_sequence (
      .clk,
      .rst,
      .sweep_valid,
      .sweep_sa,
      .data_valid,
      .data_sa,
      .data_number(data_sequence),
      .clear_valid(data_clear_valid),
      .clear_ready(data_clear_ready),
      .clear_sa(command_sa),
      .clear_done(data_clear_done),
      .read_sa(reply_issue_sa),
      .read_number(ctx.data_sequence),
      .read_seen(ctx.data_sequence_valid)
  );

endmodule

`default_nettype wire
