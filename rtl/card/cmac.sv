// SPDX-License-Identifier: Apache-2.0
// The vendor's 100G MAC (cmac_usplus, PG203) with the ports that matter here. Each place on the chip needs an IP of its own:
// cmac_port0, cmac_port1 (constraints/vfio/ip.tcl).
//
// PORT      0 or 1
// clk       322.265625 MHz, of the transmitter; the receiver is clocked with it, too
// rx_rst, tx_rst  the MAC is not ready; of any clock
// rx, tx    frames in clk; the MAC does not wait for rx
`default_nettype none

module cmac #(
    parameter int unsigned PORT = 0
) (
    input wire         init_clk,
    input wire         gt_refclk_p, gt_refclk_n,
    input wire [3:0]   gt_rxp, gt_rxn,
    output logic [3:0] gt_txp, gt_txn,
    output logic       clk,
    output logic       rx_rst, tx_rst,
    input wire         rx_enable, tx_enable, send_rfi,
    output logic       aligned,
    stream_if.source   rx,  // axis_beat
    stream_if.sink     tx  // axis_beat
);

`define SAPULSE_CMAC(module_name) \
  module_name u_mac ( \
      .gt_rxp_in(gt_rxp), .gt_rxn_in(gt_rxn), .gt_txp_out(gt_txp), .gt_txn_out(gt_txn), \
      .gt_ref_clk_p(gt_refclk_p), .gt_ref_clk_n(gt_refclk_n), \
      .gt_loopback_in(12'd0), \
      .gt_txusrclk2(clk), \
      .init_clk, \
      .rx_clk(clk), \
      .sys_reset(1'b0), .core_rx_reset(1'b0), .core_tx_reset(1'b0), \
      .gtwiz_reset_rx_datapath(1'b0), .gtwiz_reset_tx_datapath(1'b0), \
      .usr_rx_reset(rx_rst), .usr_tx_reset(tx_rst), \
      .core_drp_reset(1'b0), .drp_clk(1'b0), .drp_addr(10'd0), .drp_di(16'd0), .drp_en(1'b0), .drp_we(1'b0), \
      .ctl_rx_enable(rx_enable), .ctl_rx_force_resync(1'b0), .ctl_rx_test_pattern(1'b0), \
      .ctl_tx_enable(tx_enable), .ctl_tx_test_pattern(1'b0), \
      .ctl_tx_send_idle(1'b0), .ctl_tx_send_rfi(send_rfi), .ctl_tx_send_lfi(1'b0), \
      .ctl_rx_rsfec_enable(1'b1), .ctl_tx_rsfec_enable(1'b1), \
      .ctl_rx_rsfec_enable_correction(1'b1), .ctl_rx_rsfec_enable_indication(1'b1), \
      .ctl_rsfec_ieee_error_indication_mode(1'b0), \
      .stat_rx_aligned(aligned), \
      .rx_axis_tvalid(rx.valid), \
      .rx_axis_tdata(rx.data.data), .rx_axis_tkeep(rx.data.keep), .rx_axis_tlast(rx.data.last), .rx_axis_tuser(rx.data.user), \
      .tx_axis_tvalid(tx.valid), .tx_axis_tready(tx.ready), \
      .tx_axis_tdata(tx.data.data), .tx_axis_tkeep(tx.data.keep), .tx_axis_tlast(tx.data.last), .tx_axis_tuser(tx.data.user), \
      .tx_preamblein(56'd0) \
  );

  if (PORT == 0) begin : g_port0
    `SAPULSE_CMAC(cmac_port0)
  end else begin : g_port1
    `SAPULSE_CMAC(cmac_port1)
  end

`undef SAPULSE_CMAC

endmodule

`default_nettype wire
