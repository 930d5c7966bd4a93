// SPDX-License-Identifier: Apache-2.0
// reply_mux brings packets of two sources into one order, and keeps the parts of each together: headers, payloads, ICVs and answers
// leave in the order of the choices, each those of the chosen source, beats of a packet without one of another between them. An
// echo is chosen only when its first beat has come. One packet is chosen at a time, whenever there is one and room for its parts; a
// source that has one waits for one packet of the other at most.
`default_nettype none

module reply_mux_proof #(
    parameter int unsigned BEATS = 4,
    localparam int unsigned ORDERS = 4
) (
    input wire clk,
    input wire restart,
    input wire [1:0] beat_valid,    // element 0: sealed packets, 1: echoes
    input wire [1:0] beat_last,
    input wire [1:0] beat_bit,
    input wire [1:0] header_valid,
    input wire [1:0] header_bit,
    input wire icv_valid,
    input wire icv_bit,
    input wire job_ready,
    input wire payload_ready,
    input wire icv_ready,
    input wire answer_ready,
    input wire choose
);

  logic rst;
  proof_reset u_reset (.clk, .restart, .rst, .first());

  stream_if #(sapulse_pkg::payload_beat) sealed (), echo (), payload ();
  stream_if #(datapath_pkg::header_order_t) sealed_header (), echo_header ();
  stream_if #(sapulse_pkg::icv_t) sealed_icv (), icv ();
  stream_if #(sapulse_pkg::header_job) header_job ();
  stream_if #(datapath_pkg::answer_t) answer ();
  reply_mux #(.SEALED_BEATS(BEATS), .ECHO_BEATS(BEATS), .ORDERS(ORDERS)) u_dut (.*, .fifo_fault());

  // Of what is only handed on, one bit is free.
  always_comb begin
    {sealed.data, echo.data, sealed_header.data, echo_header.data, sealed_icv.data} = '0;
    {echo.data.last, sealed.data.last} = beat_last;
    {echo.data.data[0], sealed.data.data[0]} = beat_bit;
    {echo_header.data.header[0], sealed_header.data.header[0]} = header_bit;
    {echo_header.data.answer.epoch, sealed_header.data.answer.epoch} = header_bit;
    {sealed_icv.data.present, sealed_icv.data.icv[0]} = {1'b1, icv_bit};
  end
  assign {echo.valid, sealed.valid} = beat_valid, {echo_header.valid, sealed_header.valid} = header_valid;
  assign sealed_icv.valid = icv_valid, header_job.ready = job_ready, payload.ready = payload_ready;
  assign icv.ready = icv_ready, answer.ready = answer_ready;

  logic [1:0] taken, header_held;  // by source: packets chosen; orders offered and not taken, which stay (AXI4-Stream 2.2.1)
  assign taken = {echo_header.ready && echo_header.valid, sealed_header.ready && sealed_header.valid};
  always_ff @(posedge clk) header_held <= rst ? '0 : header_valid & ~taken;
  always_comb begin
    assume ((header_held & ~header_valid) == '0);
  end
  wire taken_any = taken != '0;
  wire taken_bit = taken[1] ? header_bit[1] : header_bit[0];

  // Any packet among those chosen: in the queues of headers, payloads, ICVs.
  localparam int unsigned COUNT_W = $clog2(ORDERS) + 2;
  localparam int unsigned PAYLOADS = 4;  // packets chosen whose last beat has not left
  typedef struct packed {logic is_echo, header;} packet_t;
  packet_t packet, job_of, payload_of, icv_of;
  logic job_chosen, payload_chosen, icv_chosen;
  logic [COUNT_W-1:0] jobs, payloads, icvs, jobs_ahead, payloads_ahead, icvs_ahead;
  assign packet = '{taken[1], taken_bit};
  wire payload_leaves = payload.valid && payload_ready;
  proof_word #(.COUNT_W(COUNT_W), .DATA_W($bits(packet_t))) u_job (
      .clk, .rst, .push(taken_any), .push_data(packet), .pop(header_job.valid && job_ready), .choose, .chosen(job_chosen),
      .data(job_of), .held(jobs), .ahead(jobs_ahead)
  );
  proof_word #(.COUNT_W(COUNT_W), .DATA_W($bits(packet_t))) u_payload (
      .clk, .rst, .push(taken_any), .push_data(packet), .pop(payload_leaves && payload.data.last), .choose,
      .chosen(payload_chosen), .data(payload_of), .held(payloads), .ahead(payloads_ahead)
  );
  proof_word #(.COUNT_W(COUNT_W), .DATA_W($bits(packet_t))) u_icv (
      .clk, .rst, .push(taken_any), .push_data(packet), .pop(icv.valid && icv_ready), .choose, .chosen(icv_chosen),
      .data(icv_of), .held(icvs), .ahead(icvs_ahead)
  );
  wire job_here = job_chosen && jobs_ahead == '0 && header_job.valid;
  wire payload_here = payload_chosen && payloads_ahead == '0;
  wire icv_here = icv_chosen && icvs_ahead == '0;

  // Their places in the FIFOs.
  wire job_at = u_dut.u_headers.read_pointer[0] + jobs_ahead[0];
  wire [1:0] payload_first = u_dut.u_payload_order.read_pointer[1:0];
  wire [1:0] icv_first = u_dut.u_icv_order.read_pointer[1:0];
  wire [1:0] payload_at = payload_first + payloads_ahead[1:0];
  wire [1:0] icv_at = icv_first + icvs_ahead[1:0];
  wire payload_head = u_dut.u_payload_order.g_distributed.g_head.head;
  wire icv_head = u_dut.u_icv_order.g_distributed.g_head.head;

  // Echoes whose first beat has come and that have not been chosen: no more than beats find room.
  logic in_echo;
  logic [$clog2(BEATS):0] echoes;
  wire echo_begins = echo.valid && echo.ready && !in_echo;
  always_ff @(posedge clk) begin
    if (echo.valid && echo.ready) in_echo <= !beat_last[1];
    if (echo_begins != taken[1]) echoes <= echo_begins ? echoes + 1'b1 : echoes - 1'b1;
    if (rst) {in_echo, echoes} <= '0;
  end

  // Who has been passed over while he had a packet.
  logic [1:0] ready_to_go, passed_over;
  assign ready_to_go = {header_valid[1] && echoes != '0, header_valid[0]};
  always_ff @(posedge clk) begin
    if (taken_any) passed_over <= ready_to_go & ~taken;
    if (rst) passed_over <= '0;
  end

  wire room = jobs < 2 && payloads < COUNT_W'(PAYLOADS) && icvs < COUNT_W'(ORDERS) && answer_ready;
  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (taken != 2'b11 && (taken & ~ready_to_go) == '0);
      assert (taken_any == (room && ready_to_go != '0));
      assert (!(taken_any && (passed_over & ready_to_go & ~taken) != '0));
      assert (jobs <= 2 && payloads <= COUNT_W'(PAYLOADS) && icvs <= COUNT_W'(ORDERS));
      assert (answer.valid == taken_any && (!answer.valid || answer.data.epoch == taken_bit));
      assert (header_job.valid == (jobs != '0) && !(job_here && header_job.data[0] != job_of.header));
      // A beat that leaves is the next one of the packet's source.
      assert (!payload.valid || payloads != '0);
      if (payload_here) begin
        assert (payload.valid == (payload_of.is_echo ? u_dut.echo_beat.valid : u_dut.sealed_beat.valid));
        assert (!payload.valid || payload.data == (payload_of.is_echo ? u_dut.echo_beat.data : u_dut.sealed_beat.data));
        assert (u_dut.echo_beat.ready == (payload_of.is_echo && payload_ready));
        assert (u_dut.sealed_beat.ready == (!payload_of.is_echo && payload_ready));
      end
      if (payloads == '0) assert (!u_dut.echo_beat.ready && !u_dut.sealed_beat.ready);
      // So is an ICV; an echo has none, and waits for nobody's.
      assert (!icv.valid || icvs != '0);
      if (icv_here) begin
        assert (icv.valid == (icv_of.is_echo || icv_valid));
        assert (!icv.valid || (icv.data.present == !icv_of.is_echo && icv.data.icv[0] == (!icv_of.is_echo && icv_bit)));
        assert (sealed_icv.ready == (!icv_of.is_echo && icv_ready));
      end
      if (icvs == '0) assert (!sealed_icv.ready);
      // Where the packets are.
      assert (echoes == u_dut.u_echo.waiting && in_echo == u_dut.u_echo.middle);
      assert (passed_over != 2'b11 && (passed_over == '0 || passed_over == (u_dut.echo_turn ? 2'b10 : 2'b01)));
      assert (jobs == COUNT_W'(u_dut.u_headers.held) && (!job_chosen || jobs_ahead < jobs));
      assert (payloads == COUNT_W'(u_dut.u_payload_order.held) && (!payload_chosen || payloads_ahead < payloads));
      assert (icvs == COUNT_W'(u_dut.u_icv_order.held) && (!icv_chosen || icvs_ahead < icvs));
      assert (u_dut.u_headers.unread == (jobs != '0) && u_dut.u_headers.full == (jobs == COUNT_W'(2)));
      assert (u_dut.u_payload_order.unread == (payloads != '0) && u_dut.u_payload_order.full == (payloads == COUNT_W'(PAYLOADS)));
      assert (u_dut.u_icv_order.unread == (icvs != '0) && u_dut.u_icv_order.full == (icvs == COUNT_W'(ORDERS)));
      assert (!job_chosen || u_dut.u_headers.g_distributed.g_rest.memory[job_at][0] == job_of.header);
      assert (!payload_chosen || u_dut.u_payload_order.g_distributed.g_head.memory[payload_at] == payload_of.is_echo);
      assert (!icv_chosen || u_dut.u_icv_order.g_distributed.g_head.memory[icv_at] == icv_of.is_echo);
      assert (payloads == '0 || payload_head == u_dut.u_payload_order.g_distributed.g_head.memory[payload_first]);
      assert (icvs == '0 || icv_head == u_dut.u_icv_order.g_distributed.g_head.memory[icv_first]);
      cover (taken[1] && passed_over[1] && header_valid[0]);
      cover (payload_here && payload_of.is_echo && payload_leaves && payload.data.last && icvs == COUNT_W'(ORDERS));
      cover (job_here && jobs == 2);
    end
  end

endmodule

`default_nettype wire
