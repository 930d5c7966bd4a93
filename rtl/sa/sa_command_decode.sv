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

  // The descriptor, as each of the commands has it.
  sapulse_pkg::sa_write_in_t write_in;
  sapulse_pkg::sa_write_out_t write_out;
  sapulse_pkg::index_write_t index_write;
  sapulse_pkg::sa_admin_t admin;
  assign write_in = descriptor;
  assign write_out = descriptor;
  assign index_write = descriptor;
  assign admin = descriptor;

  sa_pkg::path_t path;
  logic path_bad, sa_bad, position_bad, aes256_bad;

  path_decode u_path (.descriptor, .path, .bad(path_bad));

  assign command = '{
    opcode: write_in.opcode,
    cookie: write_in.cookie,
    sa: write_in.sa,
    key: '{
      key: write_in.key, aes256: write_in.aes256[0], salt: write_in.salt,
      h1: write_in.h[127:0], h2: write_in.h[255:128], h3: write_in.h[383:256], h4: write_in.h[511:384]
    },
    token: '{valid: write_in.token_valid[0], token: write_in.token},
    spi: write_out.spi,
    next: write_out.next,
    bank: index_write.bank[0],
    slot: index_write.slot[0],
    bucket: index_write.bucket[$bits(sa_pkg::bucket_t)-1:0],
    used: index_write.valid[0],
    index_spi: index_write.spi,
    path: path,
    down: admin.down[0]
  };

  assign sa_bad = command.sa[31:SA_W] != '0;
  assign position_bad = index_write.bank[7:1] != '0 || index_write.slot[7:1] != '0 || index_write.bucket[31:BUCKET_W] != '0;
  assign aes256_bad = write_in.aes256[7:1] != '0;

  always_comb begin
    status = sapulse_pkg::STATUS_OK;
    case (command.opcode)
      sapulse_pkg::OPCODE_NOP, sapulse_pkg::OPCODE_FENCE: status = sapulse_pkg::STATUS_OK;
      sapulse_pkg::OPCODE_SA_READ, sapulse_pkg::OPCODE_SA_ERASE: if (sa_bad) status = sapulse_pkg::STATUS_BAD_SA;
      sapulse_pkg::OPCODE_SA_WRITE_IN: begin
        if (sa_bad) status = sapulse_pkg::STATUS_BAD_SA;
        else if (aes256_bad || write_in.token_valid[7:1] != '0) status = sapulse_pkg::STATUS_BAD_ARGUMENT;
      end
      sapulse_pkg::OPCODE_SA_WRITE_OUT: begin
        if (sa_bad) status = sapulse_pkg::STATUS_BAD_SA;
        else if (aes256_bad || command.next == '0) status = sapulse_pkg::STATUS_BAD_ARGUMENT;
      end
      sapulse_pkg::OPCODE_INDEX_WRITE: begin
        if (sa_bad || position_bad) status = sapulse_pkg::STATUS_BAD_SA;
        else if (index_write.valid[7:1] != '0) status = sapulse_pkg::STATUS_BAD_ARGUMENT;
      end
      sapulse_pkg::OPCODE_PATH_WRITE: begin
        if (sa_bad) status = sapulse_pkg::STATUS_BAD_SA;
        else if (path_bad) status = sapulse_pkg::STATUS_BAD_ARGUMENT;
      end
      sapulse_pkg::OPCODE_SA_ADMIN: begin
        if (sa_bad) status = sapulse_pkg::STATUS_BAD_SA;
        else if (admin.down[7:1] != '0) status = sapulse_pkg::STATUS_BAD_ARGUMENT;
      end
      default: status = sapulse_pkg::STATUS_BAD_OPCODE;
    endcase
  end

  // Bytes that no command has, and the inbound SPI, which the index holds.
  wire unused = &{1'b0, write_in, write_out, index_write, admin};

endmodule

`default_nettype wire
