// SPDX-License-Identifier: Apache-2.0
// All registers behind the AXI4-Lite subordinate, with the small parts that live behind them: clock, action table, local addresses,
// rate limits, counters, interrupts.
//
// SA_CAPACITY, CLOCK_KHZ, git_hash, axil, cfg, action, now, uptime, limit, increments, irq  see host_interface
// status           ready: the tables are; not yet the action table, which this module looks after itself
// error            see dma_error; error_clear: one cycle, the host has cleared it
// interrupt_raise  events, in the order of INTERRUPT_STATUS
// indices          the card's
`default_nettype none

module host_registers #(
    parameter int unsigned SA_CAPACITY = 1024,
    parameter int unsigned CLOCK_KHZ = 322266
) (
    input wire        clk,
    input wire        rst,
    input wire [31:0] git_hash,

    axil_if.subordinate axil,

    output datapath_pkg::config_t     cfg,
    input  wire  [7:0]                action_spi,
    output logic [2:0]                action,
    output logic [63:0]               now,
    output logic [63:0]               uptime,
    limit_if.server                   limit,
    input  datapath_pkg::increments_t increments,

    input  host_pkg::device_status_t        status,
    input  host_pkg::dma_error_t            error,
    output logic                            error_clear,
    input  wire  [host_pkg::INTERRUPTS-1:0] interrupt_raise,
    output logic [host_pkg::INTERRUPTS-1:0] irq,

    output host_pkg::rings_config_t rings,
    input  host_pkg::ring_indices_t indices
);

  localparam int unsigned DEVICE = 0, RINGS = 1, ACTIONS = 2, ADDRESSES = 3, LIMITS = 4, COUNTERS = 5, PARTS = 6;

  register_bus_if bus (), part[PARTS] ();
  logic table_clear;

  axil_slave u_slave (.clk, .rst, .hold(rst || table_clear), .axil, .bus);

  register_bus_fork #(.PARTS(PARTS)) u_fork (.clk, .bus, .part);

  host_pkg::device_control_t control;
  host_pkg::device_status_t device_status;
  host_pkg::clock_setting_t clock;
  logic [host_pkg::INTERRUPTS-1:0] interrupt_clear, interrupt_enable, interrupt_pending;

  logic ready_q;

  assign cfg.enable = control.enable;
  assign cfg.authoritative = control.authoritative;
  assign cfg.probing = control.probing;
  assign cfg.exception_copies = control.exception_copies;

  always_ff @(posedge clk) ready_q <= status.ready && !table_clear;
  always_comb begin
    device_status = status;
    device_status.ready = ready_q;
  end

  device_registers #(
      .SA_CAPACITY(SA_CAPACITY),
      .CLOCK_KHZ(CLOCK_KHZ)
  ) u_device (
      .clk, .rst,
      .git_hash,
      .control,
      .status(device_status),
      .error, .error_clear,
      .interrupt_clear, .interrupt_enable, .interrupt_pending,
      .clock, .now,
      .bus(part[DEVICE])
  );

  clock_ns u_clock (.clk, .rst, .setting(clock), .now, .uptime);

  interrupts #(
      .WIDTH(host_pkg::INTERRUPTS)
  ) u_interrupts (
      .clk, .rst,
      .raise(interrupt_raise),
      .clear(interrupt_clear),
      .enable(interrupt_enable),
      .pending(interrupt_pending),
      .irq
  );

  ring_registers u_rings (.clk, .rst, .rings, .indices, .bus(part[RINGS]));

  action_table u_actions (.clk, .rst, .clear(table_clear), .spi(action_spi), .action, .bus(part[ACTIONS]));

  local_addresses #(
      .ENTRIES(sapulse_pkg::LOCAL_ADDRESSES)
  ) u_addresses (
      .clk, .rst,
      .valid(cfg.local_valid),
      .address(cfg.local_address),
      .bus(part[ADDRESSES])
  );

  // 48 bits of uptime wrap around after 78 hours.
  rate_limiter #(.CAUSES(sapulse_pkg::CAUSES)) u_limiter (.clk, .rst, .uptime(uptime[47:0]), .limit, .bus(part[LIMITS]));

  counters #(.COUNTERS(sapulse_pkg::COUNTERS)) u_counters (.clk, .rst, .increments, .bus(part[COUNTERS]));

endmodule

`default_nettype wire
