// SPDX-License-Identifier: Apache-2.0
// For a module that carries out some commands of the host itself and passes the others on: joins it and the next one to the host.
//
// pass: the command goes to next, otherwise to own; changes only between commands.
`default_nettype none

module command_pass (
    input wire pass,

    command_if.server command,
    command_if.client own,
    command_if.client next
);

  assign own.cmd_valid = !pass && command.cmd_valid;
  assign own.descriptor = command.descriptor;
  assign own.rsp_ready = !pass && command.rsp_ready;

  assign next.cmd_valid = pass && command.cmd_valid;
  assign next.descriptor = command.descriptor;
  assign next.rsp_ready = pass && command.rsp_ready;

  assign command.cmd_ready = pass ? next.cmd_ready : own.cmd_ready;
  assign command.rsp_valid = pass ? next.rsp_valid : own.rsp_valid;
  assign command.status = pass ? next.status : own.status;
  assign command.completion = pass ? next.completion : own.completion;

endmodule

`default_nettype wire
