// SPDX-License-Identifier: Apache-2.0
// Registers 0x000..0x0ff: identification, control, status, DMA error, interrupts, time.
//
// SA_CAPACITY, CLOCK_KHZ, GIT_HASH  values of the registers of these names
// ready, idle, dma_idle, doorbell   bits of STATUS; error_* the register DMA_ERROR
// probing, exception_copies         CONTROL.PROBER; the causes INTEGRITY, REPLAYED, MALFORMED, VERSION of EXCEPTION_COPIES
// error_clear, interrupt_clear      one cycle, on a write of ones
// time_set                          one cycle: set the clock to time_value
// bus                               see axil_slave
`default_nettype none

module device_registers #(
    parameter int unsigned SA_CAPACITY = 1024,
    parameter int unsigned CLOCK_KHZ = 322266,
    parameter logic [31:0] GIT_HASH = 32'h0,
    localparam int unsigned INTERRUPTS = sapulse_pkg::REG_INTERRUPT_STATUS_BITS
) (
    input  wire         clk,
    input  wire         rst,

    output logic        enable,
    output logic        authoritative,
    output logic        probing,
    output logic [ 3:0] exception_copies,
    input  wire         ready,
    input  wire         idle,
    input  wire         dma_idle,
    input  wire         doorbell,

    output logic        error_clear,
    input  wire         error_valid,
    input  wire         error_was_write,
    input  wire  [ 1:0] error_response,
    input  wire  [63:0] error_address,

    output logic [INTERRUPTS-1:0] interrupt_clear,
    output logic [INTERRUPTS-1:0] interrupt_enable,
    input  wire  [INTERRUPTS-1:0] interrupt_pending,

    output logic        time_set,
    output logic [63:0] time_value,
    output logic [47:0] time_increment,
    input  wire  [63:0] now,

    input  wire         bus_write,
    input  wire         bus_read,
    input  wire         bus_writing,
    input  wire  [15:0] bus_address,
    input  wire  [31:0] bus_wdata,
    output logic [31:0] bus_rdata,
    output logic        bus_hit
);
  // 1e6 / CLOCK_KHZ ns in 16.32 fixed point, rounded
  localparam logic [63:0] INCREMENT_RESET = (64'd4294967296000000 + 64'(CLOCK_KHZ) / 64'd2) / 64'(CLOCK_KHZ);
  // The causes of EXCEPTION_COPIES are the last four.
  localparam int unsigned FIRST_COPY = {28'h0, sapulse_pkg::CAUSE_INTEGRITY};
  localparam logic [31:0] INDEX_BUCKETS = 32'(SA_CAPACITY / sapulse_pkg::INDEX_BANKS);

  wire write_control = bus_write && bus_address == sapulse_pkg::REG_CONTROL;
  wire write_scratch = bus_write && bus_address == sapulse_pkg::REG_SCRATCH;
  wire write_error = bus_write && bus_address == sapulse_pkg::REG_DMA_ERROR;
  wire write_pending = bus_write && bus_address == sapulse_pkg::REG_INTERRUPT_STATUS;
  wire write_interrupt_enable = bus_write && bus_address == sapulse_pkg::REG_INTERRUPT_ENABLE;
  wire write_copies = bus_write && bus_address == sapulse_pkg::REG_EXCEPTION_COPIES;
  wire read_time = bus_read && bus_address == sapulse_pkg::REG_TIME;

  logic [31:0] scratch_q;
  logic [63:0] time_latch_q;

  always_ff @(posedge clk) begin
    if (rst) begin
      enable <= 1'b0;
      authoritative <= 1'b0;
      probing <= 1'b0;
      exception_copies <= 4'h0;
      scratch_q <= 32'h0;
      interrupt_enable <= '0;
      time_latch_q <= 64'h0;
    end else begin
      if (write_control) begin
        enable <= bus_wdata[sapulse_pkg::REG_CONTROL_ENABLE_LSB];
        authoritative <= bus_wdata[sapulse_pkg::REG_CONTROL_AUTHORITATIVE_LSB];
        probing <= bus_wdata[sapulse_pkg::REG_CONTROL_PROBER_LSB];
      end
      if (write_scratch) begin
        scratch_q <= bus_wdata;
      end
      if (write_interrupt_enable) begin
        interrupt_enable <= bus_wdata[INTERRUPTS-1:0];
      end
      if (write_copies) begin
        exception_copies <= bus_wdata[FIRST_COPY+:4];
      end
      if (read_time) begin
        time_latch_q <= now;
      end
    end
    error_clear <= !rst && write_error && bus_wdata[sapulse_pkg::REG_DMA_ERROR_VALID_LSB];
    interrupt_clear <= (!rst && write_pending) ? bus_wdata[INTERRUPTS-1:0] : '0;
  end

  register64 time_register (
      .clk       (clk),
      .rst       (rst),
      .write_low (bus_write && bus_address == sapulse_pkg::REG_TIME),
      .write_high(bus_write && bus_address == sapulse_pkg::REG_TIME_HIGH),
      .wdata     (bus_wdata),
      .value     (time_value),
      .committed (time_set)
  );

  logic [63:0] increment;
  logic unused_committed;

  register64 #(
      .MASK (64'h0000ffff_ffffffff),
      .RESET(INCREMENT_RESET)
  ) increment_register (
      .clk       (clk),
      .rst       (rst),
      .write_low (bus_write && bus_address == sapulse_pkg::REG_TIME_INCREMENT),
      .write_high(bus_write && bus_address == sapulse_pkg::REG_TIME_INCREMENT_HIGH),
      .wdata     (bus_wdata),
      .value     (increment),
      .committed (unused_committed)
  );
  assign time_increment = increment[47:0];

  logic [31:0] control, status, error, capabilities;
  always_comb begin
    control = 32'h0;
    control[sapulse_pkg::REG_CONTROL_ENABLE_LSB] = enable;
    control[sapulse_pkg::REG_CONTROL_AUTHORITATIVE_LSB] = authoritative;
    control[sapulse_pkg::REG_CONTROL_PROBER_LSB] = probing;
    capabilities = 32'h0;
    capabilities[sapulse_pkg::REG_CAPABILITIES_REQUESTER_LSB] = 1'b1;
    capabilities[sapulse_pkg::REG_CAPABILITIES_PROBER_LSB] = 1'b1;
    status = 32'h0;
    status[sapulse_pkg::REG_STATUS_READY_LSB] = ready;
    status[sapulse_pkg::REG_STATUS_DMA_ERROR_LSB] = error_valid;
    status[sapulse_pkg::REG_STATUS_IDLE_LSB] = idle;
    status[sapulse_pkg::REG_STATUS_DOORBELL_LSB] = doorbell;
    status[sapulse_pkg::REG_STATUS_DMA_IDLE_LSB] = dma_idle;
    error = 32'h0;
    error[sapulse_pkg::REG_DMA_ERROR_VALID_LSB] = error_valid;
    error[sapulse_pkg::REG_DMA_ERROR_WRITE_LSB] = error_was_write;
    error[sapulse_pkg::REG_DMA_ERROR_RESPONSE_LSB+:sapulse_pkg::REG_DMA_ERROR_RESPONSE_BITS] = error_response;
  end

  logic [31:0] rdata;
  logic readable, writable;
  always_comb begin
    readable = 1'b1;
    writable = 1'b0;
    rdata = 32'h0;
    case (bus_address)
      sapulse_pkg::REG_ID: rdata = sapulse_pkg::DEVICE_ID;
      sapulse_pkg::REG_VERSION: rdata = sapulse_pkg::DEVICE_VERSION;
      sapulse_pkg::REG_GIT_HASH: rdata = GIT_HASH;
      sapulse_pkg::REG_CAPABILITIES: rdata = capabilities;
      sapulse_pkg::REG_SA_CAPACITY: rdata = 32'(SA_CAPACITY);
      sapulse_pkg::REG_INDEX_BUCKETS: rdata = INDEX_BUCKETS;
      sapulse_pkg::REG_LANES: rdata = 32'(sapulse_pkg::AES_LANES);
      sapulse_pkg::REG_CLOCK_KHZ: rdata = 32'(CLOCK_KHZ);
      sapulse_pkg::REG_COUNTERS: rdata = 32'(sapulse_pkg::COUNTERS);
      sapulse_pkg::REG_STATUS: rdata = status;
      sapulse_pkg::REG_DMA_ERROR_ADDRESS: rdata = error_address[31:0];
      sapulse_pkg::REG_DMA_ERROR_ADDRESS_HIGH: rdata = error_address[63:32];
      default: begin
        writable = 1'b1;
        case (bus_address)
          sapulse_pkg::REG_CONTROL: rdata = control;
          sapulse_pkg::REG_SCRATCH: rdata = scratch_q;
          sapulse_pkg::REG_DMA_ERROR: rdata = error;
          sapulse_pkg::REG_INTERRUPT_STATUS: rdata = 32'(interrupt_pending);
          sapulse_pkg::REG_INTERRUPT_ENABLE: rdata = 32'(interrupt_enable);
          sapulse_pkg::REG_TIME: rdata = time_latch_q[31:0];
          sapulse_pkg::REG_TIME_HIGH: rdata = time_latch_q[63:32];
          sapulse_pkg::REG_TIME_INCREMENT: rdata = increment[31:0];
          sapulse_pkg::REG_TIME_INCREMENT_HIGH: rdata = increment[63:32];
          sapulse_pkg::REG_EXCEPTION_COPIES: rdata = 32'(exception_copies) << FIRST_COPY;
          default: readable = 1'b0;
        endcase
      end
    endcase
  end

  always_ff @(posedge clk) begin
    bus_hit <= readable && (writable || !bus_writing);
    bus_rdata <= rdata;
  end

endmodule

`default_nettype wire
