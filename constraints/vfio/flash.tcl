# SPDX-License-Identifier: Apache-2.0
# Vivado's hardware manager: sapulse.mcs into the flash of the one card on the JTAG cable, then the card starts from it.
#   vivado -mode batch -source flash.tcl -tclargs SETTINGS
set here [file dirname [file normalize [info script]]]
source $here/../versions.tcl
source $here/../settings.tcl

require_tool [version -short]
set settings [parse_settings $argv]
set card [card_facts $here/.. [dict get $settings card]]
set image [dict get $settings build]/sapulse.mcs
if {![file exists $image]} { error "no $image: make bitstream CARD=[dict get $settings card] first" }

open_hw_manager
connect_hw_server
open_hw_target
set devices [get_hw_devices -filter "PART =~ [lindex [split [dict get $card part] -] 0]*"]
if {[llength $devices] != 1} { error "[llength $devices] cards of this kind on the cable, not one" }
current_hw_device $devices
refresh_hw_device -update_hw_probes false $devices

create_hw_cfgmem -hw_device $devices [lindex [get_cfgmem_parts [dict get $card flash_part]] 0]
set memory [get_property PROGRAM.HW_CFGMEM $devices]
set_property -dict [list \
    PROGRAM.FILES [list $image] \
    PROGRAM.ADDRESS_RANGE use_file \
    PROGRAM.UNUSED_PIN_TERMINATION pull-none \
    PROGRAM.BLANK_CHECK 0 \
    PROGRAM.ERASE 1 \
    PROGRAM.CFG_PROGRAM 1 \
    PROGRAM.VERIFY 1] $memory
create_hw_bitstream -hw_device $devices [get_property PROGRAM.HW_CFGMEM_BITFILE $devices]
program_hw_devices $devices
refresh_hw_device -update_hw_probes false $devices
program_hw_cfgmem -hw_cfgmem $memory
boot_hw_device $devices
puts "flashed; the host sees the card after a cold start"
