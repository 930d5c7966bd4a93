# SPDX-License-Identifier: Apache-2.0
# Run by v++ within the platform's block design: ties the kernel macs_1 to cages, reference clocks and the free running clock, for
# which the link configuration has no words. Platforms call them differently; the names are those that the public repository
# Xilinx/xup_vitis_network_example (Ethernet/post_sys_link.tcl) has met. Nothing found is an error.

# The first of `names` that the design has, found by `query`.
proc first_of {query names what} {
    foreach name $names {
        if {[llength [{*}$query -quiet $name]] == 1} { return [{*}$query $name] }
    }
    error "this platform has no $what: none of $names"
}

set cages {
    {{io_gt_qsfp_00 io_gt_gtyquad_00 io_gt_qsfp0_00} {io_clk_qsfp_refclka_00 io_clk_gtyquad_refclk0_00 io_clk_qsfp0_refclka_00}}
    {{io_gt_qsfp_01 io_gt_gtyquad_01 io_gt_qsfp1_00} {io_clk_qsfp_refclka_01 io_clk_gtyquad_refclk0_01 io_clk_qsfp1_refclka_00}}
}
set number 0
foreach cage $cages {
    set serial [get_bd_intf_pins -quiet macs_1/gt_serial$number]
    if {[llength $serial] == 1} {
        lassign $cage gt_names clock_names
        connect_bd_intf_net [first_of get_bd_intf_ports $gt_names "cage $number"] $serial
        connect_bd_intf_net [first_of get_bd_intf_ports $clock_names "reference clock of cage $number"] \
            [get_bd_intf_pins macs_1/gt_refclk$number]
    }
    incr number
}

set free_running [get_bd_pins macs_1/clk_gt_freerun]
set connected [get_bd_nets -quiet -of_objects $free_running]
if {[llength $connected] != 0} { disconnect_bd_net $connected $free_running }
if {[llength [get_bd_ports -quiet clk_gt_freerun]] == 1} {
    connect_bd_net [get_bd_ports clk_gt_freerun] $free_running
} elseif {[llength [get_bd_ports -quiet blp_s_aclk_freerun_ref_00]] == 1} {
    connect_bd_net [get_bd_ports blp_s_aclk_freerun_ref_00] $free_running
} else {
    connect_bd_net [first_of get_bd_pins \
        {ii_level1_wire/ulp_m_aclk_freerun_ref_00 ii_level0_wire/ulp_m_aclk_freerun_ref_00} "free running clock"] $free_running
}
