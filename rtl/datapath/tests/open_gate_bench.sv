// SPDX-License-Identifier: Apache-2.0
// open_gate with numbers for beats.
`default_nettype none

module open_gate_bench (
    input wire clk,
    input wire rst,

    input  wire         plain_valid,
    output logic        plain_ready,
    input  wire  [31:0] plain_data,
    input  wire         plain_last,

    input  wire         fate_valid,
    output logic        fate_ready,
    input  wire         fate_reply,
    input  wire         fate_match,
    input  wire         fate_host,
    input  wire  [ 5:0] fate_counter,
    input  wire  [ 7:0] fate_message,
    input  wire         fate_epoch,

    input  wire         context_valid,
    output logic        context_ready,
    input  wire         context_usable,
    input  wire  [ 1:0] copies,

    output logic        reply_job_valid,
    input  wire         reply_job_ready,
    output logic        match_job_valid,
    input  wire         match_job_ready,
    output logic        host_job_valid,
    input  wire         host_job_ready,
    output logic        host_copy,
    output logic        reply_valid,
    input  wire         reply_ready,
    output logic        match_valid,
    input  wire         match_ready,
    output logic        host_valid,
    input  wire         host_ready,
    output logic [31:0] data,
    output logic        out_last,

    output logic        limit_valid,
    output logic [ 3:0] limit_cause,
    input  wire         limit_grant,
    input  wire         limit_pass,
    output logic        copy_lost,

    output logic        end_valid,
    output logic        end_leaves,
    output logic [ 5:0] end_counter,
    output logic        end_epoch
);

  /* verilator lint_off UNUSEDSIGNAL */  // the bench looks at numbers alone
  logic [511:0] out_data;
  /* verilator lint_on UNUSEDSIGNAL */
  assign data = out_data[31:0];

  open_gate dut (
      .plain_beat({plain_last, 480'd0, plain_data}),
      .*
  );

endmodule

`default_nettype wire
