# SPDX-License-Identifier: Apache-2.0
# Alveo U50. Each fact with its public source: DS and UG are AMD documents; "open-nic" is the public repository
# Xilinx/open-nic-shell, "corundum" corundum/corundum, "taxi" fpganinja/taxi.

# DS965; UG1371; open-nic script/board_settings/au50.tcl
dict set card part xcu50-fsvh2104-2-e

# Oscillator on sysclk, MHz: SI5394 output 3 (corundum fpga_au50.xdc)
dict set card sysclk_mhz 100

# QSFP28 cages: MAC of the chip, its four lanes, reference clock. The U50 has one cage (DS965). Location: open-nic
# cmac_usplus_0_au50.tcl, taxi AU50/eth_cmac.xdc.
dict set card cages {
    {cmac CMACE4_X0Y4 lanes X0Y28~X0Y31 refclk_mhz 161.1328125}
}

# One cage carries both sides in two VLANs; with two cages these are not used.
dict set card line_vid 100
dict set card core_vid 200

# Quad of the transceivers of PCIe lane 0 (corundum fpga_au50.xdc)
dict set card pcie_quad GTY_Quad_227

# Platform of the XRT shell (UG1120), and the SLRs for core and MACs (floorplan.xdc)
dict set card platform xilinx_u50_gen3x16_xdma_5_202210_1
dict set card slr_core SLR0
dict set card slr_macs SLR1

# Outputs at a fixed level, in the order of fixed_pins in pins.xdc. HBM_CATTRIP high makes the satellite controller
# cut the power; the HBM is not used, so it is low (UG1371).
dict set card fixed_pins {{hbm_cattrip 0}}

# Configuration flash: 1 Gb quad SPI (DS965); the golden image is below this address (corundum, Makefiles of the card).
dict set card flash_part mt25qu01g-spi-x1_x2_x4
dict set card flash_megabytes 128
dict set card flash_address 0x01002000
