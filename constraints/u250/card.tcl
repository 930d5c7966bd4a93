# SPDX-License-Identifier: Apache-2.0
# Alveo U250. Each fact with its public source: DS and UG are AMD documents; "open-nic" is the public repository
# Xilinx/open-nic-shell, "corundum" corundum/corundum, "taxi" fpganinja/taxi.

# DS962; UG1289; open-nic script/board_settings/au250.tcl
dict set card part xcu250-figd2104-2L-e

# Oscillator on sysclk, MHz: oscillator of the first DDR4 bank (corundum fpga_au200.xdc)
dict set card sysclk_mhz 300

# QSFP28 cages: MAC of the chip, its four lanes, reference clock. Location: open-nic
# cmac_usplus_0_au250.tcl and cmac_usplus_1_au250.tcl, taxi AU200/eth_cmac_au250.xdc; 156.25 MHz from the Si570, which needs no
# pins.
dict set card cages {
    {cmac CMACE4_X0Y8 lanes X1Y44~X1Y47 refclk_mhz 156.25}
    {cmac CMACE4_X0Y7 lanes X1Y40~X1Y43 refclk_mhz 156.25}
}

# One cage carries both sides in two VLANs; with two cages these are not used.
dict set card line_vid 100
dict set card core_vid 200

# Quad of the transceivers of PCIe lane 0 (corundum fpga/lib/pcie/example/AU250/fpga/fpga.xdc)
dict set card pcie_quad GTY_Quad_227

# Platform of the XRT shell (UG1120), and the SLRs for core and MACs (floorplan.xdc)
dict set card platform xilinx_u250_gen3x16_xdma_4_1_202210_1
dict set card slr_core SLR1
dict set card slr_macs SLR2

# Outputs at a fixed level, in the order of fixed_pins in pins.xdc. Cages selected, out of reset, at full power (UG1289).
dict set card fixed_pins {
    {qsfp0_modsell 0} {qsfp0_resetl 1} {qsfp0_lpmode 0}
    {qsfp1_modsell 0} {qsfp1_resetl 1} {qsfp1_lpmode 0}
}

# Configuration flash: 1 Gb quad SPI (DS962); the golden image is below this address (corundum, Makefiles of the card).
dict set card flash_part mt25qu01g-spi-x1_x2_x4
dict set card flash_megabytes 128
dict set card flash_address 0x01002000
