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
    output logic [ 7:0] action_spi,
    input  wire  [ 2:0] action,

    input wire        record_valid,
    input wire [ 1:0] kind,
    input wire [ 3:0] ip_malformed,
    input wire [ 3:0] echo_malformed,
    input wire [ 3:0] control_malformed,
    input wire [31:0] dst_high,
    input wire [ 3:0] dst_low,
    input wire [ 1:0] encap,
    input wire [31:0] spi,
    input wire [31:0] subject,
    input wire [ 7:0] message,
    input wire [31:0] number,

    output logic       enter_valid,
    output logic       enter_epoch,
    output logic       limit_valid,
    output logic [3:0] limit_cause,
    input  wire        limit_pass,

    output logic        decision_valid,
    output logic        pass,
    output logic        take,
    output logic        fragment,
    output logic        limited,
    output logic        data_seen,
    output logic [ 5:0] drop,
    output logic [ 1:0] route,
    output logic [ 3:0] cause,
    output logic        copy,
    output logic        epoch,
    output logic [15:0] sa,
    output logic [31:0] decision_number
);

  sapulse_pkg::record_t record;
  /* verilator lint_off UNUSEDSIGNAL */
  sapulse_pkg::record_t decided;
  /* verilator lint_on UNUSEDSIGNAL */
  datapath_pkg::decision_t decision;
  logic [128*16-1:0] addresses;
  logic lookup_valid, result_valid;
  logic [31:0] lookup_spi, result_spi;

  always_comb begin
    for (int i = 0; i < 16; i++) addresses[128*i+:128] = {local_base, 92'd0, i[3:0]};
    record = '0;
    record.kind = kind;
    record.ip_malformed = ip_malformed;
    record.echo_malformed = echo_malformed;
    record.control_malformed = control_malformed;
    record.l3.dst = {dst_high, 92'd0, dst_low};
    record.l4.encap = encap;
    record.l4.spi = spi;
    record.l4.seq = number;
    record.control.subject = subject;
    record.control.message = message;
  end

  delay_line #(
      .WIDTH (33),
      .CYCLES(sa_pkg::LOOKUP_LATENCY)
  ) index (
      .clk,
      .in ({lookup_valid, lookup_spi}),
      .out({result_valid, result_spi})
  );

  policy dut (
      .clk,
      .rst,
      .enable,
      .cfg_authoritative(authoritative),
      .cfg_copies(copies),
      .cfg_local_valid(local_valid),
      .cfg_local_address(addresses),
      .action_spi,
      .action,
      .record_valid,
      .record,
      .lookup_valid,
      .lookup_spi,
      .result_valid,
      .result_found(result_spi[0]),
      .result_sa({6'd0, result_spi[11:2]}),
      .result_epoch(result_spi[1]),
      .enter_valid,
      .enter_epoch,
      .limit_valid,
      .limit_cause,
      .limit_pass,
      .decision_valid,
      .decision
  );

  assign decided = decision.job.record;
  assign pass = decision.pass;
  assign take = decision.take;
  assign fragment = decision.fragment;
  assign limited = decision.limited;
  assign data_seen = decision.data_seen;
  assign drop = decision.drop;
  assign route = decision.job.route;
  assign cause = decision.job.cause;
  assign copy = decision.job.copy;
  assign epoch = decision.job.epoch;
  assign sa = decision.job.sa;
  assign decision_number = decided.l4.seq;

endmodule

`default_nettype wire
