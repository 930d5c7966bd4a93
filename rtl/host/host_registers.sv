// SPDX-License-Identifier: Apache-2.0
// All registers behind the AXI4-Lite subordinate, with the small parts that live behind them: clock, action table, addresses,
// rate limits, counters, interrupts. sapulse_register_block, generated from contract/description/registers.yaml, decodes them.
//
// SA_CAPACITY, CLOCK_KHZ, git_hash, axil, cfg, action, now, uptime, limit, increments, irq  see host_interface
// status           ready: the tables are; not yet the action table, which this module looks after itself
// error            see dma_error; error_clear: one cycle, the host has cleared it
// interrupt_raise  events
// rings            what the host has written; its indices are doorbells
// indices          the card's
// memory_fault     of what the host has written about rings and data path; see register_guard
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

    input  sapulse_pkg::reg_status_t           status,
    input  host_pkg::dma_error_t               error,
    output logic                               error_clear,
    input  sapulse_pkg::reg_interrupt_status_t interrupt_raise,
    output sapulse_pkg::reg_interrupt_status_t irq,

    output host_pkg::rings_config_t rings,
    input  host_pkg::ring_indices_t indices,
    output logic                    memory_fault
);

  // 1e6 / CLOCK_KHZ ns in 16.32 fixed point, rounded
  localparam logic [63:0] INCREMENT = (64'd4294967296000000 + 64'(CLOCK_KHZ) / 64'd2) / 64'(CLOCK_KHZ);

  register_bus_if bus ();
  sapulse_pkg::reg2hw_t reg2hw;
  sapulse_pkg::hw2reg_t hw2reg;
  sapulse_pkg::reg_status_t device_status;
  sapulse_pkg::reg_interrupt_status_t interrupt_pending;
  logic table_clear, counter_busy;
  logic [2:0] action_rdata;
  logic [31:0] address_rdata, mac_rdata, limit_rdata, counter_rdata;

  axil_slave u_slave (.clk, .rst, .hold(rst || table_clear), .axil, .bus);

  sapulse_register_block u_block (.clk, .rst, .bus, .reg2hw, .hw2reg);

  logic ready_q;
  always_ff @(posedge clk) ready_q <= status.ready && !table_clear;
  always_comb begin
    device_status = status;
    device_status.ready = ready_q;
  end

  assign hw2reg = '{
      git_hash: git_hash,
      capabilities: '{requester: 1'b1, prober: 1'b1},
      sa_capacity: 32'(SA_CAPACITY),
      index_buckets: 32'(SA_CAPACITY / sapulse_pkg::INDEX_BANKS),
      clock_khz: 32'(CLOCK_KHZ),
      status: device_status,
      dma_error: '{valid: error.valid, write: error.was_write, response: error.response},
      dma_error_address: error.address,
      interrupt_status: interrupt_pending,
      time_ns: now,
      time_increment_reset: INCREMENT[47:0],
      command_consumer: indices.commands,
      completion_producer: indices.completions,
      exception_producer: indices.exceptions,
      event_producer: indices.events,
      action: action_rdata,
      local_address: address_rdata,
      local_mac: mac_rdata,
      rate_limit: limit_rdata,
      counter: counter_rdata,
      counter_busy: counter_busy
  };

  assign error_clear = reg2hw.dma_error_clear.valid;
  assign cfg.enable = reg2hw.control.enable;
  assign cfg.authoritative = reg2hw.control.authoritative;
  assign cfg.probing = reg2hw.control.prober;
  // Copies of these causes may be wanted: INTEGRITY and the three after it.
  assign cfg.exception_copies = reg2hw.exception_copies[4'(sapulse_pkg::CAUSE_INTEGRITY)+:4];
  assign cfg.udp_port = reg2hw.udp_port;
  assign cfg.source_limit = '{
      key: reg2hw.source_key,
      interval: reg2hw.source_limit_interval,
      burst: reg2hw.source_limit_burst
  };
  assign cfg.tx_share = reg2hw.tx_share;
  assign cfg.transaction_seed = reg2hw.transaction_seed;

  assign rings = '{
      command_switch: '{enable: reg2hw.ring_enable.command, start: reg2hw.ring_enable_rise.command},
      exception_switch: '{enable: reg2hw.ring_enable.exception, start: reg2hw.ring_enable_rise.exception},
      event_switch: '{enable: reg2hw.ring_enable.events, start: reg2hw.ring_enable_rise.events},
      commands: '{base: reg2hw.command_base, log2: reg2hw.command_log2, index: reg2hw.command_producer},
      completions: '{base: reg2hw.completion_base, log2: reg2hw.completion_log2, index: reg2hw.completion_consumer},
      exceptions: '{base: reg2hw.exception_base, log2: reg2hw.exception_log2, index: reg2hw.exception_consumer},
      events: '{base: reg2hw.event_base, log2: reg2hw.event_log2, index: reg2hw.event_consumer},
      status_block: reg2hw.status_block
  };

  register_guard #(
      .WIDTH($bits(rings) + $bits(cfg))
  ) u_guard (
      .clk, .rst,
      .written(bus.write),
      .word({rings, cfg}),
      .fault(memory_fault)
  );

  clock_ns u_clock (
      .clk, .rst,
      .setting('{load: reg2hw.time_written, value: reg2hw.time_ns, increment: reg2hw.time_increment}),
      .now, .uptime
  );

  interrupts #(
      .WIDTH($bits(irq))
  ) u_interrupts (
      .clk, .rst,
      .raise(interrupt_raise),
      .clear(reg2hw.interrupt_status_clear),
      .enable(reg2hw.interrupt_enable),
      .pending(interrupt_pending),
      .irq
  );

  action_table u_actions (
      .clk, .rst,
      .clear(table_clear),
      .spi(action_spi),
      .action,
      .access(reg2hw.action),
      .rdata(action_rdata)
  );

  local_addresses #(
      .ENTRIES(sapulse_pkg::LOCAL_ADDRESSES)
  ) u_addresses (
      .clk, .rst,
      .valid(cfg.local_valid),
      .address(cfg.local_address),
      .access(reg2hw.local_address),
      .rdata(address_rdata)
  );

  local_macs #(
      .ENTRIES(sapulse_pkg::LOCAL_MACS)
  ) u_macs (
      .clk, .rst,
      .valid(cfg.mac_valid),
      .mac(cfg.mac),
      .access(reg2hw.local_mac),
      .rdata(mac_rdata)
  );

  // 48 bits of uptime wrap around after 78 hours.
  rate_limiter u_limiter (
      .clk, .rst,
      .uptime(uptime[47:0]),
      .limit,
      .access(reg2hw.rate_limit),
      .rdata(limit_rdata)
  );

  counters #(
      .COUNTERS(sapulse_pkg::COUNTERS)
  ) u_counters (
      .clk, .rst,
      .increments,
      .access(reg2hw.counter),
      .rdata(counter_rdata),
      .busy(counter_busy)
  );

  // SCRATCH has no effect.
  wire unused = &{1'b0, reg2hw.scratch};

endmodule

`default_nettype wire
