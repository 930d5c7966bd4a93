// SPDX-License-Identifier: Apache-2.0
// Commands of the host on their way to the module that carries them out, one at a time.
//
// descriptor      of the command, byte i at bits [8i+7:8i]; stays as it is from cmd_valid until cmd_ready, which comes when it has
//                 been carried out
// status          a sapulse_pkg::STATUS_*
// completion      every field but its head (opcode, status, cookie, sa) and its time
`default_nettype none
/* verilator lint_off UNUSEDSIGNAL */  // not every pair of modules looks at all of a bundle

interface command_if;
  logic cmd_valid, cmd_ready, rsp_valid, rsp_ready;
  logic [8*sapulse_pkg::COMMAND_BYTES-1:0] descriptor;
  logic [7:0] status;
  logic [8*sapulse_pkg::COMPLETION_BYTES-1:0] completion;

  modport client(output cmd_valid, descriptor, rsp_ready, input cmd_ready, rsp_valid, status, completion);
  modport server(input cmd_valid, descriptor, rsp_ready, output cmd_ready, rsp_valid, status, completion);
endinterface

/* verilator lint_on UNUSEDSIGNAL */
`default_nettype wire
