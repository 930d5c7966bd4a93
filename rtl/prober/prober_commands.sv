// SPDX-License-Identifier: Apache-2.0
// Carries out the commands about the prober and passes all others on to the SA tables; see rtl/registers/registers.yaml.
//
// cmd, rsp: as at sa_tables, whose ports are behind next_cmd, next_rsp. The descriptor stays valid until cmd_ready, which comes when the
//   command has been carried out. rsp_completion has every field but time.
// SA_ERASE first takes the SA away from the prober, then goes on to the SA tables.
// BAD_SA: SA number beyond the capacity. BAD_ARGUMENT: enable neither 0 nor 1, count out of range, or, with enable = 1, any other field
//   of PROBE_WRITE out of range. Such a command changes nothing.
// command_*, done_*: see prober.
`default_nettype none
`include "sapulse_assert.svh"

module prober_commands #(
    parameter int unsigned SA_CAPACITY = 1024,
    localparam int unsigned SA_W = $clog2(SA_CAPACITY)
) (
    input  wire                       clk,
    input  wire                       rst,
    input  wire                       ready,           // the prober has cleared its tables

    input  wire                       cmd_valid,
    output logic                      cmd_ready,
    input  wire  [            2047:0] cmd_descriptor,
    output logic                      rsp_valid,
    input  wire                       rsp_ready,
    output logic [               7:0] rsp_status,
    output logic [             511:0] rsp_completion,

    output logic                      next_cmd_valid,
    input  wire                       next_cmd_ready,
    input  wire                       next_rsp_valid,
    output logic                      next_rsp_ready,
    input  wire  [               7:0] next_rsp_status,
    input  wire  [             511:0] next_rsp_completion,

    output logic                      command_valid,
    input  wire                       command_ready,
    output logic [               1:0] command,
    output logic [          SA_W-1:0] command_sa,
    output prober_pkg::config_t       command_config,
    output logic [               3:0] command_count,
    input  wire                       done_valid,
    input  wire  prober_pkg::report_t done_report
);

  localparam logic [1:0] IDLE = 2'd0, EXECUTE = 2'd1, RESPOND = 2'd2, PASS = 2'd3;

  // ---- Decode and check.
  wire [7:0] opcode = cmd_descriptor[sapulse_pkg::DESC_COMMAND_OPCODE_LSB+:8];
  wire [31:0] cookie = cmd_descriptor[sapulse_pkg::DESC_COMMAND_COOKIE_LSB+:32];
  wire [31:0] sa = cmd_descriptor[sapulse_pkg::DESC_COMMAND_SA_LSB+:32];
  wire [7:0] enable = cmd_descriptor[sapulse_pkg::DESC_PROBE_WRITE_ENABLE_LSB+:8];
  wire [7:0] data_alive = cmd_descriptor[sapulse_pkg::DESC_PROBE_WRITE_DATA_ALIVE_LSB+:8];
  wire [7:0] jitter = cmd_descriptor[sapulse_pkg::DESC_PROBE_WRITE_JITTER_LSB+:8];
  wire [15:0] length = cmd_descriptor[sapulse_pkg::DESC_PROBE_WRITE_LENGTH_LSB+:16];
  wire [31:0] interval = cmd_descriptor[sapulse_pkg::DESC_PROBE_WRITE_INTERVAL_LSB+:32];
  wire [31:0] suspect = cmd_descriptor[sapulse_pkg::DESC_PROBE_WRITE_SUSPECT_LSB+:32];
  wire [31:0] detect = cmd_descriptor[sapulse_pkg::DESC_PROBE_WRITE_DETECT_LSB+:32];
  wire [7:0] count = cmd_descriptor[sapulse_pkg::DESC_PROBE_BURST_COUNT_LSB+:8];

  wire is_write = opcode == sapulse_pkg::OPCODE_PROBE_WRITE;
  wire is_burst = opcode == sapulse_pkg::OPCODE_PROBE_BURST;
  wire is_read = opcode == sapulse_pkg::OPCODE_PROBE_READ;
  wire is_erase = opcode == sapulse_pkg::OPCODE_SA_ERASE;
  wire is_probe = is_write || is_burst || is_read;

  wire sa_bad = sa[31:SA_W] != {(32 - SA_W) {1'b0}};
  wire config_bad = data_alive > 8'd1 || jitter > 8'd64 || length < 16'd48
      || length > 16'(sapulse_pkg::ECHO_DATA_BYTES) || interval == 32'd0 || interval[31:30] != 2'd0
      || suspect[31] || detect == 32'd0 || detect[31];
  wire write_bad = enable > 8'd1 || (enable[0] && config_bad);
  wire argument_bad = (is_write && write_bad) || (is_burst && (count == 8'd0 || count > 8'd15));
  wire [7:0] status = sa_bad ? sapulse_pkg::STATUS_BAD_SA : argument_bad ? sapulse_pkg::STATUS_BAD_ARGUMENT : sapulse_pkg::STATUS_OK;
  // An erase of no SA is refused by the SA tables.
  wire start = !sa_bad && (is_erase || (is_probe && !argument_bad));

  // ---- One command at a time.
  logic [1:0] state;
  logic erase, read, probe_ready;
  logic [7:0] opcode_q, status_q;
  logic [31:0] cookie_q, sa_q;
  prober_pkg::report_t report_q;

  always_ff @(posedge clk) begin
    probe_ready <= 1'b0;
    if (command_ready) command_valid <= 1'b0;
    case (state)
      IDLE: begin
        if (cmd_valid && ready) begin
          state <= start ? EXECUTE : is_probe ? RESPOND : PASS;
          command_valid <= start;
          probe_ready <= is_probe && !start;
        end
      end
      EXECUTE: begin
        if (done_valid) begin
          state <= erase ? PASS : RESPOND;
          probe_ready <= !erase;
        end
      end
      RESPOND: if (rsp_ready) state <= IDLE;
      default: if (next_rsp_valid && rsp_ready) state <= IDLE;
    endcase
    if (rst) begin
      state <= IDLE;
      command_valid <= 1'b0;
      probe_ready <= 1'b0;
    end
  end

  always_ff @(posedge clk) begin
    if (state == IDLE) begin
      erase <= is_erase;
      read <= is_read && start;
      opcode_q <= opcode;
      status_q <= status;
      cookie_q <= cookie;
      sa_q <= sa;
      command <= is_burst ? prober_pkg::COMMAND_BURST : is_read ? prober_pkg::COMMAND_READ : prober_pkg::COMMAND_WRITE;
      command_count <= count[3:0];
      command_config.enable <= is_write && enable[0];
      command_config.data_alive <= data_alive[0];
      command_config.jitter <= jitter[6:0];
      command_config.length <= length[13:0];
      command_config.interval <= interval[29:0];
      command_config.suspect <= suspect[30:0];
      command_config.detect <= detect[30:0];
    end
    if (done_valid) report_q <= done_report;
  end
  assign command_sa = sa_q[SA_W-1:0];

  // ---- The answer: of this module, or of the SA tables.
  wire passing = state == PASS;
  assign next_cmd_valid = passing && cmd_valid;
  assign next_rsp_ready = passing && rsp_ready;
  assign cmd_ready = passing ? next_cmd_ready : probe_ready;
  assign rsp_valid = passing ? next_rsp_valid : state == RESPOND;
  assign rsp_status = passing ? next_rsp_status : status_q;

  logic [511:0] completion;
  always_comb begin
    completion = 512'd0;
    completion[sapulse_pkg::DESC_COMPLETION_OPCODE_LSB+:8] = opcode_q;
    completion[sapulse_pkg::DESC_COMPLETION_STATUS_LSB+:8] = status_q;
    completion[sapulse_pkg::DESC_COMPLETION_COOKIE_LSB+:32] = cookie_q;
    completion[sapulse_pkg::DESC_COMPLETION_SA_LSB+:32] = sa_q;
    if (read) begin
      completion[sapulse_pkg::DESC_PROBE_COMPLETION_STATE_LSB+:8] = {5'd0, report_q.state};
      completion[sapulse_pkg::DESC_PROBE_COMPLETION_RTT_LSB+:32] = report_q.rtt;
      completion[sapulse_pkg::DESC_PROBE_COMPLETION_PROBES_LSB+:32] = {2'd0, report_q.probes};
      completion[sapulse_pkg::DESC_PROBE_COMPLETION_REPLIES_LSB+:32] = report_q.replies;
      completion[sapulse_pkg::DESC_PROBE_COMPLETION_HEARD_LSB+:32] = report_q.heard;
    end
  end
  assign rsp_completion = passing ? next_rsp_completion : completion;

  // Bytes that no command of the prober has.
  wire unused = &{1'b0, cmd_descriptor};

  `SAPULSE_ASSERT(clk, rst, !(done_valid && state != EXECUTE), "the prober has done what it was not told")

endmodule

`default_nettype wire
