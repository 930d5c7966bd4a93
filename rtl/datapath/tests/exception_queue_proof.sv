// SPDX-License-Identifier: Apache-2.0
// exception_queue loses, doubles and reorders nothing, and never overflows towards a builder that asks for room as it must: any
// beat, chosen freely, leaves unchanged behind those before it, or is dropped with its whole exception. An exception is dropped if
// and only if the ring has no room at its first beat; each ends once, counted as what has become of it, and its frame leaves then.
`default_nettype none

module exception_queue_proof #(
    parameter int unsigned EXCEPTIONS = 4
) (
    input wire clk,
    input wire restart,
    input wire starts,     // the builder would begin an exception
    input wire goes_on,    // it has a beat
    input wire data_bit,
    input wire copy,
    input wire entered,
    input wire epoch,
    input wire ring_room,
    input wire ring_ready,
    input wire choose
);

  localparam int unsigned LONGEST = sapulse_pkg::EXCEPTION_BYTES / sapulse_pkg::BEAT_BYTES;
  localparam int unsigned BEAT_W = $clog2(LONGEST);
  localparam int unsigned PLACE_W = $clog2(EXCEPTIONS * LONGEST) + 1;

  logic rst;
  proof_reset u_reset (.clk, .restart, .rst, .first());

  stream_if #(datapath_pkg::exception_beat_t) built ();
  ring_entry_if exceptions ();
  logic begun, room;
  datapath_pkg::ending_t done;
  sa_pkg::passage_t done_leave;
  exception_queue #(.EXCEPTIONS(EXCEPTIONS)) u_dut (.*, .fifo_fault());
  assign exceptions.room = ring_room, exceptions.ready = ring_ready;

  // exception_builder: begins when there is room, then gives all beats of an exception through a register; what becomes of the
  // frame is the same in all of them.
  logic first;
  logic [BEAT_W-1:0] beats;  // of the exception under way
  wire building = beats != '0;
  wire start = !building && starts && room;
  wire beat = start || (building && goes_on);
  always_ff @(posedge clk) begin
    built.valid <= beat && !rst;
    if (beat) begin
      beats <= beats + 1'b1;
      first <= start;
      built.data <= '0;
      built.data.beat.last <= &beats;
      built.data.beat.data[0] <= data_bit;
      {built.data.copy, built.data.entered, built.data.epoch} <= start ? {copy, entered, epoch} : {
        built.data.copy, built.data.entered, built.data.epoch
      };
    end
    if (rst) beats <= '0;
  end
  assign begun = built.valid && first;

  // One beat, chosen among all: its place. Those of the first beats inside: of all, unread in the memory.
  typedef struct packed {logic copy, entered, epoch, last, bit_0;} beat_t;
  function automatic beat_t told(input datapath_pkg::exception_beat_t it);
    told = '{it.copy, it.entered, it.epoch, it.beat.last, it.beat.data[0]};
  endfunction
  function automatic logic is_last(input datapath_pkg::exception_beat_t it);
    is_last = it.beat.last;
  endfunction
  logic [PLACE_W-1:0] next, oldest, unread, place;
  logic leaves, chosen, in_memory, in_read;
  beat_t chosen_beat;
  assign next = u_dut.u_beats.write_pointer, unread = u_dut.u_beats.read_pointer;
  wire in_out = u_dut.head.valid;
  wire has_read = u_dut.u_beats.g_block.u_ram.read_valid;
  assign oldest = unread - PLACE_W'(has_read) - PLACE_W'(in_out);
  wire [PLACE_W-1:0] held = next - oldest;
  wire [PLACE_W-1:0] ahead = place - oldest;
  assign in_read = has_read && place == unread - 1'b1;
  assign in_memory = PLACE_W'(place - unread) < PLACE_W'(next - unread);
  always_ff @(posedge clk) begin
    if (built.valid && choose && !chosen) begin
      {chosen, place} <= {1'b1, next};
      chosen_beat <= told(built.data);
    end else if (leaves && ahead == '0) chosen <= 1'b0;
    if (rst) chosen <= 1'b0;
  end

  // What the queue shows: of the exception under way, whether it is being dropped.
  logic shown, middle, drops, dropping;
  assign shown = u_dut.head.valid;
  assign dropping = middle ? drops : !ring_room;
  assign leaves = shown && (dropping || ring_ready);
  always_ff @(posedge clk) begin
    if (shown) drops <= dropping;
    if (shown) middle <= !(leaves && u_dut.head.data.beat.last);
    if (rst) middle <= 1'b0;
  end

  wire [PLACE_W-1:0] begun_until = next + PLACE_W'(LONGEST - 1);
  wire [PLACE_W-BEAT_W-1:0] begun_inside = begun_until[PLACE_W-1:BEAT_W] - oldest[PLACE_W-1:BEAT_W];

  // Room comes back when everything has left.
  logic [2:0] empty;
  always_ff @(posedge clk) empty <= rst ? '0 : {empty[1:0], held == '0 && !built.valid && !building};

  wire here = chosen && ahead == '0 && shown;
  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (!built.valid || built.ready);
      assert (32'(held) <= EXCEPTIONS * LONGEST);
      assert (!(&empty) || room);
      assert (exceptions.valid == (shown && !dropping));
      assert (done.valid == (leaves && u_dut.head.data.beat.last));
      assert (done_leave.valid == (done.valid && u_dut.head.data.entered));
      if (here) begin
        assert (u_dut.head.data.beat.data[0] == chosen_beat.bit_0 && u_dut.head.data.beat.last == chosen_beat.last);
        assert (!exceptions.valid || exceptions.beat == u_dut.head.data.beat);
        if (done.valid) begin
          assert (done.counter == (dropping ? (chosen_beat.copy ? sapulse_pkg::COUNTER_COPIES_LIMITED
                                                                : sapulse_pkg::COUNTER_DROP_RING_FULL)
                                   : chosen_beat.copy ? sapulse_pkg::COUNTER_HOST_COPIES : sapulse_pkg::COUNTER_HOST));
          assert (done_leave.valid == chosen_beat.entered && (!done_leave.valid || done_leave.epoch == chosen_beat.epoch));
        end
      end
      // Where the beats are.
      assert (u_dut.u_beats.held == held && u_dut.u_beats.full == (32'(held) == EXCEPTIONS * LONGEST));
      assert (u_dut.u_beats.unread == (next != unread) && PLACE_W'(next - unread) <= held);
      assert (!chosen || ahead < held);
      assert (!(chosen && in_memory) || told(u_dut.u_beats.g_block.u_ram.memory[place[PLACE_W-2:0]]) == chosen_beat);
      assert (!(chosen && in_read) || told(u_dut.u_beats.g_block.u_ram.read_data) == chosen_beat);
      assert (!(chosen && in_out && place == oldest) || told(u_dut.head.data) == chosen_beat);
      // Exceptions are whole: every LONGEST-th beat is a last one.
      assert (!chosen || chosen_beat.last == &place[BEAT_W-1:0]);
      assert (BEAT_W'(next + PLACE_W'(built.valid)) == beats);
      assert (!built.valid || (built.data.beat.last == &next[BEAT_W-1:0] && first == (next[BEAT_W-1:0] == '0)));
      assert (!has_read || is_last(u_dut.u_beats.g_block.u_ram.read_data) == &BEAT_W'(unread - 1'b1));
      assert (!in_out || u_dut.head.data.beat.last == &oldest[BEAT_W-1:0]);
      for (int i = 0; i < EXCEPTIONS * LONGEST; i++) begin
        if (PLACE_W'(PLACE_W'(i) - unread) < PLACE_W'(next - unread)
            || PLACE_W'(PLACE_W'(i + EXCEPTIONS * LONGEST) - unread) < PLACE_W'(next - unread))
          assert (is_last(u_dut.u_beats.g_block.u_ram.memory[i]) == (i % LONGEST == LONGEST - 1));
      end
      // Those begun and not done.
      assert (begun_inside == u_dut.count && 32'(u_dut.count) + 32'(begun) <= EXCEPTIONS - 2);
      assert (!room || building || 32'(u_dut.count) < EXCEPTIONS - 2);
      assert (u_dut.middle == middle && (!middle || u_dut.dropping == drops));
      assert (middle || oldest[BEAT_W-1:0] == '0);
      assert (!(middle && oldest[BEAT_W-1:0] == '0) || in_out);
      cover (here && leaves && dropping && ring_ready);
      cover (here && leaves && !dropping && held > PLACE_W'(LONGEST));
      cover (!room && held > PLACE_W'(LONGEST));
    end
  end

endmodule

`default_nettype wire
