// SPDX-License-Identifier: Apache-2.0
// Takes a command descriptor apart and checks its fields. Combinational.
//
// status: what sa_commands says about bad fields.
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

  sapulse_pkg::sa_write_in_t write_in;
  sapulse_pkg::sa_write_out_t write_out;
  sapulse_pkg::index_write_t index;
  sapulse_pkg::sa_admin_t admin;
  assign write_in = descriptor;
  assign write_out = descriptor;
  assign index = descriptor;
  assign admin = descriptor;

  // Both halves of an SA have their key material at the same place.
  localparam sapulse_pkg::sa_write_in_t IN_KEY = '{key: '1, aes256: '1, salt: '1, h: '1, default: '0};
  localparam sapulse_pkg::sa_write_out_t OUT_KEY = '{key: '1, aes256: '1, salt: '1, h: '1, default: '0};
  if (IN_KEY != OUT_KEY) begin : g_check
    $error("SA_WRITE_IN and SA_WRITE_OUT lay out key material differently");
  end

  sa_pkg::path_t path;
  logic path_bad, sa_bad, position_bad, aes256_bad;

  path_decode u_path (.descriptor, .path, .bad(path_bad));

  assign command = '{
    opcode: write_in.opcode,
    cookie: write_in.cookie,
    sa: write_in.sa,
    key: '{
      key: write_in.key, aes256: write_in.aes256[0], salt: write_in.salt,
      h1: write_in.h[0+:128], h2: write_in.h[128+:128], h3: write_in.h[256+:128], h4: write_in.h[384+:128]
    },
    token: '{valid: write_in.token_valid[0], token: write_in.token},
    spi: write_out.spi,
    next: write_out.next,
    bank: index.bank[0],
    slot: index.slot[0],
    bucket: index.bucket[$bits(sa_pkg::bucket_t)-1:0],
    used: index.valid[0],
    index_spi: index.spi,
    path: path,
    down: admin.down[0]
  };

  assign sa_bad = command.sa[31:SA_W] != '0;
  assign position_bad = index.bank[7:1] != '0 || index.slot[7:1] != '0 || index.bucket[31:BUCKET_W] != '0;
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
        else if (index.valid[7:1] != '0) status = sapulse_pkg::STATUS_BAD_ARGUMENT;
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
  wire unused = &{1'b0, write_in, write_out, index, admin};

endmodule

`default_nettype wire
