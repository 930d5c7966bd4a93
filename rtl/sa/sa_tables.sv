// SPDX-License-Identifier: Apache-2.0
// All that the card knows about SAs: SPI index, key material, replay windows, sequence numbers, fences; see docs/architecture.md.
//
// SA_CAPACITY: number of SAs, a power of two from 4 to 65536. SA numbers and n are plain numbers, keys and tokens byte strings
// (byte i at bits [8i+7:8i]). Every answer comes in the order of its questions and without back-pressure.
//
// ready         low after reset until all tables have been cleared (SA_CAPACITY cycles); until then lookups find nothing,
//               commands wait, and no other port may be used.
// enter, leave  up to ENTER_PORTS frames with an SA enter, within sa_pkg::ENTER_MARGIN cycles of the lookup's result; up to
//               LEAVE_PORTS leave the card.
// epoch         of this cycle, for messages of the card's own: they enter before they look at path and context.
// busy          some frame has entered and not left.
// customer      one a cycle; serial-number arithmetic (RFC 1982) on 32 bits.
// reply_context context of one answer.
// command       one command at a time; completions have every field but time.
// faults        damaged entries that have been met, for sa_faults; none of the requester's tables.
`default_nettype none

module sa_tables #(
    parameter int unsigned SA_CAPACITY = 1024
) (
    input  wire  clk,
    input  wire  rst,
    output logic ready,

    sa_lookup_if.server lookup,

    input  wire sa_pkg::passage_t [sa_pkg::ENTER_PORTS-1:0] enter,
    input  wire sa_pkg::passage_t [sa_pkg::LEAVE_PORTS-1:0] leave,
    output logic epoch,
    output logic busy,

    input wire sa_pkg::customer_t customer,

    sa_key_if.server     key,
    sa_window_if.server  window,
    sa_context_if.server reply_context,
    sa_path_if.server    path,

    command_if.server command,

    output sa_pkg::faults_t faults
);

  localparam int unsigned SA_W = $clog2(SA_CAPACITY);

  if (SA_CAPACITY != 2 ** SA_W || SA_CAPACITY < 4 || SA_CAPACITY > 65536) begin : g_check
    $error("SA_CAPACITY must be a power of two from 4 to 65536");
  end

  // After reset one entry of every table is cleared a cycle.
  logic sweep_valid;
  logic [SA_W-1:0] sweep_sa;
  sa_pkg::sweep_t sweep;

  always_ff @(posedge clk) begin
    sweep_sa <= sweep_sa + 1'b1;
    if (&sweep_sa) sweep_valid <= 1'b0;
    if (rst) begin
      sweep_valid <= 1'b1;
      sweep_sa <= '0;
    end
  end

  assign sweep = '{valid: sweep_valid, sa: sa_pkg::sa_t'(sweep_sa)};
  always_ff @(posedge clk) ready <= !sweep_valid && !rst;

  // Commands.
  sa_pkg::slot_update_t slot_update;
  sa_pkg::key_update_t key_update;
  sa_pkg::path_update_t path_update;
  sa_pkg::admin_update_t admin_update;
  stream_if #(sa_pkg::window_command_t) window_command ();
  sa_pkg::window_read_t window_read;
  sa_pkg::sequence_command_t sequence_command;
  sa_pkg::sequence_number_t sequence_number;
  sa_pkg::customer_number_t customer_number;
  stream_if #(sa_pkg::sa_t) customer_clear ();
  logic window_read_valid, sequence_read_valid, customer_clear_done, fence_valid, fence_done;

  sa_commands #(
      .SA_CAPACITY(SA_CAPACITY)
  ) u_commands (
      .clk, .rst, .ready,
      .command,
      .slot_update, .key_update, .path_update, .admin_update,
      .window_command, .window_read_valid, .window_read,
      .sequence_command, .sequence_read_valid,
      .sequence_n(sequence_number.n),
      .customer_number,
      .customer_clear, .customer_clear_done,
      .fence_valid, .fence_done
  );

  assign {
    faults[sapulse_pkg::SA_TABLE_PROBER], faults[sapulse_pkg::SA_TABLE_CUSTOMER_TIME], faults[sapulse_pkg::SA_TABLE_PINGS]
  } = '0;

  epoch_fence u_fence (.clk, .rst, .epoch, .enter, .leave, .busy, .fence_valid, .fence_done);

  sa_index #(
      .SA_CAPACITY(SA_CAPACITY)
  ) u_index (
      .clk, .rst, .sweep,
      .enable(ready),
      .epoch, .lookup, .slot_update,
      .fault(faults[sapulse_pkg::SA_TABLE_INDEX])
  );

  // An opened packet: what its replay window says, whether its SA is down, and whether its peer has moved.
  stream_if #(sa_pkg::question_t) question ();
  stream_if #(logic) verdict ();
  logic asked, waits, accept;
  assign question.valid = window.valid;
  assign question.data = '{sa: window.sa, n: window.n};
  assign window.ready = question.ready;
  assign asked = question.valid && question.ready;
  assign verdict.valid = window.verdict_valid;
  assign verdict.data = window.ok;
  assign window.verdict_ready = verdict.ready;
  assign window.accept = accept && !faults[sapulse_pkg::SA_TABLE_ADMIN].valid;

  replay_window #(
      .SA_CAPACITY(SA_CAPACITY)
  ) u_window (
      .clk, .rst, .sweep,
      .question, .verdict, .waits,
      .accept_valid(window.accept_valid),
      .accept,
      .window_command, .window_read_valid, .window_read,
      .fault(faults[sapulse_pkg::SA_TABLE_WINDOW])
  );

  admin_state #(
      .SA_CAPACITY(SA_CAPACITY)
  ) u_admin (
      .clk, .sweep,
      .read_valid(asked),
      .read_sa(window.sa),
      .waits,
      .down(window.down),
      .admin_update,
      .fault(faults[sapulse_pkg::SA_TABLE_ADMIN])
  );

  peer_tags #(
      .SA_CAPACITY(SA_CAPACITY)
  ) u_tags (
      .clk, .sweep,
      .read_valid(asked),
      .read_sa(window.sa),
      .source(window.source),
      .waits,
      .moved(window.moved),
      .path_update,
      .fault(faults[sapulse_pkg::SA_TABLE_PEER])
  );

  path_memory #(
      .SA_CAPACITY(SA_CAPACITY)
  ) u_paths (.clk, .sweep, .path, .path_update, .fault(faults[sapulse_pkg::SA_TABLE_PATH]));

  // An answer's number, outbound half and customer sequence number are read in step; the write of an outbound half and of its first
  // number fall into one cycle, so no answer mixes old and new.
  stream_if #(sa_pkg::sa_t) sequence_request ();
  sa_pkg::sa_t issue_sa;
  sa_pkg::out_half_t out_half;
  sa_pkg::token_t out_token;
  logic requested, out_damaged;

  assign sequence_request.valid = reply_context.valid;
  assign sequence_request.data = reply_context.sa;
  assign reply_context.ready = sequence_request.ready;
  assign requested = sequence_request.valid && sequence_request.ready;
  assign reply_context.ctx = '{
    usable: sequence_number.usable && !out_damaged,
    spi: out_half.spi,
    sa: out_half.key,
    n: sequence_number.n,
    token: out_token.token,
    token_nonce: out_token.nonce,
    token_valid: out_token.valid,
    data_sequence: customer_number.number,
    data_sequence_valid: customer_number.seen
  };

  tx_sequence #(
      .SA_CAPACITY(SA_CAPACITY)
  ) u_sequence (
      .clk, .rst, .sweep,
      .sequence_request,
      .kept(reply_context.kept),
      .sequence_command,
      .number_valid(reply_context.context_valid),
      .sequence_read_valid, .sequence_number,
      .fault(faults[sapulse_pkg::SA_TABLE_SEQUENCE]),
      .issue_sa
  );

  sa_context #(
      .SA_CAPACITY(SA_CAPACITY)
  ) u_context (
      .clk, .rst, .sweep,
      .key, .key_update,
      .out_valid(requested),
      .out_sa(issue_sa),
      .out_half, .out_token, .out_damaged,
      .in_fault(faults[sapulse_pkg::SA_TABLE_IN_KEY]),
      .out_fault(faults[sapulse_pkg::SA_TABLE_OUT_KEY]),
      .token_fault(faults[sapulse_pkg::SA_TABLE_TOKEN])
  );

  data_sequence #(
      .SA_CAPACITY(SA_CAPACITY)
  ) u_customer (
      .clk, .rst, .sweep,
      .customer, .customer_clear, .customer_clear_done,
      .read_valid(requested || (sequence_command.valid && !sequence_command.write)),
      .read_sa(issue_sa),
      .customer_number,
      .fault(faults[sapulse_pkg::SA_TABLE_CUSTOMER])
  );

endmodule

`default_nettype wire
