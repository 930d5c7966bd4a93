// SPDX-License-Identifier: Apache-2.0
// Tells opened packets that have come from elsewhere than from where the path of their SA leads.
//
// Of each path only a CRC of the peer's address and port is kept: of two places with the same CRC a move is not noticed, from which
// nobody gains. Neither a change of the port alone nor one of an IPv4 address alone leaves the CRC as it was.
//
// read_sa, source: SA of a packet, and where it has come from; moved: of it, sa_pkg::ACCEPT_LATENCY cycles later, in step with the
// answer of the replay window. An SA without path has no place to move from.
// path_update: one a cycle.
`default_nettype none

module peer_tags #(
    parameter int unsigned SA_CAPACITY = 1024
) (
    input wire clk,
    input wire sa_pkg::sweep_t sweep,

    input  wire sa_pkg::sa_t    read_sa,
    input  wire sa_pkg::place_t source,
    output logic                moved,

    input wire sa_pkg::path_update_t path_update
);

  localparam int unsigned PLACE_BYTES = $bits(sa_pkg::place_t) / 8;

  typedef struct packed {
    logic        valid;
    logic [31:0] tag;
  } entry_t;

  // Written a cycle late, so that the CRC does not add to what takes the command apart.
  sa_pkg::place_t peer;
  logic write_valid, write_path;
  sa_pkg::sa_t write_sa;
  entry_t written, stored;

  always_ff @(posedge clk) begin
    write_valid <= path_update.valid;
    write_sa <= path_update.sa;
    write_path <= path_update.path.valid;
    peer <= sa_pkg::place(path_update.path.destination, path_update.path.encapsulation, path_update.path.destination_port);
  end

  assign written.valid = write_path;
  crc_hash #(
      .POLYNOMIAL(sapulse_pkg::HASH_POLY_0),
      .BYTES(PLACE_BYTES),
      .WIDTH(32)
  ) u_written (
      .data(peer),
      .hash(written.tag)
  );

  sa_ram #(
      .T(entry_t),
      .DEPTH(SA_CAPACITY)
  ) u_tags (
      .clk, .sweep,
      .write_valid,
      .write_address(write_sa),
      .write_data(written),
      .read_address(read_sa),
      .read_data(stored)
  );

  // Stage 1: the entry is there, and the source; 2: its CRC; 3: compared.
  sa_pkg::place_t source_1;
  logic [31:0] tag_1, tag_2;
  entry_t stored_2;
  logic moved_3;

  crc_hash #(
      .POLYNOMIAL(sapulse_pkg::HASH_POLY_0),
      .BYTES(PLACE_BYTES),
      .WIDTH(32)
  ) u_source (
      .data(source_1),
      .hash(tag_1)
  );

  always_ff @(posedge clk) begin
    source_1 <= source;
    tag_2 <= tag_1;
    stored_2 <= stored;
    moved_3 <= stored_2.valid && stored_2.tag != tag_2;
    moved <= moved_3;
  end

  if (sa_pkg::ACCEPT_LATENCY != 4) begin : g_latency
    $error("peer_tags: answers after 4 cycles");
  end

endmodule

`default_nettype wire
