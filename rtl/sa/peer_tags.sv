// SPDX-License-Identifier: Apache-2.0
// Tells opened packets that have come from elsewhere than from where the path of their SA leads.
//
// Of each path only a CRC of the peer's address and port is kept: of two places with the same CRC a move is not noticed, from which
// nobody gains. Neither a change of the port alone nor one of an IPv4 address alone leaves the CRC as it was.
//
// read_sa, source: SA of a packet (read_valid), and where it has come from; moved: of it, in step with the answer of the replay
// window, to whose question it belongs. waits: see replay_window. An SA without path has no place to move from, nor one whose tag
// is damaged (fault).
// path_update: its place is there a cycle before it is valid.
`default_nettype none

module peer_tags #(
    parameter int unsigned SA_CAPACITY = 1024
) (
    input wire clk,
    input wire sa_pkg::sweep_t sweep,

    input  wire                 read_valid,
    input  wire sa_pkg::sa_t    read_sa,
    input  wire sa_pkg::place_t source,
    input  wire                 waits,
    output logic                moved,

    input wire sa_pkg::path_update_t path_update,

    output sa_pkg::fault_t fault
);

  localparam int unsigned PLACE_BYTES = $bits(sa_pkg::place_t) / 8;

  typedef struct packed {
    logic        valid;
    logic [31:0] tag;
  } entry_t;

  // Written a cycle late, with the peer of the cycle before, so that the CRC adds neither to what takes the command apart nor to
  // the parity of the entry.
  sa_pkg::place_t peer;
  logic write_valid;
  sa_pkg::sa_t write_sa;
  logic [31:0] peer_tag;
  entry_t written, stored;
  logic check;

  always_ff @(posedge clk) begin
    peer <= sa_pkg::place(path_update.path.destination, path_update.path.encapsulation, path_update.path.destination_port);
    write_valid <= path_update.valid;
    write_sa <= path_update.sa;
    written <= '{valid: path_update.path.valid, tag: peer_tag};
  end

  crc_hash #(
      .POLYNOMIAL(sapulse_pkg::HASH_POLY_0),
      .BYTES(PLACE_BYTES),
      .WIDTH(32)
  ) u_written (
      .data(peer),
      .hash(peer_tag)
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
      .read_data(stored),
      .read_check(check)
  );

  // Stage 1: the entry is there, and the source; 2: its CRC; 3: compared.
  sa_pkg::place_t source_1;
  logic [31:0] tag_1, tag_2;
  entry_t stored_2;
  logic check_2, damaged_2, moved_3;
  logic [2:1] valids;
  sa_pkg::sa_t sa_1, sa_2;

  crc_hash #(
      .POLYNOMIAL(sapulse_pkg::HASH_POLY_0),
      .BYTES(PLACE_BYTES),
      .WIDTH(32)
  ) u_source (
      .data(source_1),
      .hash(tag_1)
  );

  parity #(.WIDTH($bits(stored_2) + 1)) u_parity (.data({stored_2, check_2}), .odd(damaged_2));

  always_ff @(posedge clk) begin
    source_1 <= source;
    sa_1 <= read_sa;
    valids[1] <= read_valid;
    if (!waits) begin
      tag_2 <= tag_1;
      stored_2 <= stored;
      check_2 <= check;
      sa_2 <= sa_1;
      valids[2] <= valids[1];
    end
    moved_3 <= stored_2.valid && !damaged_2 && stored_2.tag != tag_2;
    moved <= moved_3;
    fault <= '{valid: valids[2] && damaged_2 && !waits, entry: sa_pkg::entry_number_t'(sa_2)};
  end

  if (sa_pkg::ACCEPT_LATENCY != 2) begin : g_latency
    $error("peer_tags: answers 2 cycles after stage 2");
  end

endmodule

`default_nettype wire
