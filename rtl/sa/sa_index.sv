// SPDX-License-Identifier: Apache-2.0
// SPI index: two banks (one hash function each) of SA_CAPACITY / 2 buckets of two slots; a lookup reads all four slots at once.
//
// lookup: one question a cycle; `epoch` of its cycle travels along to the result.
// enable low: nothing is found. If several slots hold the SPI, they must name the same SA (a copy being moved).
// fault: a lookup has met a damaged slot, which holds no SPI.
// slot_update: one a cycle; a lookup of the same cycle or earlier sees the old slot, a later one the new slot.
`default_nettype none
`include "sapulse_assert.svh"

module sa_index #(
    parameter int unsigned SA_CAPACITY = 1024
) (
    input wire clk,
    input wire rst,
    input wire enable,
    input wire sa_pkg::sweep_t sweep,
    input wire epoch,

    sa_lookup_if.server lookup,

    input wire sa_pkg::slot_update_t slot_update,

    output sa_pkg::fault_t fault
);

  localparam int unsigned SA_W = $clog2(SA_CAPACITY);
  localparam int unsigned BUCKETS = SA_CAPACITY / 2;
  localparam int unsigned BUCKET_W = $clog2(BUCKETS);
  localparam int unsigned WAYS = sapulse_pkg::INDEX_BANKS * sapulse_pkg::INDEX_SLOTS;
  localparam int unsigned STAGES = sa_pkg::LOOKUP_LATENCY;

  if (sapulse_pkg::INDEX_BANKS != 2 || sapulse_pkg::INDEX_SLOTS != 2 || STAGES != 5) begin : g_check
    $error("sa_index is written for two banks of two slots and five stages");
  end

  typedef struct packed {
    logic            used;
    logic [31:0]     spi;
    logic [SA_W-1:0] sa;
  } entry_t;

  // Stage 1: hash, 2: RAM, 3: output register of the RAM, 4: compare, 5: select.
  logic [STAGES:1] valid;
  logic [STAGES:1] epochs;
  logic [31:0] spi_1, spi_2, spi_3;
  logic [sapulse_pkg::INDEX_BANKS-1:0][BUCKET_W-1:0] hash, bucket_1, bucket_2, bucket_3, bucket_4;
  entry_t [WAYS-1:0] entries_2, entries_3;
  logic [WAYS-1:0] check_2, check_3, hit_4, damaged_4;
  logic [WAYS-1:0][SA_W-1:0] sa_4;

  crc_hash #(.POLYNOMIAL(sapulse_pkg::HASH_POLY_0), .WIDTH(BUCKET_W)) u_hash_0 (.data(lookup.spi), .hash(hash[0]));
  crc_hash #(.POLYNOMIAL(sapulse_pkg::HASH_POLY_1), .WIDTH(BUCKET_W)) u_hash_1 (.data(lookup.spi), .hash(hash[1]));

  entry_t write_entry;
  assign write_entry = slot_update.used ? '{used: 1'b1, spi: slot_update.spi, sa: slot_update.sa[SA_W-1:0]} : '0;

  for (genvar way = 0; way < WAYS; way++) begin : g_way
    localparam int unsigned BANK = way / 2;
    localparam logic SLOT = way[0];

    sa_ram #(
        .T(entry_t),
        .DEPTH(BUCKETS)
    ) u_slots (
        .clk, .sweep,
        .write_valid(slot_update.valid && slot_update.bank == BANK[0] && slot_update.slot == SLOT),
        .write_address(sa_pkg::sa_t'(slot_update.bucket)),
        .write_data(write_entry),
        .read_address(sa_pkg::sa_t'(bucket_1[BANK])),
        .read_data(entries_2[way]),
        .read_check(check_2[way])
    );

    wire damaged_3;
    parity #(.WIDTH($bits(entry_t) + 1)) u_parity (.data({entries_3[way], check_3[way]}), .odd(damaged_3));
    always_ff @(posedge clk) begin
      hit_4[way] <= valid[3] && enable && entries_3[way].used && entries_3[way].spi == spi_3 && !damaged_3;
      damaged_4[way] <= valid[3] && enable && damaged_3;
      sa_4[way] <= entries_3[way].sa;
    end
  end

  logic [SA_W-1:0] hit_sa, result_sa;
  logic [1:0] damaged_way;
  always_comb begin
    hit_sa = '0;
    damaged_way = '0;
    for (int way = WAYS - 1; way >= 0; way--) begin
      if (hit_4[way]) hit_sa = sa_4[way];
      if (damaged_4[way]) damaged_way = way[1:0];
    end
  end

  always_ff @(posedge clk) begin
    valid <= {valid[STAGES-1:1], lookup.valid};
    epochs <= {epochs[STAGES-1:1], epoch};
    spi_1 <= lookup.spi;
    spi_2 <= spi_1;
    spi_3 <= spi_2;
    bucket_1 <= hash;
    bucket_2 <= bucket_1;
    bucket_3 <= bucket_2;
    bucket_4 <= bucket_3;
    entries_3 <= entries_2;
    check_3 <= check_2;
    lookup.found <= |hit_4;
    result_sa <= hit_sa;
    fault <= '{valid: |damaged_4, entry: {sa_pkg::bucket_t'(bucket_4[damaged_way[1]]), damaged_way}};
    if (rst) valid <= '0;
  end

  assign lookup.result_valid = valid[STAGES];
  assign lookup.epoch = epochs[STAGES];
  assign lookup.sa = sa_pkg::sa_t'(result_sa);

  wire unused = &{1'b0, slot_update.sa};

`ifndef SYNTHESIS
  logic copies_agree;
  always_comb begin
    copies_agree = 1'b1;
    for (int way = 0; way < WAYS; way++) begin
      if (hit_4[way] && sa_4[way] != hit_sa) copies_agree = 1'b0;
    end
  end
  `SAPULSE_ASSERT(clk, rst, copies_agree, "two slots hold one SPI and name different SAs")
`endif

endmodule

`default_nettype wire
