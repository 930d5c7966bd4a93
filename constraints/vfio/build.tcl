# SPDX-License-Identifier: Apache-2.0
# Vivado: the card as a plain PCIe endpoint. Leaves in the build folder the project, sapulse.bit, and sapulse.mcs for the flash.
#   vivado -mode batch -source build.tcl -tclargs SETTINGS     (constraints/settings.tcl)
set here [file dirname [file normalize [info script]]]
source $here/../versions.tcl
source $here/../settings.tcl
source $here/../project.tcl
source $here/ip.tcl

require_tool [version -short]
set settings [parse_settings $argv]
set card [card_facts $here/.. [dict get $settings card]]
set build [dict get $settings build]

create_project -force -part [dict get $card part] sapulse_[dict get $settings card] $build/project
write_build_header $settings $card
make_all_ip $settings $card
add_sources $settings sapulse_vfio
add_cell_constraints

# The bitstream itself carries what the registers tell: commit and version.
write_text $build/identity.xdc "set_property BITSTREAM.CONFIG.USR_ACCESS 0x[dict get $settings git] \[current_design\]
set_property BITSTREAM.CONFIG.USERID 0x[version_word [dict get $settings version]] \[current_design\]"
set card_folder $constraints_folder/[dict get $settings card]
add_files -fileset constrs_1 -norecurse [list \
    $card_folder/pins.xdc $card_folder/clocks.xdc $card_folder/floorplan.xdc $card_folder/configuration.xdc \
    $here/configuration.xdc $build/identity.xdc]
set_property USED_IN implementation [get_files $card_folder/floorplan.xdc]
update_compile_order -fileset sources_1

proc run_to_end {run arguments} {
    launch_runs $run -jobs 4 {*}$arguments
    wait_on_runs $run
    if {[get_property PROGRESS [get_runs $run]] ne "100%"} { error "$run failed" }
}
run_to_end synth_1 {}
run_to_end impl_1 {-to_step write_bitstream}

open_run impl_1
report_timing_summary -file $build/timing.rpt
report_cdc -details -file $build/cdc.rpt
report_utilization -file $build/utilization.rpt
set slack [get_property STATS.WNS [get_runs impl_1]]
if {$slack < 0} { error "timing is not met: worst slack $slack ns (see $build/timing.rpt)" }

file copy -force $build/project/sapulse_[dict get $settings card].runs/impl_1/sapulse_vfio.bit $build/sapulse.bit
write_cfgmem -force -format mcs -size [dict get $card flash_megabytes] -interface SPIx4 \
    -loadbit [list up [dict get $card flash_address] $build/sapulse.bit] -checksum -file $build/sapulse.mcs
puts "made $build/sapulse.bit and $build/sapulse.mcs, worst slack $slack ns"
