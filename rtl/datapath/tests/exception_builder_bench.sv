// SPDX-License-Identifier: Apache-2.0
// exception_builder with the fields of its jobs in flat words, as exception_builder_test.cpp lays them out.
`default_nettype none

module exception_builder_bench (
    input wire clk,
    input wire rst,

    input  wire          raw_job_valid,
    output logic         raw_job_ready,
    input  wire  [415:0] raw_fields,
    input  wire          raw_valid,
    output logic         raw_ready,
    input  wire  [511:0] raw_data,
    input  wire          raw_last,
    input  wire          plain_job_valid,
    output logic         plain_job_ready,
    input  wire  [415:0] plain_fields,
    input  wire          plain_valid,
    output logic         plain_ready,
    input  wire  [511:0] plain_data,
    input  wire          plain_last,

    input  wire          room,
    output logic         out_valid,
    output logic [511:0] out_data,
    output logic         out_first,
    output logic         out_last,
    output logic         out_copy,
    output logic         out_entered,
    output logic         out_epoch,

    input  wire  hold,
    output logic lost_valid,
    output logic lost_copy,
    output logic lost_entered,
    output logic lost_epoch
);

  /* verilator lint_off UNUSEDSIGNAL */  // words have gaps
  function automatic datapath_pkg::control_job_t job_of(input logic [415:0] f);
    /* verilator lint_on UNUSEDSIGNAL */
    sapulse_pkg::record_t record;
    datapath_pkg::control_job_t job;
    record = '0;
    record.l4.spi = f[31:0];
    record.l4.seq = f[63:32];
    record.control.subject = f[95:64];
    record.control.nested_seq = f[127:96];
    record.control.n = f[191:128];
    record.control.transaction = f[223:192];
    record.l4.limit = f[240:224];
    record.control.length = f[287:272];
    record.l4.encap = f[289:288];
    record.l3.v6 = f[290];
    record.l2.tags = f[292:291];
    record.control.message = f[303:296];
    record.l4.offset = f[311:304];
    job = '0;
    job.frame_length = f[271:256];
    job.job.cause = f[315:312];
    job.job.copy = f[316];
    job.job.epoch = f[317];
    job.job.sa = f[335:320];
    record.control.code = f[343:336];
    job.received = f[415:352];
    job.job.record = record;
    job_of = job;
  endfunction

  exception_builder dut (
      .raw_job(job_of(raw_fields)),
      .plain_job(job_of(plain_fields)),
      .*
  );

endmodule

`default_nettype wire
