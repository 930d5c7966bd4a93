// SPDX-License-Identifier: Apache-2.0
// request_start with orders, paths and contexts made of numbers, every member in a way of its own.
`default_nettype none

module request_start_bench (
    input wire        clk,
    input wire        rst,
    input wire [63:0] now,

    input  wire         order_valid,
    output logic        order_ready,
    input  wire  [31:0] order_number,
    input  wire         probe_valid,
    output logic        probe_ready,
    input  wire  [31:0] probe_number,
    output logic        done_valid,
    output logic        done_usable,
    output logic [63:0] done_n,
    output logic [63:0] done_t_origin,

    input  wire  epoch,
    output logic enter_valid,
    output logic enter_epoch,
    output logic leave_valid,
    output logic leave_epoch,

    output logic        reply_valid,
    input  wire         reply_ready,
    output logic [15:0] reply_sa,
    input  wire         ctx_valid,
    input  wire         ctx_usable,
    input  wire  [15:0] ctx_sa,
    input  wire  [63:0] ctx_n,

    output logic         job_valid,
    input  wire          job_ready,
    output logic [ 13:0] job_length,
    output logic [ 31:0] job_spi,
    output logic [ 63:0] job_n,
    output logic         job_raw,
    output logic [383:0] job_body,
    output logic [ 13:0] job_data_length,
    output logic [ 63:0] job_t_origin,
    output logic [ 31:0] job_transaction,
    output logic [ 31:0] job_reply_spi,

    output logic         seal_valid,
    input  wire          seal_ready,
    output logic [ 63:0] seal_key,
    output logic [ 13:0] seal_length,
    output logic [ 47:0] header_to,
    output logic [ 47:0] header_from,
    output logic [  1:0] header_tags,
    output logic [ 31:0] header_tag0,
    output logic [ 31:0] header_tag1,
    output logic         header_v6,
    output logic [  5:0] header_dscp,
    output logic [127:0] header_src,
    output logic [127:0] header_dst,
    output logic [  1:0] header_encap,
    output logic [ 15:0] header_sport,
    output logic [ 15:0] header_dport,
    output logic [ 31:0] header_spi,
    output logic [ 31:0] header_seq,
    output logic [  7:0] header_message,
    output logic [  7:0] header_code,
    output logic [ 31:0] header_subject,
    output logic [ 31:0] header_transaction,
    output logic [ 13:0] header_length,
    output logic         header_echo,
    output logic [  5:0] answer_counter,
    output logic         answer_from_line,
    output logic         answer_entered,
    output logic         answer_epoch
);

  function automatic requester_pkg::order_t order_of(input logic [31:0] number);
    order_of.raw = number[14];
    order_of.sa = number[31:16];
    order_of.transaction = number;
    order_of.length = number[13:0];
    order_of.message = number[15:8];
    order_of.code = number[23:16];
    order_of.body = {12{number}};
    order_of.counter = number[5:0];
  endfunction

  function automatic sa_pkg::path_t path_of(input logic [15:0] sa);
    path_of.valid = sa[2:0] != 3'd0;
    path_of.encapsulation = {1'b0, sa[3]};
    path_of.ipv6 = sa[4];
    path_of.dscp = sa[10:5];
    path_of.tags = {1'b0, sa[11]};
    path_of.tag0 = {sa, 16'd1};
    path_of.tag1 = {sa, 16'd2};
    path_of.destination_mac = {sa, 32'd3};
    path_of.source_mac = {sa, 32'd4};
    path_of.source = {sa, 112'd5};
    path_of.destination = {sa, 112'd6};
    path_of.source_port = sa ^ 16'd7;
    path_of.destination_port = sa ^ 16'd8;
    path_of.control_spi = {sa, 16'd9};
    path_of.reply_spi = {sa, 16'd10};
  endfunction

  // As path_memory: the path of an address comes PATH_LATENCY cycles after it.
  logic [15:0] path_sa, path_sa_delayed;
  delay_line #(
      .WIDTH (16),
      .CYCLES(sa_pkg::PATH_LATENCY)
  ) u_path (
      .clk,
      .in (path_sa),
      .out(path_sa_delayed)
  );

  sa_pkg::reply_ctx ctx;
  always_comb begin
    ctx = '0;
    ctx.usable = ctx_usable;
    ctx.spi = {ctx_sa, 16'd11};
    ctx.n = ctx_n;
    ctx.sa[63:0] = ~ctx_n;
  end

  sapulse_types_pkg::request_job job;
  /* verilator lint_off UNUSEDSIGNAL */  // a part stands for the key
  sapulse_types_pkg::seal_job seal_job;
  /* verilator lint_on UNUSEDSIGNAL */
  sapulse_types_pkg::header_job seal_header;
  datapath_pkg::answer_t seal_answer;

  assign job_length = job.length;
  assign job_spi = job.spi;
  assign job_n = job.n;
  assign job_raw = job.raw;
  assign job_body = job.body;
  assign job_data_length = job.data_length;
  assign job_t_origin = job.t_origin;
  assign job_transaction = job.transaction;
  assign job_reply_spi = job.reply_spi;
  assign seal_key = seal_job.sa[63:0];
  assign seal_length = seal_job.length;
  assign header_to = seal_header.l2.dst;
  assign header_from = seal_header.l2.src;
  assign header_tags = seal_header.l2.tags;
  assign header_tag0 = seal_header.l2.tag0;
  assign header_tag1 = seal_header.l2.tag1;
  assign header_v6 = seal_header.l3.v6;
  assign header_dscp = seal_header.l3.dscp;
  assign header_src = seal_header.l3.src;
  assign header_dst = seal_header.l3.dst;
  assign header_encap = seal_header.encap;
  assign header_sport = seal_header.sport;
  assign header_dport = seal_header.dport;
  assign header_spi = seal_header.spi;
  assign header_seq = seal_header.seq;
  assign header_message = seal_header.message;
  assign header_code = seal_header.code;
  assign header_subject = seal_header.subject;
  assign header_transaction = seal_header.transaction;
  assign header_length = seal_header.length;
  assign header_echo = seal_header.echo;
  assign answer_counter = seal_answer.counter;
  assign answer_from_line = seal_answer.from_line;
  assign answer_entered = seal_answer.entered;
  assign answer_epoch = seal_answer.epoch;

  request_start dut (
      .order(order_of(order_number)),
      .probe(order_of(probe_number)),
      .path(path_of(path_sa_delayed)),
      .*
  );

endmodule

`default_nettype wire
