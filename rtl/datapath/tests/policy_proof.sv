// SPDX-License-Identifier: Apache-2.0
// Each record has one decision, in order, that of docs/protocol.md sections 1 to 6, whatever record, configuration, lookup and
// limits say; written down below as the protocol says it, without a pipeline. What a decision hands on is its record's own.
`default_nettype none

module policy_proof #(
    // Bits of addresses that are free: two of each 16, which are compared by themselves.
    parameter logic [127:0] FREE = {8{16'h8001}}
) (
    input wire clk,
    input wire restart,
    input wire enable,
    input wire datapath_pkg::config_t some_cfg,
    input wire record_valid,
    input wire sapulse_pkg::record_t some_record,
    input wire [2:0] action,
    input wire found,
    input wire epoch,
    input wire sa_pkg::sa_t sa,
    input wire [31:0] uptime,  // what free_source_limiter says
    input wire limit_pass
);

  // Cycles from a record, with which its questions are asked, to: the answers, the limit of its source, that of its cause, its
  // decision.
  localparam int unsigned KNOWN = sa_pkg::LOOKUP_LATENCY;
  localparam int unsigned SOURCE = KNOWN + 1;
  localparam int unsigned CAUSE = SOURCE + 1;
  localparam int unsigned DECIDED = CAUSE + 1;

  // Nothing is kept for longer than it takes to decide: what holds that many cycles after any state holds always.
  logic [3:0] age = '0;
  logic rst, settled;
  assign rst = restart;
  assign settled = age == 4'(DECIDED + 2);
  always_ff @(posedge clk) if (!settled) age <= age + 1'b1;

  datapath_pkg::config_t held, cfg;  // the same for the whole run
  sapulse_pkg::record_t free_record;
  always_ff @(posedge clk) if (age == '0) held <= some_cfg;
  always_comb begin
    cfg = held;
    for (int i = 0; i < sapulse_pkg::LOCAL_ADDRESSES; i++) cfg.local_address[i] &= FREE;
    for (int i = 0; i < sapulse_pkg::LOCAL_MACS; i++) cfg.mac[i] &= FREE[47:0];
    free_record = some_record;
    free_record.l3.dst &= FREE;
    free_record.l3.src &= FREE;
    free_record.l2.dst &= FREE[47:0];
  end

  stream_if #(sapulse_pkg::record_t) record ();
  stream_if #(datapath_pkg::decision_t) decision ();
  sa_lookup_if lookup ();
  limit_if limit ();
  sa_pkg::passage_t enter;
  logic [7:0] action_spi;
  policy u_dut (.*);

  // classify knows no other reasons.
  function automatic logic is_reason(input logic [3:0] malformed);
    is_reason = malformed <= sapulse_pkg::MALFORMED_SEQUENCE;
  endfunction
  always_comb begin
    assume (is_reason(some_record.ip_malformed) && is_reason(some_record.control_malformed)
            && is_reason(some_record.echo_malformed) && is_reason(some_record.echo_reply_malformed));
  end

  // The record of i cycles ago, and what has been answered since.
  typedef struct packed {
    logic                 valid;
    sapulse_pkg::record_t record;
    logic [2:0]           action;
    logic                 enabled;
    logic                 found;
    logic                 epoch;
    sa_pkg::sa_t          sa;
    logic                 source_pass;
    logic [7:0]           source_bucket;
    logic                 cause_pass;
  } moment_t;
  moment_t [DECIDED:1] past;
  moment_t then;
  always_ff @(posedge clk) begin
    past[1] <= '{valid: record_valid, record: free_record, action: action, default: '0};
    for (int i = 2; i <= DECIDED; i++) past[i] <= past[i-1];
    {past[KNOWN+1].enabled, past[KNOWN+1].found, past[KNOWN+1].epoch, past[KNOWN+1].sa} <= {
      enable && uptime[0], found, epoch, sa
    };
    past[SOURCE+1].source_pass <= uptime[1];
    past[SOURCE+1].source_bucket <= uptime[9:2];
    past[CAUSE+1].cause_pass <= limit_pass;
    if (rst) for (int i = 1; i <= DECIDED; i++) past[i].valid <= 1'b0;
  end
  assign then = past[DECIDED];

  assign record.valid = record_valid, record.data = free_record;
  assign lookup.result_valid = past[KNOWN].valid;  // one for each lookup, LOOKUP_LATENCY later (sa_index)
  assign lookup.found = found, lookup.epoch = epoch, lookup.sa = sa;
  assign limit.grant = 1'b1, limit.pass = limit_pass;
  assign decision.ready = 1'b1;

  // Section 1: for the card.
  sapulse_pkg::record_t r;
  logic to_local, from_local, to_mac, for_us, reserved;
  assign r = then.record;
  always_comb begin
    to_local = 1'b0;
    from_local = 1'b0;
    for (int i = 0; i < sapulse_pkg::LOCAL_ADDRESSES; i++) begin
      if (cfg.local_valid[i] && cfg.local_address[i] == r.l3.dst) to_local = 1'b1;
      if (cfg.local_valid[i] && cfg.local_address[i] == r.l3.src) from_local = 1'b1;
    end
    to_mac = cfg.mac_valid == '0;
    for (int i = 0; i < sapulse_pkg::LOCAL_MACS; i++) if (cfg.mac_valid[i] && cfg.mac[i] == r.l2.dst) to_mac = 1'b1;
  end
  assign for_us = then.enabled && r.kind == sapulse_pkg::FRAME_SPI && to_local && !r.mapped_destination && to_mac
      && !r.group_mac && !(r.l4.encap == sapulse_pkg::ENCAP_UDP && r.l4.dport != cfg.udp_port);
  assign reserved = r.l4.spi < 256;

  // Why a frame with a reserved SPI is dropped: the first reason.
  logic acts, clear, ah;
  logic [3:0] reason;
  assign acts = then.action inside {sapulse_pkg::ACTION_CONTROL, sapulse_pkg::ACTION_ECHO, sapulse_pkg::ACTION_ECHO_REPLY};
  assign clear = acts && then.action != sapulse_pkg::ACTION_CONTROL;
  assign ah = r.l4.encap == sapulse_pkg::ENCAP_AH;
  always_comb begin
    reason = r.ip_malformed;
    if (reason == sapulse_pkg::MALFORMED_NONE && acts) begin
      if (r.source_unusable || from_local) reason = sapulse_pkg::MALFORMED_ADDRESS;
      else if (then.action == sapulse_pkg::ACTION_CONTROL) reason = r.control_malformed;
      else reason = then.action == sapulse_pkg::ACTION_ECHO ? r.echo_malformed : r.echo_reply_malformed;
    end
  end

  // Sections 3 to 6: what becomes of it. host: an exception of `cause`, or with CAUSE_ECHO a token for an answer.
  logic pass, data_seen, opens, host, copy, by_source;
  logic [4:0] cause;
  logic [5:0] drop;
  always_comb begin
    {data_seen, opens, host, copy} = '0;
    pass = 1'b1;
    cause = sapulse_pkg::CAUSE_UNKNOWN_SPI_DATA;
    drop = sapulse_pkg::COUNTER_DROP_IP_CHECKSUM + 6'(reason) - 6'd1;
    if (for_us && !reserved) begin
      data_seen = r.ip_malformed == sapulse_pkg::MALFORMED_NONE && !ah && then.found;
      copy = r.ip_malformed == sapulse_pkg::MALFORMED_NONE && !ah && !then.found && cfg.authoritative;
      host = copy;
    end else if (for_us && then.action == sapulse_pkg::ACTION_DROP) begin
      pass = 1'b0;
      drop = sapulse_pkg::COUNTER_DROP_ACTION;
    end else if (for_us && (then.action == sapulse_pkg::ACTION_HOST || (acts && !(clear && ah)))) begin
      pass = 1'b0;
      if (reason == sapulse_pkg::MALFORMED_NONE) begin
        host = 1'b1;
        case (then.action)
          sapulse_pkg::ACTION_HOST: cause = sapulse_pkg::CAUSE_HOST_ACTION;
          sapulse_pkg::ACTION_ECHO_REPLY: cause = sapulse_pkg::CAUSE_ECHO_REPLY;
          sapulse_pkg::ACTION_ECHO: cause = r.echo_return ? sapulse_pkg::CAUSE_ECHO_RETURN : sapulse_pkg::CAUSE_ECHO;
          default:
          if (r.control.message == sapulse_pkg::TYPE_ERROR_CLEAR) cause = sapulse_pkg::CAUSE_ERROR_CLEAR;
          else if (r.control.message >= sapulse_pkg::TYPE_PRIVATE_FIRST) cause = sapulse_pkg::CAUSE_PRIVATE_USE;
          else if (r.control.message inside {sapulse_pkg::TYPE_ECHO_REQUEST, sapulse_pkg::TYPE_ECHO_REPLY,
                                             sapulse_pkg::TYPE_ERROR_PROTECTED}) begin
            cause = sapulse_pkg::CAUSE_UNKNOWN_SPI;
            opens = then.found;
            host = !then.found;
          end else cause = sapulse_pkg::CAUSE_UNSUPPORTED;
        endcase
      end else if (then.action == sapulse_pkg::ACTION_CONTROL && reason >= sapulse_pkg::MALFORMED_ENCAPSULATION) begin
        cause = reason == sapulse_pkg::MALFORMED_VERSION ? sapulse_pkg::CAUSE_VERSION : sapulse_pkg::CAUSE_MALFORMED;
        copy = cfg.exception_copies[reason == sapulse_pkg::MALFORMED_VERSION ? 3 : 2];
        host = copy;
      end
    end
    by_source = cause inside {sapulse_pkg::CAUSE_UNKNOWN_SPI, sapulse_pkg::CAUSE_UNKNOWN_SPI_DATA,
                              sapulse_pkg::CAUSE_ERROR_CLEAR, sapulse_pkg::CAUSE_UNSUPPORTED, sapulse_pkg::CAUSE_MALFORMED,
                              sapulse_pkg::CAUSE_VERSION, sapulse_pkg::CAUSE_ECHO_RETURN};
  end

  // Section 8: its source needs a token, then its cause.
  logic granted;
  assign granted = (!by_source || then.source_pass) && then.cause_pass;

  datapath_pkg::decision_t told;
  assign told = decision.data;

  // A token has been asked for a cycle before the decision.
  logic asked;
  logic [4:0] asked_cause;
  always_ff @(posedge clk) {asked, asked_cause} <= {limit.valid && !rst, limit.cause};
  logic [1:0] entered;  // has come two cycles before it
  always_ff @(posedge clk) entered <= rst ? '0 : {entered[0], enter.valid};

  always_ff @(posedge clk) begin
    if (!rst && settled) begin
      assert (decision.valid == then.valid);
      if (then.valid) begin
        assert (told.pass == pass);
        assert (told.data_seen == data_seen);
        assert (told.fragment == (r.kind == sapulse_pkg::FRAME_FRAGMENT));
        assert (told.take == (opens || (host && granted)));
        assert (told.limited == (copy && host && !granted));
        assert (!(opens && host) && !(copy && !host) && !(pass && host && !copy) && !(pass && opens));
        if (told.take) begin
          assert (told.job.route == (opens ? datapath_pkg::ROUTE_PING
                                     : cause == sapulse_pkg::CAUSE_ECHO ? datapath_pkg::ROUTE_ECHO
                                     : datapath_pkg::ROUTE_EXCEPTION));
          assert (told.job.copy == copy);
          assert (opens || told.job.cause == cause);
          assert (told.holder.ping == opens && told.holder.source == then.source_bucket);
        end
        // Dropped: the counter says why; what a copy is made of is counted as what it is.
        assert (pass || (told.take && !told.job.copy)
                || told.drop == (host && !copy ? sapulse_pkg::COUNTER_DROP_LIMITED : drop));
        assert (told.job.record == r && told.job.epoch == then.epoch && told.job.sa == then.sa);
        assert (asked == (host && (!by_source || then.source_pass)) && (!asked || asked_cause == cause));
        assert (entered[1] == (data_seen || opens));
        cover (told.take && told.job.route == datapath_pkg::ROUTE_PING);
        cover (told.take && told.job.route == datapath_pkg::ROUTE_ECHO && cfg.mac_valid != '0);
        cover (pass && told.take && r.l4.encap == sapulse_pkg::ENCAP_UDP);
        cover (told.limited);
        cover (!pass && !told.take && told.drop == sapulse_pkg::COUNTER_DROP_SEQUENCE);
      end else begin
        assert (!asked && !entered[1]);
      end
    end
  end

  // Questions are about the frame's own SPIs.
  always_ff @(posedge clk) begin
    if (!rst && settled && record_valid) begin
      assert (lookup.valid && action_spi == free_record.l4.spi[7:0]);
      assert (lookup.spi == (free_record.l4.spi < 256 ? free_record.control.subject : free_record.l4.spi));
    end
  end

endmodule

`default_nettype wire
