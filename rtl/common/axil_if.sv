// SPDX-License-Identifier: Apache-2.0
// AXI4-Lite (ARM IHI 0022H, part B) with 32-bit data.
//
// ADDR_W  bits of an address
// ADDRESS_W, WDATA_W, B_W, R_W  bits of what the channels carry
`default_nettype none
/* verilator lint_off UNUSEDSIGNAL */  // not every pair of modules looks at all of a bundle

interface axil_if #(
    parameter int unsigned ADDR_W = 16
);
  typedef struct packed {
    logic [2:0]        prot;
    logic [ADDR_W-1:0] addr;
  } address_t;
  typedef struct packed {
    logic [3:0]  strb;
    logic [31:0] data;
  } w_t;
  typedef struct packed {
    logic [1:0] resp;
  } b_t;
  typedef struct packed {
    logic [1:0]  resp;
    logic [31:0] data;
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
