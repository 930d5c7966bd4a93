// SPDX-License-Identifier: Apache-2.0
// SPI index: two banks (one hash function each) of SA_CAPACITY / 2 buckets of two slots; a lookup reads all four slots at once.
//
// lookup: one a cycle; result sa_pkg::LOOKUP_LATENCY cycles later, in order. lookup_epoch travels along to result_epoch.
// enable low: nothing is found. If several slots hold the SPI, they must name the same SA (a copy being moved).
// write: one slot in one cycle; a lookup of the same cycle or earlier sees the old slot, a later one the new slot.
`default_nettype none
`include "sapulse_assert.svh"

module sa_index #(
    parameter int unsigned SA_CAPACITY = 1024,
    localparam int unsigned SA_W = $clog2(SA_CAPACITY),
    localparam int unsigned BUCKETS = SA_CAPACITY / 2,
    localparam int unsigned BUCKET_W = $clog2(BUCKETS)
) (
    input  wire                 clk,
    input  wire                 rst,
    input  wire                 enable,
    input  wire                 sweep_valid,
    input  wire  [BUCKET_W-1:0] sweep_bucket,

    input  wire                 lookup_valid,
    input  wire  [        31:0] lookup_spi,
    input  wire                 lookup_epoch,
    output logic                result_valid,
    output logic                result_found,
    output logic [    SA_W-1:0] result_sa,
    output logic                result_epoch,

    input  wire                 write_valid,
    input  wire                 write_bank,
    input  wire                 write_slot,
    input  wire  [BUCKET_W-1:0] write_bucket,
    input  wire                 write_used,    // 0: clear the slot
    input  wire  [        31:0] write_spi,
    input  wire  [    SA_W-1:0] write_sa
);

  localparam int unsigned WAYS = sapulse_pkg::INDEX_BANKS * sapulse_pkg::INDEX_SLOTS;
  localparam int unsigned ENTRY_W = 1 + 32 + SA_W;  // used, SPI, SA
  localparam int unsigned STAGES = sa_pkg::LOOKUP_LATENCY;

  if (sapulse_pkg::INDEX_BANKS != 2 || sapulse_pkg::INDEX_SLOTS != 2 || STAGES != 5) begin : gen_check
    $error("sa_index is written for two banks of two slots and five stages");
  end

  // Stage 1: hash, 2: RAM, 3: output register of the RAM, 4: compare, 5: select.
  logic [STAGES:1] valid;
  logic [STAGES:1] epoch;
  logic [31:0] spi_1, spi_2, spi_3;
  logic [2*BUCKET_W-1:0] hash;
  logic [2*BUCKET_W-1:0] bucket_1;
  logic [WAYS*ENTRY_W-1:0] entries_2, entries_3;
  logic [WAYS-1:0] hit_4;
  logic [WAYS*SA_W-1:0] sa_4;

  spi_hash #(
      .POLYNOMIAL(sapulse_pkg::HASH_POLY_0),
      .WIDTH(BUCKET_W)
  ) hash_0 (
      .spi (lookup_spi),
      .hash(hash[0+:BUCKET_W])
  );
  spi_hash #(
      .POLYNOMIAL(sapulse_pkg::HASH_POLY_1),
      .WIDTH(BUCKET_W)
  ) hash_1 (
      .spi (lookup_spi),
      .hash(hash[BUCKET_W+:BUCKET_W])
  );

  wire [ENTRY_W-1:0] write_entry = write_used ? {1'b1, write_spi, write_sa} : {ENTRY_W{1'b0}};

  for (genvar way = 0; way < WAYS; way = way + 1) begin : gen_way
    localparam int unsigned BANK = way / 2;
    localparam logic SLOT = way[0];
    wire [ENTRY_W-1:0] entry = entries_3[ENTRY_W*way+:ENTRY_W];

    sa_ram #(
        .WIDTH(ENTRY_W),
        .DEPTH(BUCKETS)
    ) slots (
        .clk,
        .sweep_valid,
        .sweep_address(sweep_bucket),
        .write_valid(write_valid && write_bank == BANK[0] && write_slot == SLOT),
        .write_address(write_bucket),
        .write_data(write_entry),
        .read_address(bucket_1[BUCKET_W*BANK+:BUCKET_W]),
        .read_data(entries_2[ENTRY_W*way+:ENTRY_W])
    );

    always_ff @(posedge clk) begin
      hit_4[way] <= valid[3] && enable && entry[ENTRY_W-1] && entry[SA_W+:32] == spi_3;
      sa_4[SA_W*way+:SA_W] <= entry[SA_W-1:0];
    end
  end

  logic [SA_W-1:0] hit_sa;
  always_comb begin
    hit_sa = {SA_W{1'b0}};
    for (int way = WAYS - 1; way >= 0; way = way - 1) begin
      if (hit_4[way]) hit_sa = sa_4[SA_W*way+:SA_W];
    end
  end

  always_ff @(posedge clk) begin
    valid <= {valid[STAGES-1:1], lookup_valid};
    epoch <= {epoch[STAGES-1:1], lookup_epoch};
    spi_1 <= lookup_spi;
    spi_2 <= spi_1;
    spi_3 <= spi_2;
    bucket_1 <= hash;
    entries_3 <= entries_2;
    result_found <= |hit_4;
    result_sa <= hit_sa;
    if (rst) valid <= {STAGES{1'b0}};
  end

  assign result_valid = valid[STAGES];
  assign result_epoch = epoch[STAGES];

`ifndef SYNTHESIS
  logic copies_agree;
  always_comb begin
    copies_agree = 1'b1;
    for (int way = 0; way < WAYS; way = way + 1) begin
      if (hit_4[way] && sa_4[SA_W*way+:SA_W] != hit_sa) copies_agree = 1'b0;
    end
  end
  `SAPULSE_ASSERT(clk, rst, copies_agree, "two slots hold one SPI and name different SAs")
`endif

endmodule

`default_nettype wire
