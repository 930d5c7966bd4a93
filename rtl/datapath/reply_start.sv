// SPDX-License-Identifier: Apache-2.0
// Starts an answer: its job for respond and its order for seal and header, both at once.
//
// now: time, which becomes t_transmit. seal_order: for the packet that respond makes.
// fifo_fault: of one of the FIFOs in here; see sync_fifo.
`default_nettype none

module reply_start (
    input wire        clk,
    input wire        rst,
    input wire [63:0] now,

    stream_if.sink   reply_job,    // reply_job_t
    stream_if.source respond_job,  // respond_job
    stream_if.source seal_order,    // seal_order_t

    output logic fifo_fault
);

  logic [1:0] fifo_faults;
  assign fifo_fault = |fifo_faults;

  stream_if #(sapulse_pkg::respond_job) new_job ();
  stream_if #(datapath_pkg::seal_order_t) new_order ();
  /* verilator lint_off UNUSEDSIGNAL */  // what open_gate and policy have used up
  sa_pkg::reply_ctx_t ctx;
  sapulse_pkg::record_t record;
  /* verilator lint_on UNUSEDSIGNAL */
  logic start;
  logic [13:0] length;

  assign ctx = reply_job.data.ctx;
  assign record = reply_job.data.job.job.record;
  assign length = record.control.length[13:0] - 14'(sapulse_pkg::CONTROL_BYTES);
  assign reply_job.ready = new_job.ready && new_order.ready;
  assign start = reply_job.valid && reply_job.ready;

  assign new_job.valid = start;
  assign new_job.data = '{
      spi: ctx.spi,
      n: ctx.n,
      t_receive: reply_job.data.job.received,
      t_transmit: now,
      data_sequence: ctx.data_sequence,
      data_sequence_valid: ctx.data_sequence_valid,
      token: ctx.token,
      token_nonce: ctx.token_nonce,
      token_valid: ctx.token_valid
  };

  assign new_order.valid = start;
  assign new_order.data.seal = '{sa: ctx.sa, length: length};
  assign new_order.data.header = '{
      echo: 1'b0,
      l2: record.l2,
      l3: record.l3,
      encap: record.l4.encap,
      sport: record.l4.sport,
      dport: record.l4.dport,
      spi: record.l4.spi,
      seq: record.l4.seq,
      message: sapulse_pkg::TYPE_ECHO_REPLY,
      code: '0,
      subject: ctx.spi,
      transaction: record.control.transaction,
      token_nonce: record.control.token_nonce,
      length: length
  };
  assign new_order.data.answer = '{
      counter: sapulse_pkg::COUNTER_ANSWERED,
      from_line: 1'b1,
      entered: 1'b1,
      epoch: reply_job.data.job.job.epoch
  };

  // Two jobs: the one in the kernel's hands and the next.
  sync_fifo #(.DEPTH(2)) u_jobs (.clk, .rst, .in(new_job), .out(respond_job), .fault(fifo_faults[0]));

  // As many as respond holds on the way to seal.
  sync_fifo #(.DEPTH(8), .SECRETS(1'b1)) u_orders (.clk, .rst, .in(new_order), .out(seal_order), .fault(fifo_faults[1]));

endmodule

`default_nettype wire
