// SPDX-License-Identifier: Apache-2.0
// In the place of source_limiter in proofs: it says what the bits of `now` say, which nothing else looks at.
`default_nettype none
/* verilator lint_off UNUSEDSIGNAL */

module source_limiter (
    input  wire                         clk,
    input  wire                         rst,
    input  datapath_pkg::source_limit_t cfg,
    input  wire  [31:0]                 now,
    output logic                        ready,
    input  wire                         source_valid,
    input  wire  [127:0]                source,
    input  wire                         ask,
    output logic                        pass,

    output logic [$clog2(sapulse_pkg::SOURCE_BUCKETS)-1:0] asking
);

  assign {asking, pass, ready} = now[$bits(asking)+1:0];

endmodule

/* verilator lint_on UNUSEDSIGNAL */
`default_nettype wire
