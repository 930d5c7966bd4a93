// SPDX-License-Identifier: Apache-2.0
// Registers 0x000..0x0ff: identification, control, status, DMA error, interrupts, time.
//
// SA_CAPACITY, CLOCK_KHZ, git_hash  values of the registers of these names
// error_clear, interrupt_clear      one cycle, on a write of ones
`default_nettype none

module device_registers #(
    parameter int unsigned SA_CAPACITY = 1024,
    parameter int unsigned CLOCK_KHZ = 322266
) (
    input wire        clk,
    input wire        rst,
    input wire [31:0] git_hash,

    output host_pkg::device_control_t control,
    input  host_pkg::device_status_t  status,
    input  host_pkg::dma_error_t      error,
    output logic                      error_clear,

    output logic [host_pkg::INTERRUPTS-1:0] interrupt_clear,
    output logic [host_pkg::INTERRUPTS-1:0] interrupt_enable,
    input  wire  [host_pkg::INTERRUPTS-1:0] interrupt_pending,

    output host_pkg::clock_setting_t clock,
    input  wire  [63:0]              now,

    register_bus_if.subordinate bus
);
  localparam int unsigned INTERRUPTS = host_pkg::INTERRUPTS;
  // 1e6 / CLOCK_KHZ ns in 16.32 fixed point, rounded
  localparam logic [63:0] INCREMENT_RESET = (64'd4294967296000000 + 64'(CLOCK_KHZ) / 64'd2) / 64'(CLOCK_KHZ);
  // The causes of EXCEPTION_COPIES are the last four.
  localparam int unsigned FIRST_COPY = {28'h0, sapulse_pkg::CAUSE_INTEGRITY};
  localparam logic [31:0] INDEX_BUCKETS = 32'(SA_CAPACITY / sapulse_pkg::INDEX_BANKS);

  wire write_control = bus.write && bus.address == sapulse_pkg::REG_CONTROL;
  wire write_scratch = bus.write && bus.address == sapulse_pkg::REG_SCRATCH;
  wire write_error = bus.write && bus.address == sapulse_pkg::REG_DMA_ERROR;
  wire write_pending = bus.write && bus.address == sapulse_pkg::REG_INTERRUPT_STATUS;
  wire write_interrupt_enable = bus.write && bus.address == sapulse_pkg::REG_INTERRUPT_ENABLE;
  wire write_copies = bus.write && bus.address == sapulse_pkg::REG_EXCEPTION_COPIES;
  wire read_time = bus.read && bus.address == sapulse_pkg::REG_TIME;

  logic [31:0] scratch_q;
  logic [63:0] time_latch_q;

  always_ff @(posedge clk) begin
    if (rst) begin
      control <= '0;
      scratch_q <= 32'h0;
      interrupt_enable <= '0;
      time_latch_q <= 64'h0;
    end else begin
      if (write_control) begin
        control.enable <= bus.wdata[sapulse_pkg::REG_CONTROL_ENABLE_LSB];
        control.authoritative <= bus.wdata[sapulse_pkg::REG_CONTROL_AUTHORITATIVE_LSB];
        control.probing <= bus.wdata[sapulse_pkg::REG_CONTROL_PROBER_LSB];
      end
      if (write_scratch) begin
        scratch_q <= bus.wdata;
      end
      if (write_interrupt_enable) begin
        interrupt_enable <= bus.wdata[INTERRUPTS-1:0];
      end
      if (write_copies) begin
        control.exception_copies <= bus.wdata[FIRST_COPY+:4];
      end
      if (read_time) begin
        time_latch_q <= now;
      end
    end
    error_clear <= !rst && write_error && bus.wdata[sapulse_pkg::REG_DMA_ERROR_VALID_LSB];
    interrupt_clear <= (!rst && write_pending) ? bus.wdata[INTERRUPTS-1:0] : '0;
  end

  register64 u_time (
      .clk, .rst,
      .write_low(bus.write && bus.address == sapulse_pkg::REG_TIME),
      .write_high(bus.write && bus.address == sapulse_pkg::REG_TIME_HIGH),
      .wdata(bus.wdata),
      .value(clock.value),
      .committed(clock.load)
  );

  logic [63:0] increment;
  logic unused_committed;

  register64 #(
      .MASK(64'h0000ffff_ffffffff),
      .RESET(INCREMENT_RESET)
  ) u_increment (
      .clk, .rst,
      .write_low(bus.write && bus.address == sapulse_pkg::REG_TIME_INCREMENT),
      .write_high(bus.write && bus.address == sapulse_pkg::REG_TIME_INCREMENT_HIGH),
      .wdata(bus.wdata),
      .value(increment),
      .committed(unused_committed)
  );
  assign clock.increment = increment[47:0];

  logic [31:0] control_word, status_word, error_word, capabilities;
  always_comb begin
    control_word = 32'h0;
    control_word[sapulse_pkg::REG_CONTROL_ENABLE_LSB] = control.enable;
    control_word[sapulse_pkg::REG_CONTROL_AUTHORITATIVE_LSB] = control.authoritative;
    control_word[sapulse_pkg::REG_CONTROL_PROBER_LSB] = control.probing;
    capabilities = 32'h0;
    capabilities[sapulse_pkg::REG_CAPABILITIES_REQUESTER_LSB] = 1'b1;
    capabilities[sapulse_pkg::REG_CAPABILITIES_PROBER_LSB] = 1'b1;
    status_word = 32'h0;
    status_word[sapulse_pkg::REG_STATUS_READY_LSB] = status.ready;
    status_word[sapulse_pkg::REG_STATUS_DMA_ERROR_LSB] = error.valid;
    status_word[sapulse_pkg::REG_STATUS_IDLE_LSB] = status.idle;
    status_word[sapulse_pkg::REG_STATUS_DOORBELL_LSB] = status.doorbell;
    status_word[sapulse_pkg::REG_STATUS_DMA_IDLE_LSB] = status.dma_idle;
    error_word = 32'h0;
    error_word[sapulse_pkg::REG_DMA_ERROR_VALID_LSB] = error.valid;
    error_word[sapulse_pkg::REG_DMA_ERROR_WRITE_LSB] = error.was_write;
    error_word[sapulse_pkg::REG_DMA_ERROR_RESPONSE_LSB+:sapulse_pkg::REG_DMA_ERROR_RESPONSE_BITS] = error.response;
  end

  logic [31:0] rdata;
  logic readable, writable;
  always_comb begin
    readable = 1'b1;
    writable = 1'b0;
    rdata = 32'h0;
    case (bus.address)
      sapulse_pkg::REG_ID: rdata = sapulse_pkg::DEVICE_ID;
      sapulse_pkg::REG_VERSION: rdata = sapulse_pkg::DEVICE_VERSION;
      sapulse_pkg::REG_GIT_HASH: rdata = git_hash;
      sapulse_pkg::REG_CAPABILITIES: rdata = capabilities;
      sapulse_pkg::REG_SA_CAPACITY: rdata = 32'(SA_CAPACITY);
      sapulse_pkg::REG_INDEX_BUCKETS: rdata = INDEX_BUCKETS;
      sapulse_pkg::REG_LANES: rdata = 32'(sapulse_pkg::AES_LANES);
      sapulse_pkg::REG_CLOCK_KHZ: rdata = 32'(CLOCK_KHZ);
      sapulse_pkg::REG_COUNTERS: rdata = 32'(sapulse_pkg::COUNTERS);
      sapulse_pkg::REG_STATUS: rdata = status_word;
      sapulse_pkg::REG_DMA_ERROR_ADDRESS: rdata = error.address[31:0];
      sapulse_pkg::REG_DMA_ERROR_ADDRESS_HIGH: rdata = error.address[63:32];
      default: begin
        writable = 1'b1;
        case (bus.address)
          sapulse_pkg::REG_CONTROL: rdata = control_word;
          sapulse_pkg::REG_SCRATCH: rdata = scratch_q;
          sapulse_pkg::REG_DMA_ERROR: rdata = error_word;
          sapulse_pkg::REG_INTERRUPT_STATUS: rdata = 32'(interrupt_pending);
          sapulse_pkg::REG_INTERRUPT_ENABLE: rdata = 32'(interrupt_enable);
          sapulse_pkg::REG_TIME: rdata = time_latch_q[31:0];
          sapulse_pkg::REG_TIME_HIGH: rdata = time_latch_q[63:32];
          sapulse_pkg::REG_TIME_INCREMENT: rdata = increment[31:0];
          sapulse_pkg::REG_TIME_INCREMENT_HIGH: rdata = increment[63:32];
          sapulse_pkg::REG_EXCEPTION_COPIES: rdata = 32'(control.exception_copies) << FIRST_COPY;
          default: readable = 1'b0;
        endcase
      end
    endcase
  end

  assign bus.busy = 1'b0;
  always_ff @(posedge clk) begin
    bus.hit <= readable && (writable || !bus.writing);
    bus.rdata <= rdata;
  end

endmodule

`default_nettype wire
