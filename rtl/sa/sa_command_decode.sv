// SPDX-License-Identifier: Apache-2.0
// Takes a command descriptor apart and checks its fields. Combinational.
//
// descriptor: byte i at bits [8i+7:8i], fields as in rtl/registers/registers.yaml. opcode, cookie and sa are valid for every opcode, the
// other outputs for the opcode that has them. status: what sa_commands says about bad fields.
`default_nettype none

module sa_command_decode #(
    parameter int unsigned SA_CAPACITY = 1024,
    localparam int unsigned SA_W = $clog2(SA_CAPACITY),
    localparam int unsigned BUCKET_W = $clog2(SA_CAPACITY / 2)
) (
    input  wire  [              2047:0] descriptor,
    output logic [                 7:0] status,
    output logic [                 7:0] opcode,
    output logic [                31:0] cookie,
    output logic [                31:0] sa,
    // SA_WRITE_IN, SA_WRITE_OUT
    output logic [sa_pkg::KEY_BITS-1:0] key,          // a key_t
    output logic [                31:0] spi,          // SA_WRITE_OUT
    output logic [                63:0] next,
    output logic [               127:0] token,        // SA_WRITE_IN
    output logic                        token_valid,
    // INDEX_WRITE
    output logic                        bank,
    output logic                        slot,
    output logic [        BUCKET_W-1:0] bucket,
    output logic                        used,
    output logic [                31:0] index_spi,
    output sa_pkg::path_t               path,         // PATH_WRITE
    output logic                        down          // SA_ADMIN
);

  // Both halves of an SA have their key material at the same place.
  if (sapulse_pkg::DESC_SA_WRITE_IN_KEY_LSB != sapulse_pkg::DESC_SA_WRITE_OUT_KEY_LSB
      || sapulse_pkg::DESC_SA_WRITE_IN_H_LSB != sapulse_pkg::DESC_SA_WRITE_OUT_H_LSB
      || sapulse_pkg::DESC_SA_WRITE_IN_SALT_LSB != sapulse_pkg::DESC_SA_WRITE_OUT_SALT_LSB
      || sapulse_pkg::DESC_SA_WRITE_IN_AES256_LSB != sapulse_pkg::DESC_SA_WRITE_OUT_AES256_LSB) begin : gen_check
    $error("SA_WRITE_IN and SA_WRITE_OUT lay out key material differently");
  end

  wire [7:0] aes256_byte = descriptor[sapulse_pkg::DESC_SA_WRITE_IN_AES256_LSB+:8];
  wire [7:0] token_valid_byte = descriptor[sapulse_pkg::DESC_SA_WRITE_IN_TOKEN_VALID_LSB+:8];
  wire [7:0] bank_byte = descriptor[sapulse_pkg::DESC_INDEX_WRITE_BANK_LSB+:8];
  wire [7:0] slot_byte = descriptor[sapulse_pkg::DESC_INDEX_WRITE_SLOT_LSB+:8];
  wire [7:0] used_byte = descriptor[sapulse_pkg::DESC_INDEX_WRITE_VALID_LSB+:8];
  wire [31:0] bucket_word = descriptor[sapulse_pkg::DESC_INDEX_WRITE_BUCKET_LSB+:32];

  assign opcode = descriptor[sapulse_pkg::DESC_COMMAND_OPCODE_LSB+:8];
  assign cookie = descriptor[sapulse_pkg::DESC_COMMAND_COOKIE_LSB+:32];
  assign sa = descriptor[sapulse_pkg::DESC_COMMAND_SA_LSB+:32];
  assign spi = descriptor[sapulse_pkg::DESC_SA_WRITE_OUT_SPI_LSB+:32];
  assign next = descriptor[sapulse_pkg::DESC_SA_WRITE_OUT_NEXT_LSB+:64];
  assign token = descriptor[sapulse_pkg::DESC_SA_WRITE_IN_TOKEN_LSB+:128];
  assign token_valid = token_valid_byte[0];
  assign bank = bank_byte[0];
  assign slot = slot_byte[0];
  assign bucket = bucket_word[BUCKET_W-1:0];
  assign used = used_byte[0];
  assign index_spi = descriptor[sapulse_pkg::DESC_INDEX_WRITE_SPI_LSB+:32];

  sapulse_types_pkg::key_t key_fields;
  assign key_fields.key = descriptor[sapulse_pkg::DESC_SA_WRITE_IN_KEY_LSB+:256];
  assign key_fields.aes256 = aes256_byte[0];
  assign key_fields.salt = descriptor[sapulse_pkg::DESC_SA_WRITE_IN_SALT_LSB+:32];
  assign key_fields.h1 = descriptor[sapulse_pkg::DESC_SA_WRITE_IN_H_LSB+:128];
  assign key_fields.h2 = descriptor[sapulse_pkg::DESC_SA_WRITE_IN_H_LSB+128+:128];
  assign key_fields.h3 = descriptor[sapulse_pkg::DESC_SA_WRITE_IN_H_LSB+256+:128];
  assign key_fields.h4 = descriptor[sapulse_pkg::DESC_SA_WRITE_IN_H_LSB+384+:128];
  assign key = key_fields;

  logic path_bad;
  path_decode decode_path (
      .descriptor,
      .path,
      .bad(path_bad)
  );
  wire [7:0] down_byte = descriptor[sapulse_pkg::DESC_SA_ADMIN_DOWN_LSB+:8];
  assign down = down_byte[0];

  wire sa_bad = sa[31:SA_W] != {(32 - SA_W) {1'b0}};
  wire position_bad = bank_byte[7:1] != 7'd0 || slot_byte[7:1] != 7'd0
      || bucket_word[31:BUCKET_W] != {(32 - BUCKET_W) {1'b0}};
  wire aes256_bad = aes256_byte[7:1] != 7'd0;

  always_comb begin
    status = sapulse_pkg::STATUS_OK;
    case (opcode)
      sapulse_pkg::OPCODE_NOP, sapulse_pkg::OPCODE_FENCE: status = sapulse_pkg::STATUS_OK;
      sapulse_pkg::OPCODE_SA_READ, sapulse_pkg::OPCODE_SA_ERASE: if (sa_bad) status = sapulse_pkg::STATUS_BAD_SA;
      sapulse_pkg::OPCODE_SA_WRITE_IN: begin
        if (sa_bad) status = sapulse_pkg::STATUS_BAD_SA;
        else if (aes256_bad || token_valid_byte[7:1] != 7'd0) status = sapulse_pkg::STATUS_BAD_ARGUMENT;
      end
      sapulse_pkg::OPCODE_SA_WRITE_OUT: begin
        if (sa_bad) status = sapulse_pkg::STATUS_BAD_SA;
        else if (aes256_bad || next == 64'd0) status = sapulse_pkg::STATUS_BAD_ARGUMENT;
      end
      sapulse_pkg::OPCODE_INDEX_WRITE: begin
        if (sa_bad || position_bad) status = sapulse_pkg::STATUS_BAD_SA;
        else if (used_byte[7:1] != 7'd0) status = sapulse_pkg::STATUS_BAD_ARGUMENT;
      end
      sapulse_pkg::OPCODE_PATH_WRITE: begin
        if (sa_bad) status = sapulse_pkg::STATUS_BAD_SA;
        else if (path_bad) status = sapulse_pkg::STATUS_BAD_ARGUMENT;
      end
      sapulse_pkg::OPCODE_SA_ADMIN: begin
        if (sa_bad) status = sapulse_pkg::STATUS_BAD_SA;
        else if (down_byte[7:1] != 7'd0) status = sapulse_pkg::STATUS_BAD_ARGUMENT;
      end
      default: status = sapulse_pkg::STATUS_BAD_OPCODE;
    endcase
  end

  // Bytes that no command has, and the inbound SPI, which the index holds.
  wire unused = &{1'b0, descriptor};

endmodule

`default_nettype wire
