# SPDX-License-Identifier: Apache-2.0
# Vivado: the core and the MACs as RTL kernels, sapulse.xo and sapulse_macs.xo, and the configuration of the link step.
#   vivado -mode batch -source package.tcl -tclargs SETTINGS     (constraints/settings.tcl)
set here [file dirname [file normalize [info script]]]
source $here/../versions.tcl
source $here/../settings.tcl
source $here/../project.tcl
source $here/../vfio/ip.tcl
source $here/link.tcl

require_tool [version -short]
set settings [parse_settings $argv]
set card [card_facts $here/.. [dict get $settings card]]
set build [dict get $settings build]
write_build_header $settings $card

proc clocked_by {clock interfaces} {
    foreach interface $interfaces {
        ipx::associate_bus_interfaces -busif $interface -clock $clock [ipx::current_core]
    }
}

# A bus interface of the packaged kernel on ports `physical` (logical name, port, ..).
proc add_interface {name mode type physical} {
    set interface [ipx::add_bus_interface $name [ipx::current_core]]
    set_property bus_type_vlnv xilinx.com:interface:$type:1.0 $interface
    set_property abstraction_type_vlnv xilinx.com:interface:${type}_rtl:1.0 $interface
    set_property interface_mode $mode $interface
    foreach {logical port} $physical {
        set_property physical_name $port [ipx::add_port_map $logical $interface]
    }
}

# Transceivers and reference clock of a cage, for xrt/post_link.tcl to connect.
proc add_cage_interfaces {number} {
    add_interface gt_serial$number master gt [list \
        GRX_P gt${number}_rxp GRX_N gt${number}_rxn GTX_P gt${number}_txp GTX_N gt${number}_txn]
    add_interface gt_refclk$number slave diff_clock [list CLK_P gt${number}_refclk_p CLK_N gt${number}_refclk_n]
}

# contents: script for what the kernel has besides sources: IP, constraints; finish: script for interfaces beyond streams and AXI.
proc package_kernel {settings card kernel contents finish busses} {
    global here
    set build [dict get $settings build]
    set packaged $build/packaged_$kernel
    create_project -force -part [dict get $card part] package_$kernel $build/package_$kernel
    add_sources $settings $kernel
    uplevel 1 $contents
    update_compile_order -fileset sources_1
    ipx::package_project -root_dir $packaged -vendor sapulse -library kernel -taxonomy /KernelIP -import_files -force
    set_property core_revision 1 [ipx::current_core]
    set_property sdx_kernel true [ipx::current_core]
    set_property sdx_kernel_type rtl [ipx::current_core]
    clocked_by ap_clk $busses
    uplevel 1 $finish
    ipx::create_xgui_files [ipx::current_core]
    ipx::update_checksums [ipx::current_core]
    ipx::save_core [ipx::current_core]
    close_project
    package_xo -force -xo_path $build/$kernel.xo -kernel_name $kernel -ctrl_protocol user_managed \
        -ip_directory $packaged -kernel_xml $here/$kernel.xml
}

package_kernel $settings $card sapulse {} {} {s_axil m_axi s_axis_line m_axis_line s_axis_core m_axis_core}
package_kernel $settings $card sapulse_macs {
    add_cell_constraints
    set number 0
    foreach cage [dict get $card cages] {
        make_mac cmac_port$number $cage
        incr number
    }
    generate_target all [get_ips]
} {
    for {set number 0} {$number < [llength [dict get $card cages]]} {incr number} { add_cage_interfaces $number }
} {s_axil s_axis_line m_axis_line s_axis_core m_axis_core}
write_text $build/link.cfg [link_configuration $settings $card $here/post_link.tcl]
puts "made $build/sapulse.xo, $build/sapulse_macs.xo and $build/link.cfg"
