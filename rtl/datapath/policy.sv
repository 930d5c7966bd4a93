// SPDX-License-Identifier: Apache-2.0
// Decides what becomes of each frame, from its record, the configuration, the SPI index and the rate limits.
// One record a cycle; the decision comes exactly LOOKUP_LATENCY + 3 cycles after its record. Order is kept.
//
// enable: 0 passes every frame. action: the answer to action_spi in the same cycle, see host_interface.
// uptime: ns, modulo 2^32. record: from registers, always taken. decision: must be taken at once.
// lookup, enter: sa_tables. Control messages look up their subject, other frames their outer SPI.
// limit: is asked about exceptions that their source may cause, and about clear echoes (cause ECHO).
`default_nettype none
`include "sapulse_assert.svh"

module policy (
    input wire clk,
    input wire rst,

    input wire enable,
    /* verilator lint_off UNUSEDSIGNAL */  // other modules have their part of it
    input datapath_pkg::config_t cfg,
    /* verilator lint_on UNUSEDSIGNAL */
    output logic [7:0] action_spi,
    input wire [2:0] action,
    input wire [31:0] uptime,

    stream_if.sink           record,  // record_t
    sa_lookup_if.client      lookup,
    output sa_pkg::passage_t enter,
    limit_if.client          limit,
    stream_if.source         decision  // decision_t
);

  localparam int unsigned MATCH_LATENCY = 2;
  localparam int unsigned SHARE_W = $clog2(datapath_pkg::CONTROL_SHARES);

  if (sa_pkg::LOOKUP_LATENCY <= MATCH_LATENCY + 1) begin : g_latency
    $error("policy: LOOKUP_LATENCY must be more than the latency of address_match and a cycle");
  end
  if (sa_pkg::ENTER_MARGIN < 1) begin : g_margin
    $error("policy: enter comes one cycle after the result");
  end

  // Stage 1: ask for everything.
  sapulse_pkg::record_t asked;
  logic asked_valid;

  assign record.ready = 1'b1;
  assign asked = record.data;
  assign asked_valid = record.valid && !rst;
  assign lookup.valid = asked_valid;
  assign lookup.spi = asked.l4.spi[31:8] == '0 ? asked.control.subject : asked.l4.spi;
  assign action_spi = asked.l4.spi[7:0];

  // Who it is for, and who from. Without configured MACs any unicast one is the card's.
  logic to_local, from_local, to_mac, no_mac, addressed;
  logic to_local_delayed, from_local_delayed, to_mac_delayed;

  address_match u_destination (
      .clk,
      .table_valid(cfg.local_valid),
      .table_address(cfg.local_address),
      .address(asked.l3.dst),
      .match(to_local)
  );
  address_match u_source (
      .clk,
      .table_valid(cfg.local_valid),
      .table_address(cfg.local_address),
      .address(asked.l3.src),
      .match(from_local)
  );
  address_match #(
      .WIDTH(48),
      .ENTRIES(sapulse_pkg::LOCAL_MACS)
  ) u_mac (
      .clk,
      .table_valid(cfg.mac_valid),
      .table_address(cfg.mac),
      .address(asked.l2.dst),
      .match(to_mac)
  );
  always_ff @(posedge clk) no_mac <= cfg.mac_valid == '0;
  assign addressed = !asked.mapped_destination && !asked.group_mac
      && (asked.l4.encap != sapulse_pkg::ENCAP_UDP || asked.l4.dport == cfg.udp_port);

  // What the record tells by itself; the rest of it comes with the result of the lookup.
  typedef struct packed {
    logic       spi;  // a frame with an SPI, for us but for its addresses
    logic       reserved;
    logic       ah;
    logic       source_unusable;
    logic [2:0] action;
    logic [3:0] ip_malformed;
    logic [3:0] control_malformed;
    logic [3:0] echo_malformed;
    logic [3:0] echo_reply_malformed;
  } told_t;
  told_t told, early;
  sapulse_pkg::record_t known;

  assign told = '{
      spi: asked.kind == sapulse_pkg::FRAME_SPI && addressed,
      reserved: asked.l4.spi[31:8] == '0,
      ah: asked.l4.encap == sapulse_pkg::ENCAP_AH,
      source_unusable: asked.source_unusable,
      action: action,
      ip_malformed: asked.ip_malformed,
      control_malformed: asked.control_malformed,
      echo_malformed: asked.echo_malformed,
      echo_reply_malformed: asked.echo_reply_malformed
  };
  delay_line #(
      .WIDTH(3),
      .CYCLES(sa_pkg::LOOKUP_LATENCY - 1 - MATCH_LATENCY)
  ) u_match_delay (
      .clk,
      .in({to_local, from_local, to_mac || no_mac}),
      .out({to_local_delayed, from_local_delayed, to_mac_delayed})
  );
  delay_line #(
      .WIDTH($bits(told)),
      .CYCLES(sa_pkg::LOOKUP_LATENCY - 1)
  ) u_told_delay (.clk, .in(told), .out(early));
  delay_line #(
      .WIDTH($bits(asked)),
      .CYCLES(sa_pkg::LOOKUP_LATENCY)
  ) u_record_delay (.clk, .in(asked), .out(known));

  // Stage 2: what that makes of the frame, one cycle before the result of the lookup.
  logic early_echo, early_control;
  logic [3:0] early_malformed;

  assign early_echo = early.action == sapulse_pkg::ACTION_ECHO || early.action == sapulse_pkg::ACTION_ECHO_REPLY;
  assign early_control = early.action == sapulse_pkg::ACTION_CONTROL;

  always_comb begin
    early_malformed = sapulse_pkg::MALFORMED_NONE;
    if (early.ip_malformed != sapulse_pkg::MALFORMED_NONE) early_malformed = early.ip_malformed;
    else if ((early.source_unusable || from_local_delayed) && (early_echo || early_control))
      early_malformed = sapulse_pkg::MALFORMED_ADDRESS;
    else if (early_control) early_malformed = early.control_malformed;
    else if (early.action == sapulse_pkg::ACTION_ECHO) early_malformed = early.echo_malformed;
    else if (early.action == sapulse_pkg::ACTION_ECHO_REPLY) early_malformed = early.echo_reply_malformed;
  end

  // Stage 3: with the result of the lookup, judge.
  logic sources_ready, addressed_to_us, for_us, reserved, is_echo, is_ah, ip_good;
  logic pass, take, copy, data_seen;
  datapath_pkg::route_t route, control_route;
  logic [4:0] cause, control_cause;
  logic [5:0] drop;
  logic [3:0] malformed;
  logic [2:0] known_action;

  always_ff @(posedge clk) begin
    known_action <= early.action;
    malformed <= early_malformed;
    addressed_to_us <= early.spi && to_local_delayed && to_mac_delayed;
    reserved <= early.reserved;
    is_echo <= early_echo;
    is_ah <= early.ah;
    ip_good <= early.ip_malformed == sapulse_pkg::MALFORMED_NONE;
  end
  assign for_us = enable && sources_ready && addressed_to_us;

  // A malformed control message in a good IP packet may be copied to the host: it could answer it with an error.
  logic wrong_version, copy_malformed;
  assign wrong_version = malformed == sapulse_pkg::MALFORMED_VERSION;
  assign copy_malformed = malformed >= sapulse_pkg::MALFORMED_ENCAPSULATION && cfg.exception_copies[wrong_version ? 3 : 2];

  // Route and cause of a control message.
  always_comb begin
    control_route = datapath_pkg::ROUTE_EXCEPTION;
    control_cause = sapulse_pkg::CAUSE_UNSUPPORTED;
    case (known.control.message)
      sapulse_pkg::TYPE_ECHO_REQUEST, sapulse_pkg::TYPE_ECHO_REPLY, sapulse_pkg::TYPE_ERROR_PROTECTED: begin
        control_cause = sapulse_pkg::CAUSE_UNKNOWN_SPI;
        if (lookup.found) control_route = datapath_pkg::ROUTE_PING;
      end
      sapulse_pkg::TYPE_ERROR_CLEAR: control_cause = sapulse_pkg::CAUSE_ERROR_CLEAR;
      default: if (known.control.message[7]) control_cause = sapulse_pkg::CAUSE_PRIVATE_USE;
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
      pass = is_echo && is_ah;  // AH has no part in clear echoes
      take = !pass && malformed == sapulse_pkg::MALFORMED_NONE;
      case (known_action)
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
        sapulse_pkg::ACTION_ECHO: begin
          route = known.echo_return ? datapath_pkg::ROUTE_EXCEPTION : datapath_pkg::ROUTE_ECHO;
          cause = known.echo_return ? sapulse_pkg::CAUSE_ECHO_RETURN : sapulse_pkg::CAUSE_ECHO;
        end
        sapulse_pkg::ACTION_ECHO_REPLY: cause = sapulse_pkg::CAUSE_ECHO_REPLY;
        sapulse_pkg::ACTION_HOST: cause = sapulse_pkg::CAUSE_HOST_ACTION;
        default: begin
          pass = 1'b1;
          take = 1'b0;
        end
      endcase
    end else if (for_us && ip_good && !is_ah) begin
      // Customer ESP; SPIs of AH are numbers of their own.
      data_seen = lookup.found;
      copy = !lookup.found && cfg.authoritative;
      take = copy;
    end
  end

  // Stage 4: the limit of the source, for exceptions that anybody can cause.
  datapath_pkg::decision_t draft;
  logic draft_valid, by_source, source_pass;
  /* verilator lint_off UNUSEDSIGNAL */  // there are fewer shares than buckets
  logic [$clog2(sapulse_pkg::SOURCE_BUCKETS)-1:0] source_bucket;
  /* verilator lint_on UNUSEDSIGNAL */

  always_ff @(posedge clk) begin
    draft <= '{
        pass: pass,
        take: take,
        fragment: known.kind == sapulse_pkg::FRAME_FRAGMENT,
        limited: 1'b0,
        data_seen: data_seen,
        drop: drop,
        holder: '0,
        job: '{route: route, cause: cause, copy: copy, epoch: lookup.epoch, sa: lookup.sa, record: known}
    };
    draft_valid <= lookup.result_valid && !rst;
  end

  // Frames that will still name their SA: to be opened, or with a customer sequence number to be noted at their end.
  assign enter.valid = draft_valid && (draft.data_seen || (draft.take && draft.job.route == datapath_pkg::ROUTE_PING));
  assign enter.epoch = draft.job.epoch;

  always_comb begin
    case (draft.job.cause)
      sapulse_pkg::CAUSE_UNKNOWN_SPI, sapulse_pkg::CAUSE_UNKNOWN_SPI_DATA, sapulse_pkg::CAUSE_ERROR_CLEAR,
      sapulse_pkg::CAUSE_UNSUPPORTED, sapulse_pkg::CAUSE_MALFORMED, sapulse_pkg::CAUSE_VERSION,
      sapulse_pkg::CAUSE_ECHO_RETURN:
      by_source = draft_valid && draft.take && draft.job.route == datapath_pkg::ROUTE_EXCEPTION;
      default: by_source = 1'b0;
    endcase
  end

  source_limiter u_sources (
      .clk, .rst,
      .cfg(cfg.source_limit),
      .now(uptime),
      .ready(sources_ready),
      .source_valid(asked_valid),
      .source(asked.l3.src),
      .ask(by_source),
      .pass(source_pass),
      .asking(source_bucket)
  );

  // Stage 5: the limit of the cause. What its source is refused takes nothing from it.
  datapath_pkg::decision_t admitted;
  logic admitted_valid, refused;

  always_ff @(posedge clk) begin
    admitted <= draft;
    admitted.holder <= '{
        source: SHARE_W'(source_bucket), sa: SHARE_W'(draft.job.sa), ping: draft.job.route == datapath_pkg::ROUTE_PING
    };
    refused <= by_source && !source_pass;
    admitted_valid <= draft_valid && !rst;
  end

  assign limit.valid = admitted_valid && admitted.take && !refused && admitted.job.route != datapath_pkg::ROUTE_PING;
  assign limit.cause = admitted.job.cause;

  always_ff @(posedge clk) begin
    decision.data <= admitted;
    if (refused || (limit.valid && !limit.pass)) begin
      decision.data.take <= 1'b0;
      decision.data.limited <= admitted.job.copy;
      if (!admitted.job.copy) decision.data.drop <= sapulse_pkg::COUNTER_DROP_LIMITED;
    end
    decision.valid <= admitted_valid && !rst;
  end

  // Results come when they must: one for each lookup, LOOKUP_LATENCY later.
  logic result_due;
  delay_line #(
      .CYCLES(sa_pkg::LOOKUP_LATENCY)
  ) u_due_delay (.clk, .in(asked_valid), .out(result_due));
  logic [7:0] settled;  // the delay line has no reset: wait until it has been flushed
  always_ff @(posedge clk) begin
    if (rst) settled <= 8'd0;
    else if (!settled[7]) settled <= settled + 8'd1;
  end
  `SAPULSE_ASSERT(clk, rst || !settled[7], result_due == lookup.result_valid, "policy: lookup result at the wrong time")
  `SAPULSE_ASSERT(clk, rst, !decision.valid || decision.ready, "policy: a decision without room")
  `SAPULSE_ASSERT(clk, rst, !(decision.valid && decision.data.pass && decision.data.take && !decision.data.job.copy),
                  "policy: a frame is both passed and taken")

endmodule

`default_nettype wire
