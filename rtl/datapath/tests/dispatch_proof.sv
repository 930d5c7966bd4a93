// SPDX-License-Identifier: Apache-2.0
// dispatch starts all that a frame needs in one cycle or nothing, for each job once, and sends the beats of each frame where its
// job says, in order, all of them but those in front of the beat in which a cut begins; a frame moves only behind its job. An
// offered beat stays until it is taken; a job is offered only when all of its sinks are ready.
`default_nettype none

module dispatch_proof #(
    parameter int unsigned ROUTES = 2
) (
    input wire clk,
    input wire restart,
    input wire job_valid,
    input wire [1:0] route,
    input wire [7:0] payload,
    input wire job_bit,
    input wire frame_valid,
    input wire frame_last,
    input wire frame_bit,
    input wire [7:0] ready,
    input wire choose
);

  localparam int unsigned BEAT_SHIFT = $clog2(sapulse_pkg::BEAT_BYTES);
  localparam int unsigned COUNT_W = 4;

  logic rst;
  proof_reset u_reset (.clk, .restart, .rst, .first());

  stream_if #(datapath_pkg::control_job_t) job (), raw_job (), ping (), echo ();
  stream_if #(sapulse_pkg::axis_beat) frame (), align ();
  stream_if #(sapulse_pkg::payload_beat) raw ();
  stream_if #(sapulse_pkg::align_job) align_job ();
  stream_if #(datapath_pkg::nested_t) nested ();
  stream_if #(logic) cut ();
  dispatch #(.ROUTES(ROUTES)) u_dut (.*, .fifo_fault());

  assign {raw_job.ready, raw.ready, align_job.ready, align.ready, nested.ready, ping.ready, echo.ready, cut.ready} = ready;
  wire is_exception = route == datapath_pkg::ROUTE_EXCEPTION;
  wire is_ping = route == datapath_pkg::ROUTE_PING;
  wire is_echo = route == datapath_pkg::ROUTE_ECHO;
  always_comb begin
    job.data = '0;
    job.data.job.route = datapath_pkg::route_t'(route);
    job.data.job.record.l4.payload = payload;
    job.data.job.epoch = job_bit;
    frame.data = '0;
    frame.data.last = frame_last;
    frame.data.data[0] = frame_bit;
    frame.data.keep = '1;
  end
  assign job.valid = job_valid, frame.valid = frame_valid;

  // What the surroundings promise: what is offered stays; a route that exists.
  channel_rules #(.ASSUMED(1'b1), .WIDTH($bits(datapath_pkg::control_job_t))) u_job (
      .clk, .rst, .valid(job_valid), .ready(job.ready), .data(job.data)
  );
  channel_rules #(.ASSUMED(1'b1), .WIDTH($bits(sapulse_pkg::axis_beat))) u_frame (
      .clk, .rst, .valid(frame_valid), .ready(frame.ready), .data(frame.data)
  );
  always_comb begin
    assume (is_exception || is_ping || is_echo);
  end

  // The route of any frame: whether to the host, and how many beats are skipped.
  logic job_fire, fire, ends, chosen, chosen_raw;
  logic [COUNT_W-1:0] held, ahead;
  logic [7:0] offset, chosen_offset, taken;  // taken: beats of the frame at hand, at most 255
  assign job_fire = job_valid && job.ready;
  assign fire = frame_valid && frame.ready;
  assign ends = fire && frame_last;
  assign offset = is_ping ? payload + 8'(sapulse_pkg::CONTROL_BYTES) : payload;
  proof_word #(.COUNT_W(COUNT_W), .DATA_W(9)) u_word (
      .clk, .rst, .push(job_fire), .push_data({is_exception, offset}), .pop(ends), .choose, .chosen,
      .data({chosen_raw, chosen_offset}), .held, .ahead
  );
  always_ff @(posedge clk) begin
    if (fire) taken <= frame_last ? '0 : taken + 8'(!(&taken));
    if (rst) taken <= '0;
  end
  wire at_hand = chosen && ahead == '0;
  wire skipped = !chosen_raw && taken < 8'(chosen_offset >> BEAT_SHIFT);

  channel_rules #(.WIDTH($bits(sapulse_pkg::payload_beat))) u_raw (
      .clk, .rst, .valid(raw.valid), .ready(raw.ready), .data(raw.data)
  );
  channel_rules #(.WIDTH($bits(sapulse_pkg::axis_beat))) u_align (
      .clk, .rst, .valid(align.valid), .ready(align.ready), .data(align.data)
  );

  // The proof's invariants: routes in the FIFO of dispatch are those of here.
  localparam int unsigned ADDRESS_W = $clog2(ROUTES);
  logic [ADDRESS_W:0] first, past;
  assign first = u_dut.u_routes.read_pointer, past = u_dut.u_routes.write_pointer;
  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (32'(held) == 32'(u_dut.u_routes.held) && 32'((ADDRESS_W + 1)'(past - first)) == 32'(held));
      assert (!chosen || (ahead < held
                          && u_dut.u_routes.g_distributed.g_head.memory[ADDRESS_W'(first + (ADDRESS_W + 1)'(ahead))]
                             == {chosen_raw, chosen_offset[7:BEAT_SHIFT]}));
      assert (held == '0 || u_dut.u_routes.g_distributed.g_head.head
                            == u_dut.u_routes.g_distributed.g_head.memory[first[ADDRESS_W-1:0]]);
      assert (u_dut.u_routes.unread == (held != '0) && u_dut.u_routes.full == (32'(held) == ROUTES));
      assert (32'(u_dut.taken) == (32'(taken) < 32'd3 ? 32'(taken) : 32'd3));
    end
  end

  always_ff @(posedge clk) begin
    if (!rst) begin
      // Jobs.
      assert (raw_job.valid == (job_fire && is_exception));
      assert (align_job.valid == (job_fire && !is_exception) && cut.valid == align_job.valid);
      assert (ping.valid == (job_fire && is_ping) && nested.valid == ping.valid);
      assert (echo.valid == (job_fire && is_echo));
      assert (!(raw_job.valid && !raw_job.ready) && !(align_job.valid && !(align_job.ready && cut.ready)));
      assert (!(ping.valid && !(ping.ready && nested.ready)) && !(echo.valid && !echo.ready));
      assert (!job_fire || (raw_job.data == job.data && ping.data == job.data && echo.data == job.data && cut.data == is_echo));
      assert (!align_job.valid || align_job.data.offset == 8'(offset[BEAT_SHIFT-1:0]));
      assert (32'(held) <= ROUTES);
      // Beats.
      assert (!(fire && held == '0));
      assert (fire == ((raw.valid && raw.ready) || (align.valid && align.ready)
                       || (frame_valid && held != '0 && !raw.valid && !align.valid)));
      assert (!(raw.valid && align.valid));
      assert (!raw.valid || (raw.data.last == frame_last && raw.data.data == frame.data.data));
      assert (!align.valid || align.data == frame.data);
      if (frame_valid && at_hand) begin
        assert (raw.valid == chosen_raw);
        assert (align.valid == (!chosen_raw && !skipped));
      end
      cover (fire && at_hand && skipped && job_fire && is_exception);
      cover (32'(held) == ROUTES && align.valid && !align.ready && taken != '0);
    end
  end

endmodule

`default_nettype wire
