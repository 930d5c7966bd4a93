// SPDX-License-Identifier: Apache-2.0
// Carries out the commands about SAs, one at a time and in order; see contract/description/descriptors.yaml.
//
// ready: the tables have been cleared; until then commands wait.
// command: the descriptor stays valid until cmd_ready, which is high for one cycle when the command is done, so keys are never kept
//   here. A command with a field out of range changes nothing.
// BAD_OPCODE: opcode not handled here. BAD_SA: SA number, bank, slot or bucket beyond the capacity.
// BAD_ARGUMENT: aes256, token_valid, valid, ipv6 or down neither 0 nor 1, next = 0, or a path that cannot be (path_decode).
//
// To the tables: what has no ready is taken in the cycle in which it is valid. fence_valid is held until fence_done.
// sequence_read_valid: sequence_n, the next control sequence number, and customer_number are what sequence_command has asked for.
`default_nettype none
`include "sapulse_assert.svh"

module sa_commands #(
    parameter int unsigned SA_CAPACITY = 1024
) (
    input wire clk,
    input wire rst,
    input wire ready,

    command_if.server command,

    output sa_pkg::slot_update_t  slot_update,
    output sa_pkg::key_update_t   key_update,
    output sa_pkg::path_update_t  path_update,
    output sa_pkg::admin_update_t admin_update,

    stream_if.source window_command,  // window_command_t
    input wire       window_read_valid,
    input wire sa_pkg::window_read_t window_read,

    output sa_pkg::sequence_command_t sequence_command,
    input  wire                       sequence_read_valid,
    input  wire [63:0]                sequence_n,
    input  wire sa_pkg::customer_number_t customer_number,

    stream_if.source customer_clear,  // sa_t
    input wire       customer_clear_done,

    output logic fence_valid,
    input  wire  fence_done
);

  typedef enum logic [1:0] {IDLE, EXECUTE, RESPOND} state_t;
  state_t state;

  sa_pkg::sa_command_t decoded;
  logic [7:0] status_now, status;
  sa_command_decode #(.SA_CAPACITY(SA_CAPACITY)) u_decode (
      .descriptor(command.descriptor), .command(decoded), .status(status_now)
  );

  // A command starts in the cycle after it has been checked.
  logic start, checked, good, is_write_in, is_write_out, is_index, is_read, is_erase, is_fence, is_path, is_admin;
  always_ff @(posedge clk) begin
    checked <= state == IDLE && command.cmd_valid && !start && !rst;
    status <= status_now;
  end
  assign good = status == sapulse_pkg::STATUS_OK;
  assign is_write_in = good && decoded.opcode == sapulse_pkg::OPCODE_SA_WRITE_IN;
  assign is_write_out = good && decoded.opcode == sapulse_pkg::OPCODE_SA_WRITE_OUT;
  assign is_index = good && decoded.opcode == sapulse_pkg::OPCODE_INDEX_WRITE;
  assign is_read = good && decoded.opcode == sapulse_pkg::OPCODE_SA_READ;
  assign is_erase = good && decoded.opcode == sapulse_pkg::OPCODE_SA_ERASE;
  assign is_fence = good && decoded.opcode == sapulse_pkg::OPCODE_FENCE;
  assign is_path = good && decoded.opcode == sapulse_pkg::OPCODE_PATH_WRITE;
  assign is_admin = good && decoded.opcode == sapulse_pkg::OPCODE_SA_ADMIN;

  // From the start on; erase: the fields to write are zero.
  logic index_valid, write_in_valid, write_out_valid, path_valid, admin_valid, sequence_valid;
  logic erase, down, window_clear, window_active, sequence_write;
  logic window_waiting, sequence_waiting, clear_waiting;
  logic done;

  assign start = checked && command.cmd_valid && ready;
  assign done = !(window_command.valid && !window_command.ready) && !(clear_waiting && !customer_clear_done) && !sequence_valid
      && !(fence_valid && !fence_done) && !(window_waiting && !window_read_valid)
      && !(sequence_waiting && !sequence_read_valid);

  always_ff @(posedge clk) begin
    command.cmd_ready <= 1'b0;
    if (start) state <= EXECUTE;
    if (state == EXECUTE && done) begin
      state <= RESPOND;
      command.cmd_ready <= 1'b1;
    end
    if (state == RESPOND && command.rsp_ready) state <= IDLE;
    if (rst) begin
      state <= IDLE;
      command.cmd_ready <= 1'b0;
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
    if (window_command.ready) window_command.valid <= 1'b0;
    if (customer_clear.ready) customer_clear.valid <= 1'b0;
    if (customer_clear_done) clear_waiting <= 1'b0;
    if (fence_done) fence_valid <= 1'b0;
    if (window_read_valid) window_waiting <= 1'b0;
    if (sequence_read_valid) sequence_waiting <= 1'b0;
    if (start) begin
      erase <= is_erase;
      down <= is_admin && decoded.down;
      window_command.valid <= is_write_in || is_erase || is_read;
      window_clear <= !is_read;
      window_active <= is_write_in;
      window_waiting <= is_read;
      sequence_write <= !is_read;
      sequence_waiting <= is_read;
      customer_clear.valid <= is_write_in || is_erase;
      clear_waiting <= is_write_in || is_erase;
      fence_valid <= is_fence;
    end
    if (rst) begin
      {index_valid, write_in_valid, write_out_valid, path_valid, admin_valid, sequence_valid} <= '0;
      {window_command.valid, customer_clear.valid, fence_valid} <= '0;
      {window_waiting, sequence_waiting, clear_waiting} <= '0;
    end
  end

  // The completion; found: zero but for SA_READ.
  logic [7:0] opcode;
  logic [31:0] cookie, sa_word;
  sa_pkg::window_read_t window_found;
  logic [63:0] next_found;
  sa_pkg::customer_number_t customer_found;

  always_ff @(posedge clk) begin
    if (start) begin
      opcode <= decoded.opcode;
      command.status <= status;
      cookie <= decoded.cookie;
      sa_word <= decoded.sa;
      {window_found, next_found, customer_found} <= '0;
    end
    if (window_waiting && window_read_valid) window_found <= window_read;
    if (sequence_waiting && sequence_read_valid) begin
      next_found <= sequence_n;
      customer_found <= customer_number;
    end
  end

  assign command.rsp_valid = state == RESPOND;
  sapulse_pkg::completion_t completion;
  assign completion = '{
    opcode: opcode,
    status: command.status,
    cookie: cookie,
    sa: sa_word,
    window_top: window_found.top,
    next: next_found,
    accepted: window_found.accepted,
    replayed: window_found.replayed,
    rejected: window_found.rejected,
    data_sequence: customer_found.number,
    data_sequence_valid: 8'(customer_found.seen),
    default: '0
  };
  assign command.completion = completion;

  // What the tables are asked and told.
  sa_pkg::sa_t sa;
  assign sa = sa_word[$bits(sa)-1:0];
  assign slot_update = '{
    valid: index_valid, bank: decoded.bank, slot: decoded.slot, bucket: decoded.bucket, used: decoded.used,
    spi: decoded.index_spi, sa: sa
  };
  assign key_update = '{
    in_valid: write_in_valid, out_valid: write_out_valid, sa: sa,
    key: erase ? '0 : decoded.key, token: erase ? '0 : decoded.token, spi: erase ? '0 : decoded.spi
  };
  always_comb begin
    path_update = '{valid: path_valid, sa: sa, path: decoded.path};
    path_update.path.valid = !erase && decoded.path.valid;
  end
  assign admin_update = '{valid: admin_valid, sa: sa, down: down};
  assign window_command.data = '{
    sa: sa, clear: window_clear, active: window_active, top: window_active ? decoded.window_top : '0
  };
  assign sequence_command = '{valid: sequence_valid, write: sequence_write, sa: sa, next: erase ? '0 : decoded.next};
  assign customer_clear.data = sa;

  `SAPULSE_ASSERT(clk, rst, !(state == EXECUTE && !command.cmd_valid), "the command was taken back before cmd_ready")

endmodule

`default_nettype wire
