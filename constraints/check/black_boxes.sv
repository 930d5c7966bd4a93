// SPDX-License-Identifier: Apache-2.0
// Ports of the vendor's modules as the card uses them, without contents: for Yosys and Verilator in place of the IP. Names and
// widths are those of PG302 (QDMA), PG203 (CMAC), PG065 (clocking wizard) and UG974 (primitives), not checked against a generated
// IP. clock: the clock that a module's other ports belong to; on a port: "none" for one that belongs to no clock. is_clock: on an
// output, a clock that the IP's own constraints describe; on an input, a clock that the IP needs. constraints/check/crossings.py
// reads these attributes.
/* verilator lint_off DECLFILENAME */
/* verilator lint_off UNUSEDSIGNAL */
/* verilator lint_off UNDRIVEN */
/* verilator lint_off UNUSEDPARAM */
`default_nettype none

(* blackbox, clock = "none" *)
module IBUFDS_GTE4 #(
    parameter logic [1:0] REFCLK_HROW_CK_SEL = 2'b00
) (
    (* is_clock *) input wire I,
    input  wire IB,
    input  wire CEB,
    (* is_clock *) output wire O,
    (* is_clock *) output wire ODIV2
);
endmodule

(* blackbox, clock = "none" *)
module card_clocks (
    (* is_clock *) input wire clk_in1_p,
    (* clock = "none" *) input  wire clk_in1_n,
    (* is_clock *) output wire core_clk,
    (* is_clock *) output wire init_clk,
    output wire locked
);
endmodule

`define SAPULSE_CMAC_PORTS ( \
    (* clock = "none" *) input  wire [  3:0] gt_rxp_in, \
    (* clock = "none" *) input  wire [  3:0] gt_rxn_in, \
    (* clock = "none" *) output wire [  3:0] gt_txp_out, \
    (* clock = "none" *) output wire [  3:0] gt_txn_out, \
    (* is_clock *) input wire gt_ref_clk_p, \
    (* clock = "none" *) input  wire         gt_ref_clk_n, \
    input  wire [ 11:0] gt_loopback_in, \
    (* is_clock *) output wire gt_txusrclk2, \
    (* is_clock *) input wire init_clk, \
    (* is_clock *) input wire rx_clk, \
    input  wire         sys_reset, \
    input  wire         core_rx_reset, \
    input  wire         core_tx_reset, \
    input  wire         gtwiz_reset_rx_datapath, \
    input  wire         gtwiz_reset_tx_datapath, \
    (* clock = "none" *) output wire usr_rx_reset, \
    (* clock = "none" *) output wire usr_tx_reset, \
    input  wire         core_drp_reset, \
    input  wire         drp_clk, \
    input  wire [  9:0] drp_addr, \
    input  wire [ 15:0] drp_di, \
    input  wire         drp_en, \
    input  wire         drp_we, \
    input  wire         ctl_rx_enable, \
    input  wire         ctl_rx_force_resync, \
    input  wire         ctl_rx_test_pattern, \
    input  wire         ctl_tx_enable, \
    input  wire         ctl_tx_test_pattern, \
    input  wire         ctl_tx_send_idle, \
    input  wire         ctl_tx_send_rfi, \
    input  wire         ctl_tx_send_lfi, \
    input  wire         ctl_rx_rsfec_enable, \
    input  wire         ctl_tx_rsfec_enable, \
    input  wire         ctl_rx_rsfec_enable_correction, \
    input  wire         ctl_rx_rsfec_enable_indication, \
    input  wire         ctl_rsfec_ieee_error_indication_mode, \
    output wire         stat_rx_aligned, \
    output wire         rx_axis_tvalid, \
    output wire [511:0] rx_axis_tdata, \
    output wire [ 63:0] rx_axis_tkeep, \
    output wire         rx_axis_tlast, \
    output wire         rx_axis_tuser, \
    input  wire         tx_axis_tvalid, \
    output wire         tx_axis_tready, \
    input  wire [511:0] tx_axis_tdata, \
    input  wire [ 63:0] tx_axis_tkeep, \
    input  wire         tx_axis_tlast, \
    input  wire         tx_axis_tuser, \
    input  wire [ 55:0] tx_preamblein \
  );

(* blackbox, clock = "gt_txusrclk2" *)
module cmac_port0 `SAPULSE_CMAC_PORTS
endmodule

(* blackbox, clock = "gt_txusrclk2" *)
module cmac_port1 `SAPULSE_CMAC_PORTS
endmodule
`undef SAPULSE_CMAC_PORTS

(* blackbox, clock = "axi_aclk" *)
module card_qdma (
    (* is_clock *) input wire sys_clk,
    (* is_clock *) input wire sys_clk_gt,
    (* clock = "none" *) input  wire        sys_rst_n,
    (* clock = "none" *) input  wire [15:0] pci_exp_rxp,
    (* clock = "none" *) input  wire [15:0] pci_exp_rxn,
    (* clock = "none" *) output wire [15:0] pci_exp_txp,
    (* clock = "none" *) output wire [15:0] pci_exp_txn,
    (* is_clock *) output wire axi_aclk,
    output wire        axi_aresetn,
    input  wire        soft_reset_n,

    output wire [ 7:0] usr_flr_fnc,
    output wire        usr_flr_set,
    output wire        usr_flr_clr,
    input  wire [ 7:0] usr_flr_done_fnc,
    input  wire        usr_flr_done_vld,

    output wire [31:0] m_axil_awaddr,
    output wire        m_axil_awvalid,
    input  wire        m_axil_awready,
    output wire [31:0] m_axil_wdata,
    output wire [ 3:0] m_axil_wstrb,
    output wire        m_axil_wvalid,
    input  wire        m_axil_wready,
    input  wire [ 1:0] m_axil_bresp,
    input  wire        m_axil_bvalid,
    output wire        m_axil_bready,
    output wire [31:0] m_axil_araddr,
    output wire        m_axil_arvalid,
    input  wire        m_axil_arready,
    input  wire [31:0] m_axil_rdata,
    input  wire [ 1:0] m_axil_rresp,
    input  wire        m_axil_rvalid,
    output wire        m_axil_rready,

    input  wire [  3:0] s_axib_awid,
    input  wire [ 63:0] s_axib_awaddr,
    input  wire [  3:0] s_axib_awregion,
    input  wire [ 11:0] s_axib_awuser,
    input  wire [  7:0] s_axib_awlen,
    input  wire [  2:0] s_axib_awsize,
    input  wire [  1:0] s_axib_awburst,
    input  wire         s_axib_awvalid,
    output wire         s_axib_awready,
    input  wire [511:0] s_axib_wdata,
    input  wire [ 63:0] s_axib_wuser,
    input  wire [ 63:0] s_axib_wstrb,
    input  wire         s_axib_wlast,
    input  wire         s_axib_wvalid,
    output wire         s_axib_wready,
    output wire [  3:0] s_axib_bid,
    output wire [  1:0] s_axib_bresp,
    output wire         s_axib_bvalid,
    input  wire         s_axib_bready,
    input  wire [  3:0] s_axib_arid,
    input  wire [ 63:0] s_axib_araddr,
    input  wire [  3:0] s_axib_arregion,
    input  wire [ 11:0] s_axib_aruser,
    input  wire [  7:0] s_axib_arlen,
    input  wire [  2:0] s_axib_arsize,
    input  wire [  1:0] s_axib_arburst,
    input  wire         s_axib_arvalid,
    output wire         s_axib_arready,
    output wire [  3:0] s_axib_rid,
    output wire [511:0] s_axib_rdata,
    output wire [  1:0] s_axib_rresp,
    output wire         s_axib_rlast,
    output wire         s_axib_rvalid,
    input  wire         s_axib_rready,

    input  wire        usr_irq_in_vld,
    input  wire [10:0] usr_irq_in_vec,
    input  wire [ 7:0] usr_irq_in_fnc,
    output wire        usr_irq_out_ack,
    output wire        usr_irq_out_fail,

    input wire         tm_dsc_sts_rdy,
    input wire         dsc_crdt_in_vld,
    input wire         dsc_crdt_in_dir,
    input wire         dsc_crdt_in_fence,
    input wire [ 10:0] dsc_crdt_in_qid,
    input wire [ 15:0] dsc_crdt_in_crdt,
    input wire         qsts_out_rdy,
    input wire         m_axis_h2c_tready,
    input wire         s_axis_c2h_tvalid,
    input wire [511:0] s_axis_c2h_tdata,
    input wire [ 31:0] s_axis_c2h_tcrc,
    input wire         s_axis_c2h_tlast,
    input wire [  5:0] s_axis_c2h_mty,
    input wire         s_axis_c2h_ctrl_marker,
    input wire [  2:0] s_axis_c2h_ctrl_port_id,
    input wire [  6:0] s_axis_c2h_ctrl_ecc,
    input wire [ 15:0] s_axis_c2h_ctrl_len,
    input wire [ 10:0] s_axis_c2h_ctrl_qid,
    input wire         s_axis_c2h_ctrl_has_cmpt,
    input wire         s_axis_c2h_cmpt_tvalid,
    input wire [511:0] s_axis_c2h_cmpt_tdata,
    input wire [  1:0] s_axis_c2h_cmpt_size,
    input wire [ 15:0] s_axis_c2h_cmpt_dpar,
    input wire [ 10:0] s_axis_c2h_cmpt_ctrl_qid,
    input wire [  1:0] s_axis_c2h_cmpt_ctrl_cmpt_type,
    input wire [ 15:0] s_axis_c2h_cmpt_ctrl_wait_pld_pkt_id,
    input wire         s_axis_c2h_cmpt_ctrl_no_wrb_marker,
    input wire [  2:0] s_axis_c2h_cmpt_ctrl_port_id,
    input wire         s_axis_c2h_cmpt_ctrl_marker,
    input wire         s_axis_c2h_cmpt_ctrl_user_trig,
    input wire [  2:0] s_axis_c2h_cmpt_ctrl_col_idx,
    input wire [  2:0] s_axis_c2h_cmpt_ctrl_err_idx
);
endmodule

`default_nettype wire
