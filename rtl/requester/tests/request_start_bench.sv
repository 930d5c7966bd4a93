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
    output logic [ 63:0] header_token_nonce,
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
    path_of.token_nonce = {sa, 48'd10};
  endfunction

  stream_if #(requester_pkg::order_t) order (), probe_order ();
  requester_pkg::order_result_t order_result;
  sa_pkg::passage_t enter, leave;
  sa_path_if sa_path ();
  sa_context_if own_context ();
  stream_if #(sapulse_pkg::request_job) job ();
  stream_if #(datapath_pkg::seal_order_t) request_order ();

  assign order.valid = order_valid;
  assign order_ready = order.ready;
  assign order.data = order_of(order_number);
  assign probe_order.valid = probe_valid;
  assign probe_ready = probe_order.ready;
  assign probe_order.data = order_of(probe_number);
  assign done_valid = order_ready || probe_ready;
  assign {done_usable, done_n, done_t_origin} = order_result;

  assign {enter_valid, enter_epoch} = enter;
  assign {leave_valid, leave_epoch} = leave;

  // As path_memory: the path of an address comes PATH_LATENCY cycles after it.
  sa_pkg::sa_t sa_delayed;
  delay_line #(
      .WIDTH ($bits(sa_pkg::sa_t)),
      .CYCLES(sa_pkg::PATH_LATENCY)
  ) u_path (
      .clk,
      .in (sa_path.sa),
      .out(sa_delayed)
  );
  assign sa_path.path = path_of(sa_delayed);

  assign reply_valid = own_context.valid;
  assign own_context.ready = reply_ready;
  assign reply_sa = own_context.sa;
  assign own_context.context_valid = ctx_valid;
  always_comb begin
    own_context.ctx = '0;
    own_context.ctx.usable = ctx_usable;
    own_context.ctx.spi = {ctx_sa, 16'd11};
    own_context.ctx.n = ctx_n;
    own_context.ctx.sa[63:0] = ~ctx_n;
  end

  assign job_valid = job.valid;
  assign job.ready = job_ready;
  assign job_length = job.data.length;
  assign job_spi = job.data.spi;
  assign job_n = job.data.n;
  assign job_raw = job.data.raw;
  assign job_body = job.data.body;
  assign job_data_length = job.data.data_length;
  assign job_t_origin = job.data.t_origin;
  assign job_transaction = job.data.transaction;

  // A part stands for the key.
  sapulse_pkg::header_job header;
  datapath_pkg::answer_t answer;
  assign seal_valid = request_order.valid;
  assign request_order.ready = seal_ready;
  assign seal_key = request_order.data.seal.sa[63:0];
  assign seal_length = request_order.data.seal.length;
  assign header = request_order.data.header;
  assign answer = request_order.data.answer;
  assign header_to = header.l2.dst;
  assign header_from = header.l2.src;
  assign header_tags = header.l2.tags;
  assign header_tag0 = header.l2.tag0;
  assign header_tag1 = header.l2.tag1;
  assign header_v6 = header.l3.v6;
  assign header_dscp = header.l3.dscp;
  assign header_src = header.l3.src;
  assign header_dst = header.l3.dst;
  assign header_encap = header.encap;
  assign header_sport = header.sport;
  assign header_dport = header.dport;
  assign header_spi = header.spi;
  assign header_seq = header.seq;
  assign header_message = header.message;
  assign header_code = header.code;
  assign header_subject = header.subject;
  assign header_transaction = header.transaction;
  assign header_token_nonce = header.token_nonce;
  assign header_length = header.length;
  assign header_echo = header.echo;
  assign answer_counter = answer.counter;
  assign answer_from_line = answer.from_line;
  assign answer_entered = answer.entered;
  assign answer_epoch = answer.epoch;

  request_start u_dut (
      .clk, .rst, .now,
      .order, .probe_order, .order_result,
      .epoch, .enter, .leave,
      .path(sa_path),
      .own_context,
      .job, .request_order,
      .fifo_fault()
  );

endmodule

`default_nettype wire
