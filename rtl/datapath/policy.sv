// SPDX-License-Identifier: Apache-2.0
// Decides what becomes of each frame, from its record, the configuration, the SPI index and the rate limits.
// One record a cycle; the decision comes exactly LOOKUP_LATENCY + 3 cycles after its record. Order is kept.
//
// cfg_copies: whether malformed control messages (bit 0) and those of another version (bit 1) go to the host as well.
// enable: 0 passes every frame. cfg_*, action*: configuration, see host_interface; action is the answer to action_spi in the same cycle.
// record_*: sapulse_pkg::record_t, always taken.
// lookup_*, result_*, enter_*: sa_tables. Control messages look up their subject, other frames their outer SPI.
// limit_*: asks for a token of an exception cause; limit_pass answers in the same cycle.
`default_nettype none
`include "sapulse_assert.svh"

module policy (
    input wire clk,
    input wire rst,

    input  wire                                          enable,
    input  wire                                          cfg_authoritative,
    input  wire  [                                 1:0]  cfg_copies,
    input  wire  [    sapulse_pkg::LOCAL_ADDRESSES-1:0]  cfg_local_valid,
    input  wire  [128*sapulse_pkg::LOCAL_ADDRESSES-1:0]  cfg_local_address,
    output logic [                                 7:0]  action_spi,
    input  wire  [                                 2:0]  action,

    input wire                           record_valid,
    input sapulse_pkg::record_t    record,

    output logic                             lookup_valid,
    output logic [                     31:0] lookup_spi,
    input  wire                              result_valid,
    input  wire                              result_found,
    input  wire  [datapath_pkg::SA_BITS-1:0] result_sa,
    input  wire                              result_epoch,
    output logic                             enter_valid,
    output logic                             enter_epoch,

    output logic       limit_valid,
    output logic [3:0] limit_cause,
    input  wire        limit_pass,

    output logic                    decision_valid,
    output datapath_pkg::decision_t decision
);

  localparam int unsigned MATCH_LATENCY = 2;

  if (sa_pkg::LOOKUP_LATENCY <= MATCH_LATENCY) begin : g_latency
    $error("policy: LOOKUP_LATENCY must be more than the latency of local_match");
  end
  if (sa_pkg::ENTER_MARGIN < 1) begin : g_margin
    $error("policy: enter comes one cycle after the result");
  end

  // Stage 1: ask for everything.
  sapulse_pkg::record_t asked;
  logic asked_valid;

  always_ff @(posedge clk) begin
    asked <= record;
    asked_valid <= record_valid && !rst;
  end

  assign lookup_valid = asked_valid;
  assign lookup_spi = asked.l4.spi[31:8] == '0 ? asked.control.subject : asked.l4.spi;
  assign action_spi = asked.l4.spi[7:0];

  logic match, local_delayed;
  logic [2:0] action_delayed;
  sapulse_pkg::record_t known;

  local_match u_local_match (
      .clk,
      .table_valid(cfg_local_valid),
      .table_address(cfg_local_address),
      .address(asked.l3.dst),
      .match
  );
  delay_line #(
      .WIDTH (1),
      .CYCLES(sa_pkg::LOOKUP_LATENCY - MATCH_LATENCY)
  ) u_local_delay (
      .clk,
      .in (match),
      .out(local_delayed)
  );
  delay_line #(
      .WIDTH ($bits(asked)),
      .CYCLES(sa_pkg::LOOKUP_LATENCY)
  ) u_record_delay (
      .clk,
      .in (asked),
      .out(known)
  );
  delay_line #(
      .WIDTH (3),
      .CYCLES(sa_pkg::LOOKUP_LATENCY)
  ) u_action_delay (
      .clk,
      .in (action),
      .out(action_delayed)
  );

  if (sapulse_pkg::RECORD_T_WIDTH != datapath_pkg::RECORD_BITS) begin : g_record
    $error("policy: RECORD_BITS is not the width of record_t");
  end

  // Stage 2: with the result of the lookup, judge.
  logic for_us, reserved;
  logic pass, take, copy, data_seen;
  logic [1:0] route;
  logic [3:0] cause;
  logic [5:0] drop;
  logic [3:0] malformed;

  assign for_us = enable && known.kind == sapulse_pkg::FRAME_SPI && local_delayed;
  assign reserved = known.l4.spi[31:8] == '0;

  always_comb begin
    malformed = known.ip_malformed;
    if (known.ip_malformed == sapulse_pkg::MALFORMED_NONE) begin
      case (action_delayed)
        sapulse_pkg::ACTION_CONTROL: malformed = known.control_malformed;
        sapulse_pkg::ACTION_ECHO, sapulse_pkg::ACTION_ECHO_REPLY: malformed = known.echo_malformed;
        default: malformed = sapulse_pkg::MALFORMED_NONE;
      endcase
    end
  end

  // A malformed control message in a good IP packet may be copied to the host: it could answer it with an error.
  logic wrong_version, copy_malformed;
  assign wrong_version = malformed == sapulse_pkg::MALFORMED_VERSION;
  assign copy_malformed = malformed >= sapulse_pkg::MALFORMED_ENCAPSULATION && cfg_copies[wrong_version];

  // Route and cause of a control message.
  logic [1:0] control_route;
  logic [3:0] control_cause;

  always_comb begin
    control_route = datapath_pkg::ROUTE_EXCEPTION;
    control_cause = sapulse_pkg::CAUSE_UNSUPPORTED;
    case (known.control.message)
      datapath_pkg::MESSAGE_ECHO_REQUEST, datapath_pkg::MESSAGE_ECHO_REPLY, datapath_pkg::MESSAGE_ERROR_PROTECTED: begin
        control_cause = sapulse_pkg::CAUSE_UNKNOWN_SPI;
        if (result_found) control_route = datapath_pkg::ROUTE_PING;
      end
      datapath_pkg::MESSAGE_ERROR_CLEAR: control_cause = sapulse_pkg::CAUSE_ERROR_CLEAR;
      default: if (known.control.message[7]) control_cause = sapulse_pkg::CAUSE_PRIVATE;
    endcase
  end

  always_comb begin
    pass = 1'b1;
    take = 1'b0;
    copy = 1'b0;
    data_seen = 1'b0;
    route = datapath_pkg::ROUTE_EXCEPTION;
    cause = sapulse_pkg::CAUSE_UNKNOWN_SPI_DATA;
    drop = datapath_pkg::malformed_counter(malformed);
    if (for_us && reserved) begin
      pass = 1'b0;
      take = malformed == sapulse_pkg::MALFORMED_NONE;
      case (action_delayed)
        sapulse_pkg::ACTION_DROP: begin
          take = 1'b0;
          drop = sapulse_pkg::COUNTER_DROP_ACTION;
        end
        sapulse_pkg::ACTION_CONTROL: begin
          route = control_route;
          cause = control_cause;
          if (!take && copy_malformed) begin
            take = 1'b1;
            copy = 1'b1;
            route = datapath_pkg::ROUTE_EXCEPTION;
            cause = wrong_version ? sapulse_pkg::CAUSE_VERSION : sapulse_pkg::CAUSE_MALFORMED;
          end
        end
        sapulse_pkg::ACTION_ECHO: route = datapath_pkg::ROUTE_ECHO;
        sapulse_pkg::ACTION_ECHO_REPLY: cause = sapulse_pkg::CAUSE_ECHO_REPLY;
        sapulse_pkg::ACTION_HOST: cause = sapulse_pkg::CAUSE_HOST_ACTION;
        default: begin
          pass = 1'b1;
          take = 1'b0;
        end
      endcase
    end else if (for_us && known.ip_malformed == sapulse_pkg::MALFORMED_NONE && known.l4.encap != sapulse_pkg::ENCAP_AH) begin
      // Customer ESP; SPIs of AH are numbers of their own.
      data_seen = result_found;
      copy = !result_found && cfg_authoritative;
      take = copy;
    end
  end

  // Stage 3: rate limit.
  datapath_pkg::decision_t draft;
  logic draft_valid, draft_limited;

  always_ff @(posedge clk) begin
    draft.pass <= pass;
    draft.take <= take;
    draft.fragment <= known.kind == sapulse_pkg::FRAME_FRAGMENT;
    draft.limited <= 1'b0;
    draft.data_seen <= data_seen;
    draft.drop <= drop;
    draft.job.route <= route;
    draft.job.cause <= cause;
    draft.job.copy <= copy;
    draft.job.epoch <= result_epoch;
    draft.job.sa <= result_sa;
    draft.job.record <= known;
    draft_valid <= result_valid && !rst;
  end

  // Frames that will still name their SA: to be opened, or with a customer sequence number to be noted at their end.
  assign enter_valid = draft_valid && (draft.data_seen || (draft.take && draft.job.route == datapath_pkg::ROUTE_PING));
  assign enter_epoch = draft.job.epoch;
  assign limit_valid = draft_valid && draft.take && draft.job.route == datapath_pkg::ROUTE_EXCEPTION;
  assign limit_cause = draft.job.cause;
  assign draft_limited = limit_valid && !limit_pass;

  always_ff @(posedge clk) begin
    decision <= draft;
    if (draft_limited) begin
      decision.take <= 1'b0;
      decision.limited <= draft.job.copy;
      if (!draft.job.copy) decision.drop <= sapulse_pkg::COUNTER_DROP_LIMITED;
    end
    decision_valid <= draft_valid && !rst;
  end

  // Results come when they must: one for each lookup, LOOKUP_LATENCY later.
  logic result_due;
  delay_line #(
      .WIDTH (1),
      .CYCLES(sa_pkg::LOOKUP_LATENCY)
  ) u_due_delay (
      .clk,
      .in (asked_valid),
      .out(result_due)
  );
  logic [7:0] settled;  // the delay line has no reset: wait until it has been flushed
  always_ff @(posedge clk) begin
    if (rst) settled <= 8'd0;
    else if (!settled[7]) settled <= settled + 8'd1;
  end
  `SAPULSE_ASSERT(clk, rst || !settled[7], result_due == result_valid, "policy: lookup result at the wrong time")
  `SAPULSE_ASSERT(clk, rst, !(decision_valid && decision.pass && decision.take && !decision.job.copy),
                  "policy: a frame is both passed and taken")

endmodule

`default_nettype wire
