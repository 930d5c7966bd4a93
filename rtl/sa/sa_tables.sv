// SPDX-License-Identifier: Apache-2.0
// All that the card knows about SAs: SPI index, key material, replay windows, sequence numbers, fences; see docs/architecture.md.
//
// SA_CAPACITY: number of SAs, a power of two from 4 to 65536. SA numbers and n are plain numbers, keys and tokens byte strings
// (byte i at bits [8i+7:8i]). Every answer comes in the order of its questions and without back-pressure.
//
// ready        low after reset until all tables have been cleared (SA_CAPACITY cycles); until then lookups find nothing,
//              commands wait, and no other port may be used.
// lookup       one a cycle; result exactly sa_pkg::LOOKUP_LATENCY cycles later, with the epoch to hand to enter and leave.
// enter, leave one frame with an SA enters / up to LEAVE_PORTS leave the card; within sa_pkg::ENTER_MARGIN cycles of the result.
// busy         some frame has entered and not left.
// data         customer sequence number seen on an SA, one a cycle; serial-number arithmetic (RFC 1982) on 32 bits.
// in           inbound key material, one a cycle, exactly sa_pkg::IN_KEY_LATENCY cycles later.
// verdict      an opened packet (verdict_ok: authentic and well-formed) asks the replay window (RFC 4303 section 3.4.3).
// reply        context of one answer; takes a control sequence number for ever.
// cmd, rsp     one command at a time; the descriptor stays valid until cmd_ready, which comes when it has been carried out.
//              rsp_completion has every field but time.
`default_nettype none

module sa_tables #(
    parameter int unsigned SA_CAPACITY = 1024,
    localparam int unsigned SA_W = $clog2(SA_CAPACITY)
) (
    input  wire                                    clk,
    input  wire                                    rst,
    output logic                                   ready,

    input  wire                                    lookup_valid,
    input  wire         [31:0]                     lookup_spi,
    output logic                                   result_valid,
    output logic                                   result_found,
    output logic        [SA_W-1:0]                 result_sa,
    output logic                                   result_epoch,

    input  wire                                    enter_valid,
    input  wire                                    enter_epoch,
    input  wire         [sa_pkg::LEAVE_PORTS-1:0]  leave_valid,
    input  wire         [sa_pkg::LEAVE_PORTS-1:0]  leave_epoch,
    output logic                                   busy,

    input  wire                                    data_valid,
    input  wire         [SA_W-1:0]                 data_sa,
    input  wire         [31:0]                     data_sequence,

    input  wire                                    in_valid,
    input  wire         [SA_W-1:0]                 in_sa,
    output logic                                   in_key_valid,
    output sapulse_types_pkg::key_t                in_key,

    input  wire                                    verdict_valid,
    output logic                                   verdict_ready,
    input  wire         [SA_W-1:0]                 verdict_sa,
    input  wire         [63:0]                     verdict_n,
    input  wire                                    verdict_ok,
    output logic                                   accept_valid,
    output logic                                   accept,

    input  wire                                    reply_valid,
    output logic                                   reply_ready,
    input  wire         [SA_W-1:0]                 reply_sa,
    output logic                                   ctx_valid,
    output sa_pkg::reply_ctx                       ctx,

    input  wire                                    cmd_valid,
    output logic                                   cmd_ready,
    input  wire         [2047:0]                   cmd_descriptor,
    output logic                                   rsp_valid,
    input  wire                                    rsp_ready,
    output logic        [7:0]                      rsp_status,
    output logic        [511:0]                    rsp_completion
);
endmodule

`default_nettype wire
