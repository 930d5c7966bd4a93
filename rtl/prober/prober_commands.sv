// SPDX-License-Identifier: Apache-2.0
// Carries out the commands about the prober and passes all others on to the SA tables.
//
// ready: the prober has cleared its tables. command: of the host; next: those that are passed on, with the same descriptor.
// SA_ERASE first takes the SA away from the prober, then goes on to the SA tables.
// BAD_SA: SA number beyond the capacity. BAD_ARGUMENT: enable neither 0 nor 1, count out of range, or, with enable = 1, any other
//   field of PROBE_WRITE out of range. Such a command changes nothing.
// probe_command, probe_done: see prober.
`default_nettype none
`include "sapulse_assert.svh"

module prober_commands #(
    parameter int unsigned SA_CAPACITY = 1024
) (
    input wire clk,
    input wire rst,
    input wire ready,

    command_if.server                   command,
    command_if.client                   next,
    stream_if.source                    probe_command,  // probe_command_t
    input wire prober_pkg::probe_done_t probe_done
);

  localparam int unsigned SA_W = $clog2(SA_CAPACITY);

  enum logic [1:0] {IDLE, EXECUTE, RESPOND, PASS} state;
  command_if own ();
  command_pass u_pass (.pass(state == PASS), .command, .own, .next);

  /* verilator lint_off UNUSEDSIGNAL */  // reserved bytes, and the cookie goes into the completion without this module
  sapulse_pkg::probe_write_t write;
  sapulse_pkg::probe_burst_t burst;
  /* verilator lint_on UNUSEDSIGNAL */
  assign write = own.descriptor;
  assign burst = own.descriptor;

  // Checks.
  logic is_write, is_burst, is_read, is_erase, is_probe, sa_bad, config_bad, argument_bad, start;
  assign is_write = write.opcode == sapulse_pkg::OPCODE_PROBE_WRITE;
  assign is_burst = write.opcode == sapulse_pkg::OPCODE_PROBE_BURST;
  assign is_read = write.opcode == sapulse_pkg::OPCODE_PROBE_READ;
  assign is_erase = write.opcode == sapulse_pkg::OPCODE_SA_ERASE;
  assign is_probe = is_write || is_burst || is_read;

  assign sa_bad = write.sa[31:SA_W] != '0;
  assign config_bad = write.data_alive > 8'd1 || write.jitter > 8'd64 || write.length < 16'(sapulse_pkg::TELEMETRY_BYTES)
      || write.length > 16'(sapulse_pkg::ECHO_DATA_BYTES) || write.interval == 32'd0 || write.interval[31:30] != 2'd0
      || write.suspect[31] || write.detect == 32'd0 || write.detect[31];
  assign argument_bad = is_write ? write.enable > 8'd1 || (write.enable[0] && config_bad)
                                 : is_burst && (burst.count == 8'd0 || burst.count > 8'd15);
  // An erase of no SA is refused by the SA tables.
  assign start = !sa_bad && (is_erase || (is_probe && !argument_bad));

  // One command at a time.
  logic erase, read, done;
  logic [7:0] status;
  prober_pkg::report_t report;
  sapulse_pkg::probe_completion_t completion;

  always_ff @(posedge clk) begin
    done <= 1'b0;
    if (probe_command.ready) probe_command.valid <= 1'b0;
    case (state)
      IDLE: begin
        if (own.cmd_valid && ready) begin
          state <= start ? EXECUTE : is_probe ? RESPOND : PASS;
          probe_command.valid <= start;
          done <= is_probe && !start;
        end
      end
      EXECUTE: begin
        if (probe_done.valid) begin
          state <= erase ? PASS : RESPOND;
          done <= !erase;
        end
      end
      RESPOND: if (own.rsp_ready) state <= IDLE;
      default: if (next.rsp_valid && next.rsp_ready) state <= IDLE;
    endcase
    if (rst) begin
      state <= IDLE;
      probe_command.valid <= 1'b0;
      done <= 1'b0;
    end
  end

  always_ff @(posedge clk) begin
    if (state == IDLE) begin
      erase <= is_erase;
      read <= is_read && start;
      status <= sa_bad ? sapulse_pkg::STATUS_BAD_SA : argument_bad ? sapulse_pkg::STATUS_BAD_ARGUMENT : sapulse_pkg::STATUS_OK;
      probe_command.data <= '{
          command: is_burst ? prober_pkg::COMMAND_BURST : is_read ? prober_pkg::COMMAND_READ : prober_pkg::COMMAND_WRITE,
          sa: write.sa[15:0],
          cfg: '{
              enable: is_write && write.enable[0],
              data_alive: write.data_alive[0],
              jitter: write.jitter[6:0],
              length: write.length[13:0],
              interval: write.interval[29:0],
              suspect: write.suspect[30:0],
              detect: write.detect[30:0]
          },
          count: burst.count[3:0]
      };
    end
    if (probe_done.valid) report <= probe_done.report;
  end

  assign own.cmd_ready = done;
  assign own.rsp_valid = state == RESPOND;
  assign own.status = status;
  assign completion = '{
      state: 8'(report.state),
      rtt: report.rtt,
      probes: 32'(report.probes),
      replies: report.replies,
      heard: report.heard,
      default: '0
  };
  assign own.completion = read ? completion : '0;

  `SAPULSE_ASSERT(clk, rst, !(probe_done.valid && state != EXECUTE), "the prober has done what it was not told")

endmodule

`default_nettype wire
