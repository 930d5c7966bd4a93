// SPDX-License-Identifier: Apache-2.0
// frame_reader keeps the rules of streams and frames, leaves no gap, and sends as many bytes as it was told, padded to 60; it
// asks dma_read for what this takes, and for nothing if an argument is bad. Each job is finished once. What the bytes are, is
// left to tests.
`default_nettype none

module frame_reader_proof (
    input wire clk,
    input wire restart,
    input wire start,
    input wire [63:0] address,
    input wire [15:0] length,
    input wire read_ready,
    input wire data_valid,
    input wire done,
    input wire fails,
    input wire frame_ready
);
  import host_pkg::*;

  localparam int unsigned LEAST = 60, MOST = sapulse_pkg::MAX_FRAME_BYTES;  // bytes of a frame
  localparam int unsigned HEADER = 14;

  logic rst;
  proof_reset u_reset (.clk, .restart, .rst, .first());

  frame_job_if job ();
  dma_read_if read ();
  stream_if #(sapulse_pkg::axis_beat) frame ();
  assign job.start = start, job.address = address, job.length = length;
  assign read.ready = read_ready, read.data_valid = data_valid, read.data = '0, read.done = done, read.failed = fails;
  assign frame.ready = frame_ready;
  frame_reader u_dut (.clk, .rst, .job, .read, .frame, .memory_fault());

  dma_read_rules u_read_rules (.clk, .rst, .valid(read.valid), .address(read.address), .beats(read.beats));
  frame_rules u_frame_rules (.clk, .rst, .frame);

  // The job under way.
  logic active, reading, told;  // it has not been finished; its beats come; its frame is in the card
  logic [15:0] bytes;           // of its frame, without padding
  logic aligned, good, fire;
  assign good = 32'(bytes) >= HEADER && 32'(bytes) <= MOST && aligned;
  assign fire = frame.valid && frame.ready;
  always_ff @(posedge clk) begin
    if (job.finished) active <= 1'b0;
    if (start) begin
      active <= 1'b1;
      told <= 1'b0;
      bytes <= length;
      aligned <= address[5:0] == '0;
    end
    if (read_ready) reading <= 1'b1;
    if (done) reading <= 1'b0;
    if (done && !fails) told <= 1'b1;
    if (fire && frame.data.last) told <= 1'b0;
    if (rst) {active, reading, told} <= '0;
  end

  // What the surroundings promise: one job at a time (frame_job_if), and dma_read.
  always_comb begin
    assume (!start || job.ready);
    assume (!read_ready || (read.valid && !reading));
    assume (!(data_valid || done) || reading);
  end

  // The frame that leaves.
  logic middle;
  logic [7:0] beats, sent;    // of all, and taken
  logic [15:0] left, padded;  // bytes of the last beat
  assign beats = 8'((bytes + 16'(BEAT_BYTES - 1)) / 16'(BEAT_BYTES));
  assign left = bytes - 16'(BEAT_BYTES) * (16'(beats) - 16'd1);
  assign padded = bytes < 16'(LEAST) ? 16'(LEAST) : left;
  always_ff @(posedge clk) begin
    if (fire) begin
      middle <= !frame.data.last;
      sent <= frame.data.last ? '0 : sent + 8'd1;
    end
    if (rst) {middle, sent} <= '0;
  end

  // As in frame_reader.
  typedef enum logic [2:0] {IDLE, CHECK, REQUEST, RECEIVE, STREAM} state_t;
  state_t state;
  assign state = state_t'(u_dut.state_q);

  // The proof's invariants: of beats in the two stages out of the buffer.
  logic [7:0] staged;
  assign staged = 8'(u_dut.read_valid_q) + 8'(frame.valid);
  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (state <= STREAM);
      assert (state == IDLE || (u_dut.length_q == bytes && u_dut.beats_q == beats && aligned == (read.address[5:0] == '0)));
      assert (!(state == REQUEST || state == RECEIVE || state == STREAM) || good);
      assert (reading == (state == RECEIVE) && told == (state == STREAM));
      assert (state == STREAM || (staged == '0 && sent == '0 && !middle));
      assert (active == (state == CHECK || state == REQUEST || state == RECEIVE || job.finished));
      if (state == STREAM) begin
        assert (u_dut.read_q == sent + staged && sent < beats && u_dut.read_q <= beats);
        assert (middle == (sent != '0));
        assert (!u_dut.read_valid_q || u_dut.read_last_q == (u_dut.read_q == beats));
        assert (!frame.valid || frame.data.last == (sent + 8'd1 == beats));
        assert (u_dut.read_q == beats || staged == 8'd2 || !frame.valid);
      end
    end
  end

  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (!middle || frame.valid);                           // no gaps
      assert (!(frame.valid && !told));                          // only what has been read
      assert (!(frame.valid && frame.data.last) || (sent + 8'd1 == beats && frame.data.keep == ~({BEAT_BYTES{1'b1}} << padded)));
      assert (!(read.valid && !good));
      assert (!(job.finished && !active));
      assert (!(job.finished && !good && job.status != sapulse_pkg::STATUS_BAD_ARGUMENT));
      assert (!(frame.valid && frame.data.user));
      cover (fire && frame.data.last && bytes == 16'd14);
      cover (fire && frame.data.last && bytes == 16'd129);
      cover (job.finished && !good);
    end
  end

endmodule

`default_nettype wire
