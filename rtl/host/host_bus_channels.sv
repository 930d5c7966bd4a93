// SPDX-License-Identifier: Apache-2.0
// Joins the channels of dma_read and dma_write to one AXI4 bus, with what is the same in all bursts (see host_interface).
`include "sapulse_assert.svh"

`default_nettype none

module host_bus_channels (
    input wire clk,
    input wire rst,

    stream_if.sink   aw,  // burst_t
    stream_if.sink   w,   // write_beat_t
    stream_if.source b,   // its resp
    stream_if.sink   ar,  // burst_t
    stream_if.source r,   // read_beat_t

    axi_if.manager axi
);
  localparam logic [2:0] SIZE = 3'(host_pkg::BEAT_SHIFT);
  localparam logic [1:0] INCR = 2'b01;
  localparam logic [3:0] NON_CACHEABLE = 4'b0010;

  assign axi.aw = '{id: '0, addr: aw.data.addr, len: aw.data.len, size: SIZE, burst: INCR, cache: NON_CACHEABLE, prot: 3'b000};
  assign axi.awvalid = aw.valid;
  assign aw.ready = axi.awready;

  assign axi.w = '{data: w.data.data, strb: '1, last: w.data.last};
  assign axi.wvalid = w.valid;
  assign w.ready = axi.wready;

  assign b.data = axi.b.resp;
  assign b.valid = axi.bvalid;
  assign axi.bready = b.ready;

  assign axi.ar = '{id: '0, addr: ar.data.addr, len: ar.data.len, size: SIZE, burst: INCR, cache: NON_CACHEABLE, prot: 3'b000};
  assign axi.arvalid = ar.valid;
  assign ar.ready = axi.arready;

  assign r.data = '{resp: axi.r.resp, data: axi.r.data};
  assign r.valid = axi.rvalid;
  assign axi.rready = r.ready;

  `SAPULSE_ASSERT(clk, rst, !axi.rvalid || axi.r.id == '0, "read data of an ID that was never used")
  `SAPULSE_ASSERT(clk, rst, !axi.bvalid || axi.b.id == '0, "write response of an ID that was never used")

endmodule

`default_nettype wire
