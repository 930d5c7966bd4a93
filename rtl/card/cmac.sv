// SPDX-License-Identifier: Apache-2.0
// The vendor's 100G MAC (cmac_usplus, PG203) with the ports that matter here. Each place on the chip needs an IP of its own:
// cmac_port0, cmac_port1 (constraints/vfio/ip.tcl).
//
// PORT      0 or 1
// clk       322.265625 MHz, of the transmitter; the receiver is clocked with it, too
// rx_rst, tx_rst  the MAC is not ready; of any clock
// beats     {tuser, tlast, tkeep, tdata}
`default_nettype none

module cmac #(
    parameter int unsigned PORT = 0
) (
    input  wire          init_clk,
    input  wire          gt_refclk_p,
    input  wire          gt_refclk_n,
    input  wire  [  3:0] gt_rxp,
    input  wire  [  3:0] gt_rxn,
    output logic [  3:0] gt_txp,
    output logic [  3:0] gt_txn,
    output logic         clk,
    output logic         rx_rst,
    output logic         tx_rst,
    input  wire          rx_enable,
    input  wire          tx_enable,
    input  wire          send_rfi,
    output logic         aligned,
    output logic         rx_valid,
    output logic [577:0] rx_beat,
    input  wire          tx_valid,
    output logic         tx_ready,
    input  wire  [577:0] tx_beat
);

`define SAPULSE_CMAC(module_name) \
  module_name u_mac ( \
      .gt_rxp_in(gt_rxp), \
      .gt_rxn_in(gt_rxn), \
      .gt_txp_out(gt_txp), \
      .gt_txn_out(gt_txn), \
      .gt_ref_clk_p(gt_refclk_p), \
      .gt_ref_clk_n(gt_refclk_n), \
      .gt_loopback_in(12'd0), \
      .gt_txusrclk2(clk), \
      .init_clk(init_clk), \
      .rx_clk(clk), \
      .sys_reset(1'b0), \
      .core_rx_reset(1'b0), \
      .core_tx_reset(1'b0), \
      .gtwiz_reset_rx_datapath(1'b0), \
      .gtwiz_reset_tx_datapath(1'b0), \
      .usr_rx_reset(rx_rst), \
      .usr_tx_reset(tx_rst), \
      .core_drp_reset(1'b0), \
      .drp_clk(1'b0), \
      .drp_addr(10'd0), \
      .drp_di(16'd0), \
      .drp_en(1'b0), \
      .drp_we(1'b0), \
      .ctl_rx_enable(rx_enable), \
      .ctl_rx_force_resync(1'b0), \
      .ctl_rx_test_pattern(1'b0), \
      .ctl_tx_enable(tx_enable), \
      .ctl_tx_test_pattern(1'b0), \
      .ctl_tx_send_idle(1'b0), \
      .ctl_tx_send_rfi(send_rfi), \
      .ctl_tx_send_lfi(1'b0), \
      .ctl_rx_rsfec_enable(1'b1), \
      .ctl_tx_rsfec_enable(1'b1), \
      .ctl_rx_rsfec_enable_correction(1'b1), \
      .ctl_rx_rsfec_enable_indication(1'b1), \
      .ctl_rsfec_ieee_error_indication_mode(1'b0), \
      .stat_rx_aligned(aligned), \
      .rx_axis_tvalid(rx_valid), \
      .rx_axis_tdata(rx_beat[511:0]), \
      .rx_axis_tkeep(rx_beat[575:512]), \
      .rx_axis_tlast(rx_beat[576]), \
      .rx_axis_tuser(rx_beat[577]), \
      .tx_axis_tvalid(tx_valid), \
      .tx_axis_tready(tx_ready), \
      .tx_axis_tdata(tx_beat[511:0]), \
      .tx_axis_tkeep(tx_beat[575:512]), \
      .tx_axis_tlast(tx_beat[576]), \
      .tx_axis_tuser(tx_beat[577]), \
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
