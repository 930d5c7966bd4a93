// SPDX-License-Identifier: Apache-2.0
// policy with the fields that its test sets and looks at as plain ports. The SPI index is played here: an SPI is installed if its
// lowest bit is set; SA number and epoch are its next bits.
`default_nettype none

module policy_bench (
    input wire clk,
    input wire rst,

    input  wire         enable,
    input  wire         authoritative,
    input  wire  [ 1:0] copies,
    input  wire  [15:0] local_valid,
    input  wire  [31:0] local_base,    // local address i is {local_base, 92'd0, i}
    input  wire  [ 3:0] mac_valid,
    input  wire  [31:0] mac_base,      // local MAC i is {mac_base, 14'd0, i}
    input  wire  [15:0] udp_port,
    input  wire         sources_blocked,  // no source has a token
    output logic [ 7:0] action_spi,
    input  wire  [ 2:0] action,

    input wire        record_valid,
    input wire [ 1:0] kind,
    input wire [ 3:0] ip_malformed,
    input wire [ 3:0] echo_malformed,
    input wire [ 3:0] echo_reply_malformed,
    input wire [ 3:0] control_malformed,
    input wire        group_mac,
    input wire        mapped_destination,
    input wire        source_unusable,
    input wire        echo_return,
    input wire [31:0] mac_high,
    input wire [ 1:0] mac_low,
    input wire [31:0] src_high,
    input wire [ 3:0] src_low,
    input wire [31:0] dst_high,
    input wire [ 3:0] dst_low,
    input wire [ 1:0] encap,
    input wire [15:0] dport,
    input wire [31:0] spi,
    input wire [31:0] subject,
    input wire [ 7:0] message,
    input wire [31:0] number,

    output logic       enter_valid,
    output logic       enter_epoch,
    output logic       limit_valid,
    output logic [4:0] limit_cause,
    input  wire        limit_pass,

    output logic        decision_valid,
    output logic        pass,
    output logic        take,
    output logic        fragment,
    output logic        limited,
    output logic        data_seen,
    output logic [ 5:0] drop,
    output logic [ 1:0] route,
    output logic [ 4:0] cause,
    output logic        copy,
    output logic        epoch,
    output logic [15:0] sa,
    output logic [ 7:0] holder_source,
    output logic [ 7:0] holder_sa,
    output logic        holder_ping,
    output logic [31:0] decision_number
);

  stream_if #(sapulse_pkg::record_t) record ();
  stream_if #(datapath_pkg::decision_t) decision ();
  sa_lookup_if lookup ();
  limit_if limit ();
  datapath_pkg::config_t cfg;
  sa_pkg::passage_t enter;
  /* verilator lint_off UNUSEDSIGNAL */  // a bit for "installed", one for the epoch, ten for the SA
  logic [31:0] result_spi;
  /* verilator lint_on UNUSEDSIGNAL */

  always_comb begin
    cfg = '0;
    cfg.authoritative = authoritative;
    cfg.exception_copies[3:2] = copies;
    cfg.local_valid = local_valid;
    for (int i = 0; i < sapulse_pkg::LOCAL_ADDRESSES; i++) cfg.local_address[i] = {local_base, 92'd0, i[3:0]};
    cfg.mac_valid = mac_valid;
    for (int i = 0; i < sapulse_pkg::LOCAL_MACS; i++) cfg.mac[i] = {mac_base, 14'd0, i[1:0]};
    cfg.udp_port = udp_port;
    cfg.source_limit.interval = 32'(sources_blocked);
    record.valid = record_valid;
    record.data = '0;
    record.data.kind = kind;
    record.data.ip_malformed = ip_malformed;
    record.data.echo_malformed = echo_malformed;
    record.data.echo_reply_malformed = echo_reply_malformed;
    record.data.control_malformed = control_malformed;
    record.data.group_mac = group_mac;
    record.data.mapped_destination = mapped_destination;
    record.data.source_unusable = source_unusable;
    record.data.echo_return = echo_return;
    record.data.l2.dst = {mac_high, 14'd0, mac_low};
    record.data.l3.src = {src_high, 92'd0, src_low};
    record.data.l3.dst = {dst_high, 92'd0, dst_low};
    record.data.l4.encap = encap;
    record.data.l4.dport = dport;
    record.data.l4.spi = spi;
    record.data.l4.seq = number;
    record.data.control.subject = subject;
    record.data.control.message = message;
  end

  delay_line #(
      .WIDTH (33),
      .CYCLES(sa_pkg::LOOKUP_LATENCY)
  ) u_index (.clk, .in({lookup.valid, lookup.spi}), .out({lookup.result_valid, result_spi}));
  assign lookup.found = result_spi[0];
  assign lookup.epoch = result_spi[1];
  assign lookup.sa = {6'd0, result_spi[11:2]};

  assign enter_valid = enter.valid;
  assign enter_epoch = enter.epoch;
  assign limit_valid = limit.valid;
  assign limit_cause = limit.cause;
  assign limit.pass = limit_pass;
  assign limit.grant = 1'b1;

  policy u_dut (
      .clk, .rst, .enable, .cfg, .action_spi, .action, .uptime(32'd0), .record, .lookup, .enter, .limit, .decision
  );

  assign decision.ready = 1'b1;
  assign decision_valid = decision.valid;
  assign pass = decision.data.pass;
  assign take = decision.data.take;
  assign fragment = decision.data.fragment;
  assign limited = decision.data.limited;
  assign data_seen = decision.data.data_seen;
  assign drop = decision.data.drop;
  assign route = decision.data.job.route;
  assign cause = decision.data.job.cause;
  assign copy = decision.data.job.copy;
  assign epoch = decision.data.job.epoch;
  assign sa = decision.data.job.sa;
  assign holder_source = decision.data.holder.source;
  assign holder_sa = decision.data.holder.sa;
  assign holder_ping = decision.data.holder.ping;
  assign decision_number = decision.data.job.record.l4.seq;

endmodule

`default_nettype wire
