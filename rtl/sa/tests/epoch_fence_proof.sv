// SPDX-License-Identifier: Apache-2.0
// epoch_fence tells the end of a fence when no frame is left that was looked up before it, and always does, once these have left:
// for one frame, chosen freely, among any number of others that enter and leave as sa_pkg allows.
`default_nettype none

module epoch_fence_proof #(
    parameter int unsigned COUNT_BITS = 5,
    parameter int unsigned LATEST = 4
) (
    input wire clk,
    input wire restart,
    input wire sa_pkg::passage_t [sa_pkg::ENTER_PORTS-1:0] enter,
    input wire sa_pkg::passage_t [sa_pkg::LEAVE_PORTS-1:0] leave,
    input wire want_fence,
    input wire choose,
    input wire chosen_enters,
    input wire chosen_leaves
);

  logic rst;
  proof_reset u_reset (.clk, .restart, .rst, .first());

  logic epoch, busy, fence_valid, fence_done;
  epoch_fence #(
      .COUNT_BITS(COUNT_BITS),
      .LATEST(LATEST)
  ) u_dut (
      .clk, .rst, .epoch, .enter, .leave, .busy, .fence_valid, .fence_done
  );

  // A fence is asked for until it is done.
  logic pending;
  assign fence_valid = pending || want_fence;
  always_ff @(posedge clk) pending <= fence_valid && !fence_done && !rst;

  // Frames in the card, by epoch.
  logic [1:0][COUNT_BITS-1:0] present;
  logic [1:0][2:0] entering, leaving;
  always_comb begin
    for (int e = 0; e < 2; e++) begin
      entering[e] = '0;
      leaving[e] = '0;
      for (int port = 0; port < sa_pkg::ENTER_PORTS; port++) entering[e] += 3'(enter[port].valid && enter[port].epoch == e[0]);
      for (int port = 0; port < sa_pkg::LEAVE_PORTS; port++) leaving[e] += 3'(leave[port].valid && leave[port].epoch == e[0]);
    end
  end
  always_ff @(posedge clk) begin
    for (int e = 0; e < 2; e++) present[e] <= rst ? '0 : present[e] + COUNT_BITS'(entering[e]) - COUNT_BITS'(leaving[e]);
  end

  // The chosen frame: looked up, then entering, then leaving; age counts from its lookup.
  typedef enum logic [1:0] {NOWHERE, LOOKED_UP, INSIDE, GONE} place_t;
  place_t place;
  logic mine;  // its epoch
  logic [7:0] age;
  logic enters, leaves;
  assign enters = place == LOOKED_UP && chosen_enters;
  assign leaves = place == INSIDE && chosen_leaves;
  always_ff @(posedge clk) begin
    age <= age + 8'd1;
    if (place == NOWHERE && choose) begin
      place <= LOOKED_UP;
      mine <= epoch;
      age <= 8'd1;
    end
    if (enters) place <= INSIDE;
    if (leaves) place <= GONE;
    if (rst) place <= NOWHERE;
  end

  // Since the last change of epoch: a frame of the old one enters no later than LATEST cycles after it.
  logic [7:0] since;
  logic epoch_before;
  always_ff @(posedge clk) begin
    epoch_before <= epoch;
    since <= epoch != epoch_before ? 8'd1 : since + 8'(since != '1);
    if (rst) since <= '1;
  end

  // What the surroundings promise.
  always_comb begin
    for (int e = 0; e < 2; e++) begin
      assume (present[e] < '1 - COUNT_BITS'(8));
      assume (COUNT_BITS'(leaving[e]) <= present[e] - COUNT_BITS'(place == INSIDE && mine == e[0] && !leaves));
      if (e[0] != epoch) assume (entering[e] == '0 || (epoch != epoch_before ? 8'd0 : since) < 8'(LATEST));
    end
    if (place == LOOKED_UP) assume (age <= 8'(LATEST) && (age < 8'(LATEST) || enters));
    if (enters) assume (entering[mine] != '0);
    if (leaves) assume (leaving[mine] != '0);
  end

  // What the counters of the module count, a cycle late: the proof's invariant is that this is what is inside.
  logic [1:0][COUNT_BITS-1:0] counted;
  assign counted[0] = u_dut.g_epoch[0].count + COUNT_BITS'(u_dut.g_epoch[0].entering) - COUNT_BITS'(u_dut.g_epoch[0].leaving);
  assign counted[1] = u_dut.g_epoch[1].count + COUNT_BITS'(u_dut.g_epoch[1].entering) - COUNT_BITS'(u_dut.g_epoch[1].leaving);

  logic old_chosen;  // a fence is under way that began when the chosen frame had been looked up
  logic [7:0] waited;         // cycles of a fence in which nothing of the old epoch was in the card
  always_ff @(posedge clk) begin
    if (fence_valid && !u_dut.fencing && !fence_done) begin
      old_chosen <= place == LOOKED_UP || place == INSIDE || (place == NOWHERE && choose);
    end
    if (fence_done || rst) old_chosen <= 1'b0;
    waited <= u_dut.fencing && present[!epoch] == '0 && entering[!epoch] == '0 ? waited + 8'(waited != '1) : '0;
    if (rst) waited <= '0;
  end

  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (!(fence_done && old_chosen && place != GONE));
      assert (waited <= 8'(LATEST + 5));
      assert (busy || (present == '0 && entering == '0));
      assert (counted[0] == present[0] && counted[1] == present[1]);
      assert (!(place == INSIDE && present[mine] == '0));
      cover (fence_done && old_chosen && present[epoch] != '0);
    end
  end

endmodule

`default_nettype wire
