// SPDX-License-Identifier: Apache-2.0
// Carries out the commands about SAs, one at a time and in order; see the descriptors in rtl/registers/registers.yaml.
//
// cmd: the descriptor (byte i at bits [8i+7:8i]) stays valid until cmd_ready, which is high for one cycle when the command is done, so
//   keys are never kept here. rsp: the completion, every field but time. A command with a field out of range changes nothing.
// BAD_OPCODE: opcode not handled here. BAD_SA: SA number, bank, slot or bucket beyond the capacity.
// BAD_ARGUMENT: aes256, token_valid, valid, ipv6 or down neither 0 nor 1, next = 0, or a path that cannot be (path_decode).
//
// Ports to the tables: *_valid for one cycle, or until *_ready where there is one; fence_valid until fence_done.
`default_nettype none
`include "sapulse_assert.svh"

module sa_commands #(
    parameter int unsigned SA_CAPACITY = 1024,
    localparam int unsigned SA_W = $clog2(SA_CAPACITY),
    localparam int unsigned BUCKET_W = $clog2(SA_CAPACITY / 2)
) (
    input  wire                         clk,
    input  wire                         rst,
    input  wire                         ready,  // tables have been cleared

    input  wire                         cmd_valid,
    output logic                        cmd_ready,
    input  wire  [              2047:0] cmd_descriptor,
    output logic                        rsp_valid,
    input  wire                         rsp_ready,
    output logic [                 7:0] rsp_status,
    output logic [               511:0] rsp_completion,

    output logic [            SA_W-1:0] sa,          // of the command, for all ports below

    output logic                        index_valid,
    output logic                        index_bank,
    output logic                        index_slot,
    output logic [        BUCKET_W-1:0] index_bucket,
    output logic                        index_used,
    output logic [                31:0] index_spi,

    output logic                        write_in_valid,
    output logic                        write_out_valid,
    output logic [sa_pkg::KEY_BITS-1:0] write_key,
    output logic [               127:0] write_token,
    output logic                        write_token_valid,
    output logic [                31:0] write_spi,

    output logic                        window_valid,
    input  wire                         window_ready,
    output logic                        window_clear,   // otherwise read
    output logic                        window_active,
    input  wire                         window_read_valid,
    input  wire  [                63:0] window_top,
    input  wire  [                31:0] window_accepted,
    input  wire  [                31:0] window_replayed,
    input  wire  [                31:0] window_rejected,

    output logic                        sequence_valid,
    output logic                        sequence_write,  // otherwise read
    output logic [                63:0] sequence_next,
    input  wire                         sequence_read_valid,
    input  wire  [                63:0] sequence_n,

    output logic                        data_clear_valid,
    input  wire                         data_clear_ready,
    input  wire                         data_clear_done,
    input  wire  [                31:0] data_number,     // with sequence_read_valid
    input  wire                         data_seen,

    output logic                        fence_valid,
    input  wire                         fence_done,

    output logic                        path_valid,
    output sa_pkg::path_t               path,
    output logic                        admin_valid,
    output logic                        admin_down
);

  localparam logic [1:0] IDLE = 2'd0, EXECUTE = 2'd1, RESPOND = 2'd2;

  logic [1:0] state;
  logic [7:0] status, opcode;
  logic [31:0] cookie, sa_word, spi, index_spi_field;
  logic [sa_pkg::KEY_BITS-1:0] key;
  logic [63:0] next;
  logic [127:0] token;
  logic token_valid, bank, slot, used, down;
  sa_pkg::path_t path_fields;
  logic [BUCKET_W-1:0] bucket;

  sa_command_decode #(
      .SA_CAPACITY(SA_CAPACITY)
  ) decode (
      .descriptor(cmd_descriptor),
      .status,
      .opcode,
      .cookie,
      .sa(sa_word),
      .key,
      .spi,
      .next,
      .token,
      .token_valid,
      .bank,
      .slot,
      .bucket,
      .used,
      .index_spi(index_spi_field),
      .path(path_fields),
      .down
  );

  // The decoded command, from IDLE on; erase: the fields to write are zero.
  logic erase, window_waiting, sequence_waiting, clear_waiting;
  logic [7:0] opcode_q, status_q;
  logic [31:0] cookie_q, sa_q;
  logic [63:0] top_q, next_q;
  logic [31:0] accepted_q, replayed_q, rejected_q, number_q;
  logic seen_q;

  wire good = status == sapulse_pkg::STATUS_OK;
  wire is_write_in = good && opcode == sapulse_pkg::OPCODE_SA_WRITE_IN;
  wire is_write_out = good && opcode == sapulse_pkg::OPCODE_SA_WRITE_OUT;
  wire is_index = good && opcode == sapulse_pkg::OPCODE_INDEX_WRITE;
  wire is_read = good && opcode == sapulse_pkg::OPCODE_SA_READ;
  wire is_erase = good && opcode == sapulse_pkg::OPCODE_SA_ERASE;
  wire is_fence = good && opcode == sapulse_pkg::OPCODE_FENCE;
  wire is_path = good && opcode == sapulse_pkg::OPCODE_PATH_WRITE;
  wire is_admin = good && opcode == sapulse_pkg::OPCODE_SA_ADMIN;

  wire start = state == IDLE && cmd_valid && ready;
  wire done = !(window_valid && !window_ready) && !(clear_waiting && !data_clear_done) && !sequence_valid
      && !(fence_valid && !fence_done) && !(window_waiting && !window_read_valid)
      && !(sequence_waiting && !sequence_read_valid);

  always_ff @(posedge clk) begin
    cmd_ready <= 1'b0;
    if (start) state <= EXECUTE;
    if (state == EXECUTE && done) begin
      state <= RESPOND;
      cmd_ready <= 1'b1;
    end
    if (state == RESPOND && rsp_ready) state <= IDLE;
    if (rst) begin
      state <= IDLE;
      cmd_ready <= 1'b0;
    end
  end

  // Requests to the tables: raised at the start, each lowered when it has been taken.
  always_ff @(posedge clk) begin
    index_valid <= start && is_index;
    write_in_valid <= start && (is_write_in || is_erase);
    write_out_valid <= start && (is_write_out || is_erase);
    sequence_valid <= start && (is_write_out || is_erase || is_read);
    path_valid <= start && (is_path || is_erase);
    admin_valid <= start && (is_admin || is_write_in || is_erase);
    if (window_ready) window_valid <= 1'b0;
    if (data_clear_ready) data_clear_valid <= 1'b0;
    if (data_clear_done) clear_waiting <= 1'b0;
    if (fence_done) fence_valid <= 1'b0;
    if (window_read_valid) window_waiting <= 1'b0;
    if (sequence_read_valid) sequence_waiting <= 1'b0;
    if (start) begin
      erase <= is_erase;
      admin_down <= is_admin && down;
      window_valid <= is_write_in || is_erase || is_read;
      window_clear <= !is_read;
      window_active <= is_write_in;
      window_waiting <= is_read;
      sequence_write <= !is_read;
      sequence_waiting <= is_read;
      data_clear_valid <= is_write_in || is_erase;
      clear_waiting <= is_write_in || is_erase;
      fence_valid <= is_fence;
    end
    if (rst) begin
      {index_valid, write_in_valid, write_out_valid, sequence_valid} <= 4'd0;
      {window_valid, data_clear_valid, fence_valid} <= 3'd0;
      {path_valid, admin_valid} <= 2'd0;
      {window_waiting, sequence_waiting, clear_waiting} <= 3'd0;
    end
  end

  // The completion.
  always_ff @(posedge clk) begin
    if (start) begin
      opcode_q <= opcode;
      status_q <= status;
      cookie_q <= cookie;
      sa_q <= sa_word;
      {top_q, next_q, accepted_q, replayed_q, rejected_q, number_q, seen_q} <= 257'd0;
    end
    if (window_waiting && window_read_valid) begin
      top_q <= window_top;
      accepted_q <= window_accepted;
      replayed_q <= window_replayed;
      rejected_q <= window_rejected;
    end
    if (sequence_waiting && sequence_read_valid) begin
      next_q <= sequence_n;
      number_q <= data_number;
      seen_q <= data_seen;
    end
  end

  assign rsp_valid = state == RESPOND;
  assign rsp_status = status_q;
  always_comb begin
    rsp_completion = 512'd0;
    rsp_completion[sapulse_pkg::DESC_COMPLETION_OPCODE_LSB+:8] = opcode_q;
    rsp_completion[sapulse_pkg::DESC_COMPLETION_STATUS_LSB+:8] = status_q;
    rsp_completion[sapulse_pkg::DESC_COMPLETION_COOKIE_LSB+:32] = cookie_q;
    rsp_completion[sapulse_pkg::DESC_COMPLETION_SA_LSB+:32] = sa_q;
    rsp_completion[sapulse_pkg::DESC_COMPLETION_WINDOW_TOP_LSB+:64] = top_q;
    rsp_completion[sapulse_pkg::DESC_COMPLETION_NEXT_LSB+:64] = next_q;
    rsp_completion[sapulse_pkg::DESC_COMPLETION_ACCEPTED_LSB+:32] = accepted_q;
    rsp_completion[sapulse_pkg::DESC_COMPLETION_REPLAYED_LSB+:32] = replayed_q;
    rsp_completion[sapulse_pkg::DESC_COMPLETION_REJECTED_LSB+:32] = rejected_q;
    rsp_completion[sapulse_pkg::DESC_COMPLETION_DATA_SEQUENCE_LSB+:32] = number_q;
    rsp_completion[sapulse_pkg::DESC_COMPLETION_DATA_SEQUENCE_VALID_LSB+:8] = {7'd0, seen_q};
  end

  assign sa = sa_q[SA_W-1:0];
  assign index_bank = bank;
  assign index_slot = slot;
  assign index_bucket = bucket;
  assign index_used = used;
  assign index_spi = index_spi_field;
  assign write_key = erase ? {sa_pkg::KEY_BITS{1'b0}} : key;
  assign write_token = erase ? 128'd0 : token;
  assign write_token_valid = !erase && token_valid;
  assign write_spi = erase ? 32'd0 : spi;
  always_comb begin
    path = path_fields;
    path.valid = !erase && path_fields.valid;
  end
  assign sequence_next = erase ? 64'd0 : next;

  `SAPULSE_ASSERT(clk, rst, !(state == EXECUTE && !cmd_valid), "the command was taken back before cmd_ready")

endmodule

`default_nettype wire
