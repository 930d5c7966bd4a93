// SPDX-License-Identifier: Apache-2.0
// All registers behind the AXI4-Lite slave, with the small parts that live behind them: clock, action table, local addresses,
// rate limits, counters, interrupts.
//
// SA_CAPACITY, CLOCK_KHZ, GIT_HASH, s_axil, cfg, action, now, uptime, limit, counter_increment, irq  see host_interface
// tables_ready, idle, dma_idle, doorbell, error  see device_registers
// interrupt_raise                                events, in the order of INTERRUPT_STATUS
// command, completion, exception, event, status_block  see ring_registers
`default_nettype none

module host_registers #(
    parameter int unsigned SA_CAPACITY = 1024,
    parameter int unsigned CLOCK_KHZ = 322266,
    parameter logic [31:0] GIT_HASH = 32'h0,
    localparam int unsigned COUNTERS = sapulse_pkg::COUNTERS,
    localparam int unsigned INTERRUPTS = sapulse_pkg::REG_INTERRUPT_STATUS_BITS,
    localparam int unsigned LOCAL_ADDRESSES = sapulse_pkg::LOCAL_ADDRESSES
) (
    input wire clk,
    input wire rst,

    input  wire  [15:0] s_axil_awaddr,
    input  wire         s_axil_awvalid,
    output logic        s_axil_awready,
    input  wire  [31:0] s_axil_wdata,
    input  wire  [ 3:0] s_axil_wstrb,
    input  wire         s_axil_wvalid,
    output logic        s_axil_wready,
    output logic [ 1:0] s_axil_bresp,
    output logic        s_axil_bvalid,
    input  wire         s_axil_bready,
    input  wire  [15:0] s_axil_araddr,
    input  wire         s_axil_arvalid,
    output logic        s_axil_arready,
    output logic [31:0] s_axil_rdata,
    output logic [ 1:0] s_axil_rresp,
    output logic        s_axil_rvalid,
    input  wire         s_axil_rready,

    output logic                           cfg_enable,
    output logic                           cfg_authoritative,
    output logic                           cfg_probing,
    output logic [                    3:0] cfg_exception_copies,
    output logic [    LOCAL_ADDRESSES-1:0] cfg_local_valid,
    output logic [128*LOCAL_ADDRESSES-1:0] cfg_local_address,
    input  wire  [                    7:0] action_spi,
    output logic [                    2:0] action,
    output logic [                   63:0] now,
    output logic [                   63:0] uptime,
    input  wire                            limit_valid,
    input  wire  [                    3:0] limit_cause,
    output logic                           limit_pass,
    input  wire  [         7*COUNTERS-1:0] counter_increment,

    input  wire         tables_ready,
    input  wire         idle,
    input  wire         dma_idle,
    input  wire         doorbell,
    output logic        error_clear,
    input  wire         error_valid,
    input  wire         error_was_write,
    input  wire  [ 1:0] error_response,
    input  wire  [63:0] error_address,
    input  wire  [INTERRUPTS-1:0] interrupt_raise,
    output logic [INTERRUPTS-1:0] irq,

    output logic [63:0] command_base,
    output logic [ 3:0] command_log2,
    output logic [31:0] command_producer,
    input  wire  [31:0] command_consumer,
    output logic [63:0] completion_base,
    output logic [ 3:0] completion_log2,
    output logic [31:0] completion_consumer,
    input  wire  [31:0] completion_producer,
    output logic        command_enable,
    output logic        command_start,
    output logic [63:0] exception_base,
    output logic [ 3:0] exception_log2,
    output logic [31:0] exception_consumer,
    input  wire  [31:0] exception_producer,
    output logic        exception_enable,
    output logic        exception_start,
    output logic [63:0] event_base,
    output logic [ 3:0] event_log2,
    output logic [31:0] event_consumer,
    input  wire  [31:0] event_producer,
    output logic        event_enable,
    output logic        event_start,
    output logic [63:0] status_block
);
  logic bus_write, bus_read, bus_writing, bus_hit_q, bus_wait, table_clear;
  logic [15:0] bus_address;
  logic [31:0] bus_wdata, bus_rdata_q;
  logic [4:0] hits;
  logic [31:0] device_rdata, ring_rdata, action_rdata, local_rdata, limit_rdata, counter_rdata;
  logic counter_hit;

  axil_slave slave (
      .clk           (clk),
      .rst           (rst),
      .hold          (rst || table_clear),
      .s_axil_awaddr (s_axil_awaddr),
      .s_axil_awvalid(s_axil_awvalid),
      .s_axil_awready(s_axil_awready),
      .s_axil_wdata  (s_axil_wdata),
      .s_axil_wstrb  (s_axil_wstrb),
      .s_axil_wvalid (s_axil_wvalid),
      .s_axil_wready (s_axil_wready),
      .s_axil_bresp  (s_axil_bresp),
      .s_axil_bvalid (s_axil_bvalid),
      .s_axil_bready (s_axil_bready),
      .s_axil_araddr (s_axil_araddr),
      .s_axil_arvalid(s_axil_arvalid),
      .s_axil_arready(s_axil_arready),
      .s_axil_rdata  (s_axil_rdata),
      .s_axil_rresp  (s_axil_rresp),
      .s_axil_rvalid (s_axil_rvalid),
      .s_axil_rready (s_axil_rready),
      .bus_write     (bus_write),
      .bus_read      (bus_read),
      .bus_writing   (bus_writing),
      .bus_address   (bus_address),
      .bus_wdata     (bus_wdata),
      .bus_rdata     (bus_rdata_q),
      .bus_hit       (bus_hit_q),
      .bus_wait      (bus_wait)
  );

  // Each part answers 0 for what is not its own.
  always_ff @(posedge clk) begin
    bus_rdata_q <= device_rdata | ring_rdata | action_rdata | local_rdata | limit_rdata | counter_rdata;
    bus_hit_q <= |hits || counter_hit;
  end

  logic [INTERRUPTS-1:0] interrupt_clear, interrupt_enable, interrupt_pending;
  logic time_set, ready_q;
  logic [63:0] time_value;
  logic [47:0] time_increment;

  device_registers #(
      .SA_CAPACITY(SA_CAPACITY),
      .CLOCK_KHZ  (CLOCK_KHZ),
      .GIT_HASH   (GIT_HASH)
  ) device (
      .clk              (clk),
      .rst              (rst),
      .enable           (cfg_enable),
      .authoritative    (cfg_authoritative),
      .probing          (cfg_probing),
      .exception_copies (cfg_exception_copies),
      .ready            (ready_q),
      .idle             (idle),
      .dma_idle         (dma_idle),
      .doorbell         (doorbell),
      .error_clear      (error_clear),
      .error_valid      (error_valid),
      .error_was_write  (error_was_write),
      .error_response   (error_response),
      .error_address    (error_address),
      .interrupt_clear  (interrupt_clear),
      .interrupt_enable (interrupt_enable),
      .interrupt_pending(interrupt_pending),
      .time_set         (time_set),
      .time_value       (time_value),
      .time_increment   (time_increment),
      .now              (now),
      .bus_write        (bus_write),
      .bus_read         (bus_read),
      .bus_writing      (bus_writing),
      .bus_address      (bus_address),
      .bus_wdata        (bus_wdata),
      .bus_rdata        (device_rdata),
      .bus_hit          (hits[0])
  );

  clock_ns clock (
      .clk      (clk),
      .rst      (rst),
      .increment(time_increment),
      .set_valid(time_set),
      .set_value(time_value),
      .now      (now),
      .uptime   (uptime)
  );

  action_table actions (
      .clk        (clk),
      .rst        (rst),
      .clear      (table_clear),
      .spi        (action_spi),
      .action     (action),
      .bus_write  (bus_write),
      .bus_address(bus_address),
      .bus_wdata  (bus_wdata),
      .bus_rdata  (action_rdata),
      .bus_hit    (hits[1])
  );

  local_addresses #(
      .ENTRIES(LOCAL_ADDRESSES)
  ) addresses (
      .clk        (clk),
      .rst        (rst),
      .valid      (cfg_local_valid),
      .address    (cfg_local_address),
      .bus_write  (bus_write),
      .bus_address(bus_address),
      .bus_wdata  (bus_wdata),
      .bus_rdata  (local_rdata),
      .bus_hit    (hits[2])
  );

  rate_limiter #(
      .CAUSES(sapulse_pkg::CAUSES)
  ) limiter (
      .clk        (clk),
      .rst        (rst),
      .uptime     (uptime[47:0]),  // wraps around after 78 hours
      .valid      (limit_valid),
      .cause      (limit_cause),
      .pass       (limit_pass),
      .bus_write  (bus_write),
      .bus_address(bus_address),
      .bus_wdata  (bus_wdata),
      .bus_rdata  (limit_rdata),
      .bus_hit    (hits[3])
  );

  counters #(
      .COUNTERS(COUNTERS)
  ) counter_totals (
      .clk        (clk),
      .rst        (rst),
      .increment  (counter_increment),
      .bus_read   (bus_read),
      .bus_writing(bus_writing),
      .bus_address(bus_address),
      .bus_rdata  (counter_rdata),
      .bus_hit    (counter_hit),
      .bus_wait   (bus_wait)
  );

  ring_registers rings (
      .clk                (clk),
      .rst                (rst),
      .command_base       (command_base),
      .command_log2       (command_log2),
      .command_producer   (command_producer),
      .command_consumer   (command_consumer),
      .completion_base    (completion_base),
      .completion_log2    (completion_log2),
      .completion_consumer(completion_consumer),
      .completion_producer(completion_producer),
      .command_enable     (command_enable),
      .command_start      (command_start),
      .exception_base     (exception_base),
      .exception_log2     (exception_log2),
      .exception_consumer (exception_consumer),
      .exception_producer (exception_producer),
      .exception_enable   (exception_enable),
      .exception_start    (exception_start),
      .event_base         (event_base),
      .event_log2         (event_log2),
      .event_consumer     (event_consumer),
      .event_producer     (event_producer),
      .event_enable       (event_enable),
      .event_start        (event_start),
      .status_block       (status_block),
      .bus_write          (bus_write),
      .bus_writing        (bus_writing),
      .bus_address        (bus_address),
      .bus_wdata          (bus_wdata),
      .bus_rdata          (ring_rdata),
      .bus_hit            (hits[4])
  );

  interrupts #(
      .WIDTH(INTERRUPTS)
  ) interrupt (
      .clk    (clk),
      .rst    (rst),
      .raise  (interrupt_raise),
      .clear  (interrupt_clear),
      .enable (interrupt_enable),
      .pending(interrupt_pending),
      .irq    (irq)
  );

  always_ff @(posedge clk) begin
    ready_q <= tables_ready && !table_clear;
  end

endmodule

`default_nettype wire
