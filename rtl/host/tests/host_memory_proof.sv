// SPDX-License-Identifier: Apache-2.0
// The port to host memory, as dma_read, dma_write and host_bus_channels drive it, keeps the rules of a manager of AXI4 and what
// host_interface says of it, whatever the other side does, also when that answers what was not asked.
`default_nettype none

module host_memory_proof (
    input wire clk,
    input wire restart,
    input wire stop,
    input wire [1:0] read_valid,
    input wire [1:0][63:0] read_address,
    input wire host_pkg::read_beats_t [1:0] read_beats,
    input wire [2:0] write_valid,
    input wire [2:0][63:0] write_address,
    input wire host_pkg::write_beats_t [2:0] write_beats,
    input wire [2:0] write_bit,
    input wire awready,
    input wire wready,
    input wire arready,
    input wire bvalid,
    input wire rvalid,
    input wire [3:0] id,
    input wire [1:0] resp,
    input wire rlast
);
  import host_pkg::*;

  localparam logic [3:0] NON_CACHEABLE = 4'b0010;

  logic rst;
  proof_reset u_reset (.clk, .restart, .rst, .first());

  dma_read_if read[2] ();
  dma_write_if write[3] ();
  stream_if #(burst_t) ar (), aw ();
  stream_if #(read_beat_t) r ();
  stream_if #(write_beat_t) w ();
  stream_if #(logic [1:0]) b ();
  axi_if axi ();
  dma_error_t read_error, write_error;
  logic read_busy, write_busy;
  dma_read #(.REQUESTERS(2)) u_read (.clk, .rst, .stop, .busy(read_busy), .request(read), .error(read_error), .ar, .r);
  dma_write #(.REQUESTERS(3)) u_write (.clk, .rst, .stop, .busy(write_busy), .request(write), .error(write_error), .aw, .w, .b);
  host_bus_channels u_channels (.clk, .rst, .aw, .w, .b, .ar, .r, .axi);

  for (genvar i = 0; i < 2; i++) begin : g_read
    assign read[i].valid = read_valid[i], read[i].address = read_address[i], read[i].beats = read_beats[i];
    dma_read_rules #(.ASSUMED(1'b1)) u_rules (
        .clk, .rst, .valid(read_valid[i]), .address(read_address[i]), .beats(read_beats[i])
    );
  end
  for (genvar i = 0; i < 3; i++) begin : g_write
    assign write[i].valid = write_valid[i], write[i].address = write_address[i], write[i].beats = write_beats[i];
    assign write[i].data = beat_t'(write_bit[i]);
    dma_write_rules #(.ASSUMED(1'b1)) u_rules (
        .clk, .rst, .valid(write_valid[i]), .address(write_address[i]), .beats(write_beats[i])
    );
  end
  assign axi.awready = awready, axi.wready = wready, axi.arready = arready;
  assign axi.bvalid = bvalid, axi.b = '{id: id, resp: resp};
  assign axi.rvalid = rvalid, axi.r = '{id: id, data: '0, resp: resp, last: rlast};

  axi_manager_rules u_rules (.clk, .rst, .axi);

  // The proof's invariants: how far the write burst under way is, here and in the rules.
  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (u_write.owner_q < 2'd3);
      assert (u_rules.has_aw == (write_busy && !axi.awvalid));
      assert (u_rules.has_w == (write_busy && u_write.left_q == '0 && !axi.wvalid));
      assert (write_busy || !(axi.awvalid || axi.wvalid || u_rules.beats != '0));
      if (write_busy) begin
        assert (axi.awvalid || u_rules.burst_len == axi.aw.len);
        assert (32'(axi.aw.len) + 32'd1 == 32'(u_rules.beats) + 32'(axi.wvalid) + 32'(u_write.left_q));
        assert (32'(axi.aw.len) < BURST_BEATS && 32'(u_write.left_q) <= BURST_BEATS);
      end
    end
  end

  always_ff @(posedge clk) begin
    if (!rst) begin
      assert (!axi.awvalid || (axi.aw.id == '0 && axi.aw.cache == NON_CACHEABLE && axi.aw.prot == '0));
      assert (!axi.arvalid || (axi.ar.id == '0 && axi.ar.cache == NON_CACHEABLE && axi.ar.prot == '0));
      assert (!axi.awvalid || 32'(axi.aw.addr[9:0]) + (32'(axi.aw.len) + 32'd1) * BEAT_BYTES <= BURST_BYTES);
      assert (!axi.arvalid || 32'(axi.ar.addr[9:0]) + (32'(axi.ar.len) + 32'd1) * BEAT_BYTES <= BURST_BYTES);
      cover (axi.awvalid && 32'(axi.aw.len) == BURST_BEATS - 1 && axi.arvalid);
      cover (axi.wvalid && axi.w.last && axi.aw.len != '0 && axi.arvalid && 32'(axi.ar.len) == BURST_BEATS - 1);
      cover (axi.bvalid && axi.bready && axi.rvalid && axi.rready);
    end
  end

endmodule

`default_nettype wire
