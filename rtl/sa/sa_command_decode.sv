// SPDX-License-Identifier: Apache-2.0
// Takes a command descriptor apart and checks its fields. Combinational.
//
// descriptor: byte i at bits [8i+7:8i], fields as in rtl/registers/registers.yaml. status: what sa_commands says about bad fields.
`default_nettype none

module sa_command_decode #(
    parameter int unsigned SA_CAPACITY = 1024
) (
    input wire [8*sapulse_pkg::COMMAND_BYTES-1:0] descriptor,
    output sa_pkg::sa_command_t command,
    output logic [7:0]       status
);

  localparam int unsigned SA_W = $clog2(SA_CAPACITY);
  localparam int unsigned BUCKET_W = $clog2(SA_CAPACITY / 2);

  // Both halves of an SA have their key material at the same place.
  if (sapulse_pkg::DESC_SA_WRITE_IN_KEY_LSB != sapulse_pkg::DESC_SA_WRITE_OUT_KEY_LSB
      || sapulse_pkg::DESC_SA_WRITE_IN_H_LSB != sapulse_pkg::DESC_SA_WRITE_OUT_H_LSB
      || sapulse_pkg::DESC_SA_WRITE_IN_SALT_LSB != sapulse_pkg::DESC_SA_WRITE_OUT_SALT_LSB
      || sapulse_pkg::DESC_SA_WRITE_IN_AES256_LSB != sapulse_pkg::DESC_SA_WRITE_OUT_AES256_LSB) begin : g_check
    $error("SA_WRITE_IN and SA_WRITE_OUT lay out key material differently");
  end

  // Fields that are wider than what they may hold.
  logic [7:0] aes256, token_valid, bank, slot, used, down;
  logic [31:0] bucket;
  assign aes256 = descriptor[sapulse_pkg::DESC_SA_WRITE_IN_AES256_LSB+:8];
  assign token_valid = descriptor[sapulse_pkg::DESC_SA_WRITE_IN_TOKEN_VALID_LSB+:8];
  assign bank = descriptor[sapulse_pkg::DESC_INDEX_WRITE_BANK_LSB+:8];
  assign slot = descriptor[sapulse_pkg::DESC_INDEX_WRITE_SLOT_LSB+:8];
  assign used = descriptor[sapulse_pkg::DESC_INDEX_WRITE_VALID_LSB+:8];
  assign bucket = descriptor[sapulse_pkg::DESC_INDEX_WRITE_BUCKET_LSB+:32];
  assign down = descriptor[sapulse_pkg::DESC_SA_ADMIN_DOWN_LSB+:8];

  sa_pkg::path_t path;
  logic path_bad, sa_bad, position_bad, aes256_bad;

  path_decode u_path (.descriptor, .path, .bad(path_bad));

  assign command = '{
    opcode: descriptor[sapulse_pkg::DESC_COMMAND_OPCODE_LSB+:8],
    cookie: descriptor[sapulse_pkg::DESC_COMMAND_COOKIE_LSB+:32],
    sa: descriptor[sapulse_pkg::DESC_COMMAND_SA_LSB+:32],
    key: '{
      key: descriptor[sapulse_pkg::DESC_SA_WRITE_IN_KEY_LSB+:256],
      aes256: aes256[0],
      salt: descriptor[sapulse_pkg::DESC_SA_WRITE_IN_SALT_LSB+:32],
      h1: descriptor[sapulse_pkg::DESC_SA_WRITE_IN_H_LSB+:128],
      h2: descriptor[sapulse_pkg::DESC_SA_WRITE_IN_H_LSB+128+:128],
      h3: descriptor[sapulse_pkg::DESC_SA_WRITE_IN_H_LSB+256+:128],
      h4: descriptor[sapulse_pkg::DESC_SA_WRITE_IN_H_LSB+384+:128]
    },
    token: '{valid: token_valid[0], token: descriptor[sapulse_pkg::DESC_SA_WRITE_IN_TOKEN_LSB+:128]},
    spi: descriptor[sapulse_pkg::DESC_SA_WRITE_OUT_SPI_LSB+:32],
    next: descriptor[sapulse_pkg::DESC_SA_WRITE_OUT_NEXT_LSB+:64],
    bank: bank[0],
    slot: slot[0],
    bucket: bucket[$bits(sa_pkg::bucket_t)-1:0],
    used: used[0],
    index_spi: descriptor[sapulse_pkg::DESC_INDEX_WRITE_SPI_LSB+:32],
    path: path,
    down: down[0]
  };

  assign sa_bad = command.sa[31:SA_W] != '0;
  assign position_bad = bank[7:1] != '0 || slot[7:1] != '0 || bucket[31:BUCKET_W] != '0;
  assign aes256_bad = aes256[7:1] != '0;

  always_comb begin
    status = sapulse_pkg::STATUS_OK;
    case (command.opcode)
      sapulse_pkg::OPCODE_NOP, sapulse_pkg::OPCODE_FENCE: status = sapulse_pkg::STATUS_OK;
      sapulse_pkg::OPCODE_SA_READ, sapulse_pkg::OPCODE_SA_ERASE: if (sa_bad) status = sapulse_pkg::STATUS_BAD_SA;
      sapulse_pkg::OPCODE_SA_WRITE_IN: begin
        if (sa_bad) status = sapulse_pkg::STATUS_BAD_SA;
        else if (aes256_bad || token_valid[7:1] != '0) status = sapulse_pkg::STATUS_BAD_ARGUMENT;
      end
      sapulse_pkg::OPCODE_SA_WRITE_OUT: begin
        if (sa_bad) status = sapulse_pkg::STATUS_BAD_SA;
        else if (aes256_bad || command.next == '0) status = sapulse_pkg::STATUS_BAD_ARGUMENT;
      end
      sapulse_pkg::OPCODE_INDEX_WRITE: begin
        if (sa_bad || position_bad) status = sapulse_pkg::STATUS_BAD_SA;
        else if (used[7:1] != '0) status = sapulse_pkg::STATUS_BAD_ARGUMENT;
      end
      sapulse_pkg::OPCODE_PATH_WRITE: begin
        if (sa_bad) status = sapulse_pkg::STATUS_BAD_SA;
        else if (path_bad) status = sapulse_pkg::STATUS_BAD_ARGUMENT;
      end
      sapulse_pkg::OPCODE_SA_ADMIN: begin
        if (sa_bad) status = sapulse_pkg::STATUS_BAD_SA;
        else if (down[7:1] != '0) status = sapulse_pkg::STATUS_BAD_ARGUMENT;
      end
      default: status = sapulse_pkg::STATUS_BAD_OPCODE;
    endcase
  end

  // Bytes that no command has, and the inbound SPI, which the index holds.
  wire unused = &{1'b0, descriptor};

endmodule

`default_nettype wire
