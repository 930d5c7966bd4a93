// SPDX-License-Identifier: Apache-2.0
// Some rounds of the permutation Ascon-p (NIST SP 800-232, section 3): a layer of S-boxes of five bits, then the XOR of three bits
// of a word, so two levels of logic a round. Combinational.
//
// FIRST: number of the first of these rounds, of those of Ascon-p[12]; ROUNDS: how many. Word i of the state is S_i.
`default_nettype none

module ascon_rounds #(
    parameter int unsigned FIRST = 0,
    parameter int unsigned ROUNDS = 12
) (
    input  wire  [4:0][63:0] in,
    output logic [4:0][63:0] out
);

  if (FIRST + ROUNDS > 12) begin : g_rounds
    $error("ascon_rounds: there are 12 rounds");
  end

  function automatic logic [4:0][63:0] substitute(input logic [4:0][63:0] s);
    logic [4:0][63:0] x, t;
    x = s;
    x[0] ^= x[4];
    x[4] ^= x[3];
    x[2] ^= x[1];
    for (int i = 0; i < 5; i++) t[i] = x[i] ^ (~x[(i+1)%5] & x[(i+2)%5]);
    t[1] ^= t[0];
    t[0] ^= t[4];
    t[3] ^= t[2];
    t[2] = ~t[2];
    substitute = t;
  endfunction

  function automatic logic [63:0] diffuse(input logic [63:0] word, input int unsigned first, input int unsigned second);
    logic [127:0] twice;
    twice = {word, word};
    diffuse = word ^ twice[first+:64] ^ twice[second+:64];
  endfunction

  always_comb begin
    out = in;
    for (int unsigned i = FIRST; i < FIRST + ROUNDS; i++) begin
      out[2][7:0] ^= 8'hf0 - 8'h0f * 8'(i);
      out = substitute(out);
      out[0] = diffuse(out[0], 19, 28);
      out[1] = diffuse(out[1], 61, 39);
      out[2] = diffuse(out[2], 1, 6);
      out[3] = diffuse(out[3], 10, 17);
      out[4] = diffuse(out[4], 7, 41);
    end
  end

endmodule

`default_nettype wire
