// SPDX-License-Identifier: Apache-2.0
// Keyed hash of a source address: who does not know the key cannot tell which addresses have one hash, whatever he has seen of
// others. One address a cycle, exactly LATENCY cycles.
//
// The last SOURCE_HASH_ROUNDS rounds of Ascon-p on the state 0, key, 0, address (high half, low half); the hash is the low end of
// its first word.
`default_nettype none

module source_hash #(
    parameter int unsigned WIDTH = 10,
    parameter int unsigned LATENCY = 3  // at least 2
) (
    input wire clk,

    input  wire  [63:0]      key,
    input  wire  [127:0]     address,  // IPv4 as ::ffff:a.b.c.d
    output logic [WIDTH-1:0] hash
);

  localparam int unsigned FIRST = 12 - sapulse_pkg::SOURCE_HASH_ROUNDS;
  localparam int unsigned STEP = sapulse_pkg::SOURCE_HASH_ROUNDS / LATENCY;

  if (STEP * LATENCY != sapulse_pkg::SOURCE_HASH_ROUNDS) begin : g_rounds
    $error("source_hash: every cycle takes equally many rounds");
  end

  // Before and after the rounds of each cycle.
  logic [LATENCY-1:0][4:0][63:0] entering, leaving, held;

  assign entering = {held[LATENCY-2:0], {address[63:0], address[127:64], 64'd0, key, 64'd0}};

  for (genvar i = 0; i < LATENCY; i++) begin : g_step
    ascon_rounds #(
        .FIRST(FIRST + i * STEP),
        .ROUNDS(STEP)
    ) u_rounds (.in(entering[i]), .out(leaving[i]));
  end

  always_ff @(posedge clk) held <= leaving;
  assign hash = held[LATENCY-1][0][WIDTH-1:0];

  logic unused;
  assign unused = ^held[LATENCY-1];

endmodule

`default_nettype wire
