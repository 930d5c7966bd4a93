// SPDX-License-Identifier: Apache-2.0
// Registers 0x100..0x1ff: where the rings are, how far host and card are.
//
// rings    what the host has written; its indices are doorbells
// indices  the card's
`default_nettype none

module ring_registers (
    input wire clk,
    input wire rst,

    output host_pkg::rings_config_t rings,
    input  host_pkg::ring_indices_t indices,

    register_bus_if.subordinate bus
);
  localparam int unsigned COMMAND = sapulse_pkg::REG_RING_ENABLE_COMMAND_LSB;
  localparam int unsigned EXCEPTION = sapulse_pkg::REG_RING_ENABLE_EXCEPTION_LSB;
  localparam int unsigned EVENT = sapulse_pkg::REG_RING_ENABLE_EVENT_LSB;

  localparam logic [63:0] ALIGN_64 = 64'hffffffff_ffffffc0;
  localparam logic [63:0] ALIGN_128 = 64'hffffffff_ffffff80;
  localparam logic [63:0] ALIGN_256 = 64'hffffffff_ffffff00;

  host_pkg::ring_switch_t command_switch, exception_switch, event_switch;
  logic [63:0] command_base, completion_base, exception_base, event_base, status_block;
  logic [3:0] command_log2, completion_log2, exception_log2, event_log2;
  logic [31:0] command_producer, completion_consumer, exception_consumer, event_consumer;

  assign rings = '{
      command_switch: command_switch,
      exception_switch: exception_switch,
      event_switch: event_switch,
      commands: '{base: command_base, log2: command_log2, index: command_producer},
      completions: '{base: completion_base, log2: completion_log2, index: completion_consumer},
      exceptions: '{base: exception_base, log2: exception_log2, index: exception_consumer},
      events: '{base: event_base, log2: event_log2, index: event_consumer},
      status_block: status_block
  };

  wire write_enable = bus.write && bus.address == sapulse_pkg::REG_RING_ENABLE;
  wire start_command = write_enable && bus.wdata[COMMAND] && !command_switch.enable;
  wire start_exception = write_enable && bus.wdata[EXCEPTION] && !exception_switch.enable;
  wire start_event = write_enable && bus.wdata[EVENT] && !event_switch.enable;

  always_ff @(posedge clk) begin
    command_switch.start <= start_command && !rst;
    exception_switch.start <= start_exception && !rst;
    event_switch.start <= start_event && !rst;
    if (rst) begin
      command_switch.enable <= 1'b0;
      exception_switch.enable <= 1'b0;
      event_switch.enable <= 1'b0;
    end else if (write_enable) begin
      command_switch.enable <= bus.wdata[COMMAND];
      exception_switch.enable <= bus.wdata[EXCEPTION];
      event_switch.enable <= bus.wdata[EVENT];
    end
  end

  always_ff @(posedge clk) begin
    if (rst) begin
      command_log2 <= 4'h0;
      completion_log2 <= 4'h0;
      exception_log2 <= 4'h0;
      event_log2 <= 4'h0;
    end else if (bus.write) begin
      case (bus.address)
        sapulse_pkg::REG_COMMAND_LOG2: command_log2 <= bus.wdata[3:0];
        sapulse_pkg::REG_COMPLETION_LOG2: completion_log2 <= bus.wdata[3:0];
        sapulse_pkg::REG_EXCEPTION_LOG2: exception_log2 <= bus.wdata[3:0];
        sapulse_pkg::REG_EVENT_LOG2: event_log2 <= bus.wdata[3:0];
        default: ;
      endcase
    end
  end

  always_ff @(posedge clk) begin
    if (rst || start_command) begin
      command_producer <= 32'h0;
      completion_consumer <= 32'h0;
    end else if (bus.write) begin
      case (bus.address)
        sapulse_pkg::REG_COMMAND_PRODUCER: command_producer <= bus.wdata;
        sapulse_pkg::REG_COMPLETION_CONSUMER: completion_consumer <= bus.wdata;
        default: ;
      endcase
    end
    if (rst || start_exception) begin
      exception_consumer <= 32'h0;
    end else if (bus.write && bus.address == sapulse_pkg::REG_EXCEPTION_CONSUMER) begin
      exception_consumer <= bus.wdata;
    end
    if (rst || start_event) begin
      event_consumer <= 32'h0;
    end else if (bus.write && bus.address == sapulse_pkg::REG_EVENT_CONSUMER) begin
      event_consumer <= bus.wdata;
    end
  end

  logic unused_commits;
  logic [4:0] commits;
  assign unused_commits = ^commits;

  register64 #(
      .MASK(ALIGN_256)
  ) u_command_base (
      .clk, .rst,
      .write_low(bus.write && bus.address == sapulse_pkg::REG_COMMAND_BASE),
      .write_high(bus.write && bus.address == sapulse_pkg::REG_COMMAND_BASE_HIGH),
      .wdata(bus.wdata),
      .value(command_base),
      .committed(commits[0])
  );

  register64 #(
      .MASK(ALIGN_64)
  ) u_completion_base (
      .clk, .rst,
      .write_low(bus.write && bus.address == sapulse_pkg::REG_COMPLETION_BASE),
      .write_high(bus.write && bus.address == sapulse_pkg::REG_COMPLETION_BASE_HIGH),
      .wdata(bus.wdata),
      .value(completion_base),
      .committed(commits[1])
  );

  register64 #(
      .MASK(ALIGN_256)
  ) u_exception_base (
      .clk, .rst,
      .write_low(bus.write && bus.address == sapulse_pkg::REG_EXCEPTION_BASE),
      .write_high(bus.write && bus.address == sapulse_pkg::REG_EXCEPTION_BASE_HIGH),
      .wdata(bus.wdata),
      .value(exception_base),
      .committed(commits[2])
  );

  register64 #(
      .MASK(ALIGN_128)
  ) u_event_base (
      .clk, .rst,
      .write_low(bus.write && bus.address == sapulse_pkg::REG_EVENT_BASE),
      .write_high(bus.write && bus.address == sapulse_pkg::REG_EVENT_BASE_HIGH),
      .wdata(bus.wdata),
      .value(event_base),
      .committed(commits[3])
  );

  register64 #(
      .MASK(ALIGN_64)
  ) u_status_block (
      .clk, .rst,
      .write_low(bus.write && bus.address == sapulse_pkg::REG_STATUS_BLOCK),
      .write_high(bus.write && bus.address == sapulse_pkg::REG_STATUS_BLOCK_HIGH),
      .wdata(bus.wdata),
      .value(status_block),
      .committed(commits[4])
  );

  logic [31:0] rdata, enables;
  logic readable, writable;
  always_comb begin
    enables = 32'h0;
    enables[COMMAND] = command_switch.enable;
    enables[EXCEPTION] = exception_switch.enable;
    enables[EVENT] = event_switch.enable;
    readable = 1'b1;
    writable = 1'b0;
    rdata = 32'h0;
    case (bus.address)
      sapulse_pkg::REG_COMMAND_CONSUMER: rdata = indices.commands;
      sapulse_pkg::REG_COMPLETION_PRODUCER: rdata = indices.completions;
      sapulse_pkg::REG_EXCEPTION_PRODUCER: rdata = indices.exceptions;
      sapulse_pkg::REG_EVENT_PRODUCER: rdata = indices.events;
      default: begin
        writable = 1'b1;
        case (bus.address)
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

  assign bus.busy = 1'b0;
  always_ff @(posedge clk) begin
    bus.hit <= readable && (writable || !bus.writing);
    bus.rdata <= rdata;
  end

endmodule

`default_nettype wire
