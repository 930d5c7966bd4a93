// SPDX-License-Identifier: Apache-2.0
// Registers 0x100..0x1ff: where the rings are, how far host and card are.
//
// *_base, *_log2, status_block  configuration; log2 of the number of entries
// *_enable                      the ring is to run
// *_start                       one cycle: its enable bit has just risen, all its indices begin at 0
// command_producer, *_consumer written by the host (doorbells); the other indices come from the rings
// bus                           see axil_slave
`default_nettype none

module ring_registers (
    input  wire         clk,
    input  wire         rst,

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

    output logic [63:0] status_block,

    input  wire         bus_write,
    input  wire         bus_writing,
    input  wire  [15:0] bus_address,
    input  wire  [31:0] bus_wdata,
    output logic [31:0] bus_rdata,
    output logic        bus_hit
);
  localparam int unsigned COMMAND = sapulse_pkg::REG_RING_ENABLE_COMMAND_LSB;
  localparam int unsigned EXCEPTION = sapulse_pkg::REG_RING_ENABLE_EXCEPTION_LSB;
  localparam int unsigned EVENT = sapulse_pkg::REG_RING_ENABLE_EVENT_LSB;

  localparam logic [63:0] ALIGN_64 = 64'hffffffff_ffffffc0;
  localparam logic [63:0] ALIGN_128 = 64'hffffffff_ffffff80;
  localparam logic [63:0] ALIGN_256 = 64'hffffffff_ffffff00;

  wire write_enable = bus_write && bus_address == sapulse_pkg::REG_RING_ENABLE;
  wire start_command = write_enable && bus_wdata[COMMAND] && !command_enable;
  wire start_exception = write_enable && bus_wdata[EXCEPTION] && !exception_enable;
  wire start_event = write_enable && bus_wdata[EVENT] && !event_enable;

  always_ff @(posedge clk) begin
    command_start <= start_command && !rst;
    exception_start <= start_exception && !rst;
    event_start <= start_event && !rst;
    if (rst) begin
      command_enable <= 1'b0;
      exception_enable <= 1'b0;
      event_enable <= 1'b0;
    end else if (write_enable) begin
      command_enable <= bus_wdata[COMMAND];
      exception_enable <= bus_wdata[EXCEPTION];
      event_enable <= bus_wdata[EVENT];
    end
  end

  always_ff @(posedge clk) begin
    if (rst) begin
      command_log2 <= 4'h0;
      completion_log2 <= 4'h0;
      exception_log2 <= 4'h0;
      event_log2 <= 4'h0;
    end else if (bus_write) begin
      case (bus_address)
        sapulse_pkg::REG_COMMAND_LOG2: command_log2 <= bus_wdata[3:0];
        sapulse_pkg::REG_COMPLETION_LOG2: completion_log2 <= bus_wdata[3:0];
        sapulse_pkg::REG_EXCEPTION_LOG2: exception_log2 <= bus_wdata[3:0];
        sapulse_pkg::REG_EVENT_LOG2: event_log2 <= bus_wdata[3:0];
        default: ;
      endcase
    end
  end

  always_ff @(posedge clk) begin
    if (rst || start_command) begin
      command_producer <= 32'h0;
      completion_consumer <= 32'h0;
    end else if (bus_write) begin
      case (bus_address)
        sapulse_pkg::REG_COMMAND_PRODUCER: command_producer <= bus_wdata;
        sapulse_pkg::REG_COMPLETION_CONSUMER: completion_consumer <= bus_wdata;
        default: ;
      endcase
    end
    if (rst || start_exception) begin
      exception_consumer <= 32'h0;
    end else if (bus_write && bus_address == sapulse_pkg::REG_EXCEPTION_CONSUMER) begin
      exception_consumer <= bus_wdata;
    end
    if (rst || start_event) begin
      event_consumer <= 32'h0;
    end else if (bus_write && bus_address == sapulse_pkg::REG_EVENT_CONSUMER) begin
      event_consumer <= bus_wdata;
    end
  end

  logic unused_commits;
  logic [4:0] commits;
  assign unused_commits = ^commits;

  register64 #(
      .MASK(ALIGN_256)
  ) command_base_register (
      .clk       (clk),
      .rst       (rst),
      .write_low (bus_write && bus_address == sapulse_pkg::REG_COMMAND_BASE),
      .write_high(bus_write && bus_address == sapulse_pkg::REG_COMMAND_BASE_HIGH),
      .wdata     (bus_wdata),
      .value     (command_base),
      .committed (commits[0])
  );

  register64 #(
      .MASK(ALIGN_64)
  ) completion_base_register (
      .clk       (clk),
      .rst       (rst),
      .write_low (bus_write && bus_address == sapulse_pkg::REG_COMPLETION_BASE),
      .write_high(bus_write && bus_address == sapulse_pkg::REG_COMPLETION_BASE_HIGH),
      .wdata     (bus_wdata),
      .value     (completion_base),
      .committed (commits[1])
  );

  register64 #(
      .MASK(ALIGN_256)
  ) exception_base_register (
      .clk       (clk),
      .rst       (rst),
      .write_low (bus_write && bus_address == sapulse_pkg::REG_EXCEPTION_BASE),
      .write_high(bus_write && bus_address == sapulse_pkg::REG_EXCEPTION_BASE_HIGH),
      .wdata     (bus_wdata),
      .value     (exception_base),
      .committed (commits[2])
  );

  register64 #(
      .MASK(ALIGN_128)
  ) event_base_register (
      .clk       (clk),
      .rst       (rst),
      .write_low (bus_write && bus_address == sapulse_pkg::REG_EVENT_BASE),
      .write_high(bus_write && bus_address == sapulse_pkg::REG_EVENT_BASE_HIGH),
      .wdata     (bus_wdata),
      .value     (event_base),
      .committed (commits[3])
  );

  register64 #(
      .MASK(ALIGN_64)
  ) status_block_register (
      .clk       (clk),
      .rst       (rst),
      .write_low (bus_write && bus_address == sapulse_pkg::REG_STATUS_BLOCK),
      .write_high(bus_write && bus_address == sapulse_pkg::REG_STATUS_BLOCK_HIGH),
      .wdata     (bus_wdata),
      .value     (status_block),
      .committed (commits[4])
  );

  logic [31:0] rdata, enables;
  logic readable, writable;
  always_comb begin
    enables = 32'h0;
    enables[COMMAND] = command_enable;
    enables[EXCEPTION] = exception_enable;
    enables[EVENT] = event_enable;
    readable = 1'b1;
    writable = 1'b0;
    rdata = 32'h0;
    case (bus_address)
      sapulse_pkg::REG_COMMAND_CONSUMER: rdata = command_consumer;
      sapulse_pkg::REG_COMPLETION_PRODUCER: rdata = completion_producer;
      sapulse_pkg::REG_EXCEPTION_PRODUCER: rdata = exception_producer;
      sapulse_pkg::REG_EVENT_PRODUCER: rdata = event_producer;
      default: begin
        writable = 1'b1;
        case (bus_address)
          sapulse_pkg::REG_COMMAND_BASE: rdata = command_base[31:0];
          sapulse_pkg::REG_COMMAND_BASE_HIGH: rdata = command_base[63:32];
          sapulse_pkg::REG_COMMAND_LOG2: rdata = {28'h0, command_log2};
          sapulse_pkg::REG_COMMAND_PRODUCER: rdata = command_producer;
          sapulse_pkg::REG_COMPLETION_BASE: rdata = completion_base[31:0];
          sapulse_pkg::REG_COMPLETION_BASE_HIGH: rdata = completion_base[63:32];
          sapulse_pkg::REG_COMPLETION_LOG2: rdata = {28'h0, completion_log2};
          sapulse_pkg::REG_COMPLETION_CONSUMER: rdata = completion_consumer;
          sapulse_pkg::REG_EXCEPTION_BASE: rdata = exception_base[31:0];
          sapulse_pkg::REG_EXCEPTION_BASE_HIGH: rdata = exception_base[63:32];
          sapulse_pkg::REG_EXCEPTION_LOG2: rdata = {28'h0, exception_log2};
          sapulse_pkg::REG_EXCEPTION_CONSUMER: rdata = exception_consumer;
          sapulse_pkg::REG_EVENT_BASE: rdata = event_base[31:0];
          sapulse_pkg::REG_EVENT_BASE_HIGH: rdata = event_base[63:32];
          sapulse_pkg::REG_EVENT_LOG2: rdata = {28'h0, event_log2};
          sapulse_pkg::REG_EVENT_CONSUMER: rdata = event_consumer;
          sapulse_pkg::REG_STATUS_BLOCK: rdata = status_block[31:0];
          sapulse_pkg::REG_STATUS_BLOCK_HIGH: rdata = status_block[63:32];
          sapulse_pkg::REG_RING_ENABLE: rdata = enables;
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
