# SPDX-License-Identifier: Apache-2.0
# The vendor's IP around the core. Module names and ports: rtl/card/host_bus.sv, cmac.sv, sapulse_vfio.sv.

# How the card shows itself on PCIe; driver/vfio looks for it.
set pci_vendor 10ee
set pci_device 5350
set pci_class 120000

# Core clock and the 100 MHz for the transceivers' resets, from the board's oscillator.
proc make_clocks {settings card} {
    set core_mhz [format %.6f [expr {[dict get $settings clock_khz] / 1000.0}]]
    pinned_ip clk_wiz card_clocks [list \
        CONFIG.PRIM_SOURCE Differential_clock_capable_pin \
        CONFIG.PRIM_IN_FREQ [dict get $card sysclk_mhz] \
        CONFIG.PRIMARY_PORT clk_in1 \
        CONFIG.NUM_OUT_CLKS 2 \
        CONFIG.CLKOUT2_USED true \
        CONFIG.CLK_OUT1_PORT core_clk \
        CONFIG.CLKOUT1_REQUESTED_OUT_FREQ $core_mhz \
        CONFIG.CLK_OUT2_PORT init_clk \
        CONFIG.CLKOUT2_REQUESTED_OUT_FREQ 100.000 \
        CONFIG.USE_RESET false \
        CONFIG.USE_LOCKED true]
}

# 100G MAC of one cage: AXI4-Stream without control bus, RS-FEC (which 100GBASE-SR4 and -CR4 need), frames of 64 to 9220 bytes with
# FCS.
proc make_mac {name cage} {
    set lanes [dict get $cage lanes]
    regexp {^(X\d+)Y(\d+)~} $lanes -> column first
    set properties [list \
        CONFIG.CMAC_CAUI4_MODE 1 \
        CONFIG.NUM_LANES 4x25 \
        CONFIG.GT_REF_CLK_FREQ [dict get $cage refclk_mhz] \
        CONFIG.GT_DRP_CLK 100.00 \
        CONFIG.USER_INTERFACE AXIS \
        CONFIG.ENABLE_AXI_INTERFACE 0 \
        CONFIG.INCLUDE_STATISTICS_COUNTERS 0 \
        CONFIG.INCLUDE_RS_FEC 1 \
        CONFIG.ENABLE_PIPELINE_REG 1 \
        CONFIG.TX_FLOW_CONTROL 0 \
        CONFIG.RX_FLOW_CONTROL 0 \
        CONFIG.RX_MIN_PACKET_LEN 64 \
        CONFIG.RX_MAX_PACKET_LEN 9220 \
        CONFIG.CMAC_CORE_SELECT [dict get $cage cmac] \
        CONFIG.GT_GROUP_SELECT $lanes]
    for {set lane 1} {$lane <= 4} {incr lane} {
        lappend properties CONFIG.LANE${lane}_GT_LOC ${column}Y[expr {$first + $lane - 1}]
    }
    pinned_ip cmac_usplus $name $properties
}

# PCIe Gen3 x16. BAR 0: registers by AXI4-Lite; BAR 2: the IP's own registers with the MSI-X table. Host memory through the slave
# bridge, addresses unchanged.
proc make_host_bus {card} {
    global pci_vendor pci_device pci_class
    pinned_ip qdma card_qdma [list \
        CONFIG.mode_selection Advanced \
        CONFIG.pl_link_cap_max_link_width X16 \
        CONFIG.pl_link_cap_max_link_speed 8.0_GT/s \
        CONFIG.en_gt_selection true \
        CONFIG.select_quad [dict get $card pcie_quad] \
        CONFIG.en_transceiver_status_ports false \
        CONFIG.cfg_mgmt_if false \
        CONFIG.dma_intf_sel_qdma AXI_Stream_with_Completion \
        CONFIG.en_axi_mm_qdma false \
        CONFIG.dsc_byp_mode None \
        CONFIG.en_bridge_slv true \
        CONFIG.flr_enable true \
        CONFIG.csr_axilite_slave false \
        CONFIG.axibar_notranslate true \
        CONFIG.vendor_id $pci_vendor \
        CONFIG.pf0_device_id $pci_device \
        CONFIG.pf0_class_code_qdma $pci_class \
        CONFIG.pf0_bar0_type_qdma AXI_Lite_Master \
        CONFIG.pf0_bar0_scale_qdma Kilobytes \
        CONFIG.pf0_bar0_size_qdma 128 \
        CONFIG.pf0_pciebar2axibar_0 0x0000000000000000 \
        CONFIG.pf0_bar2_type_qdma DMA \
        CONFIG.pf0_bar2_scale_qdma Kilobytes \
        CONFIG.pf0_bar2_size_qdma 256 \
        CONFIG.PF0_MSIX_CAP_TABLE_SIZE_qdma 007 \
        CONFIG.PF0_MSIX_CAP_TABLE_BIR_qdma BAR_3:2 \
        CONFIG.PF0_MSIX_CAP_PBA_BIR_qdma BAR_3:2]
}

proc make_all_ip {settings card} {
    make_clocks $settings $card
    set number 0
    foreach cage [dict get $card cages] {
        make_mac cmac_port$number $cage
        incr number
    }
    make_host_bus $card
    generate_target all [get_ips]
}
