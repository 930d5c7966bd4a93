// SPDX-License-Identifier: Apache-2.0
// AXI4 (ARM IHI 0022H, part A) with what sapulse uses of it: no exclusive accesses, quality of service, regions or user signals.
//
// ADDR_W, DATA_W, ID_W  bits of an address, of a beat's data and of an identifier
// ADDRESS_W, WDATA_W, B_W, R_W  bits of what the channels carry
`default_nettype none
/* verilator lint_off UNUSEDSIGNAL */  // not every pair of modules looks at all of a bundle

interface axi_if #(
    parameter int unsigned ADDR_W = 64,
    parameter int unsigned DATA_W = 8 * sapulse_pkg::BEAT_BYTES,
    parameter int unsigned ID_W   = 4
);
  typedef struct packed {
    logic [2:0]        prot;
    logic [3:0]        cache;
    logic [1:0]        burst;
    logic [2:0]        size;
    logic [7:0]        len;
    logic [ADDR_W-1:0] addr;
    logic [ID_W-1:0]   id;
  } address_t;
  typedef struct packed {
    logic                last;
    logic [DATA_W/8-1:0] strb;
    logic [DATA_W-1:0]   data;
  } w_t;
  typedef struct packed {
    logic [1:0]      resp;
    logic [ID_W-1:0] id;
  } b_t;
  typedef struct packed {
    logic              last;
    logic [1:0]        resp;
    logic [DATA_W-1:0] data;
    logic [ID_W-1:0]   id;
  } r_t;

  /* verilator lint_off UNUSEDPARAM */
  localparam int unsigned ADDRESS_W = $bits(address_t), WDATA_W = $bits(w_t), B_W = $bits(b_t), R_W = $bits(r_t);
  /* verilator lint_on UNUSEDPARAM */

  logic awvalid, awready, wvalid, wready, bvalid, bready, arvalid, arready, rvalid, rready;
  address_t aw, ar;
  w_t w;
  b_t b;
  r_t r;

  modport manager(
      output aw, awvalid, w, wvalid, bready, ar, arvalid, rready,
      input awready, wready, b, bvalid, arready, r, rvalid
  );
  modport subordinate(
      input aw, awvalid, w, wvalid, bready, ar, arvalid, rready,
      output awready, wready, b, bvalid, arready, r, rvalid
  );
  modport monitor(input aw, awvalid, awready, w, wvalid, wready, b, bvalid, bready, ar, arvalid, arready, r, rvalid, rready);
endinterface

/* verilator lint_on UNUSEDSIGNAL */
`default_nettype wire
