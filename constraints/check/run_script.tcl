# SPDX-License-Identifier: Apache-2.0
# Runs one of the scripts to its end against the stand-in.
#   tclsh run_script.tcl TABLE SCRIPT RECORD-FILE [ARGUMENT..]
# TABLE: vivado or hls. The record has one line a command, a Tcl list: name, options, positional arguments.
set here [file dirname [file normalize [info script]]]
source $here/commands.tcl
source $here/recorder.tcl
lassign $argv table script record_file
set arguments [lrange $argv 3 end]

# Answers that let a script go on as it would after success.
proc answer {name options positional} {
    switch -- $name {
        version { return 2023.2 }
        current_fileset { return sources_1 }
        ipx::current_core { return core }
        ipx::add_bus_interface { return "interface [lindex $positional 0]" }
        ipx::add_port_map { return "map [lindex $positional 0]" }
        get_hw_devices { return device_0 }
        get_cfgmem_parts { return [list [lindex $positional 0]] }
        get_ips { return [made_ips [lindex $positional 0]] }
        get_files { return [added_files [lindex $positional 0]] }
        get_property { return [property [lindex $positional 0]] }
        get_bd_intf_pins - get_bd_intf_ports - get_bd_ports - get_bd_pins { return [block_design $name [lindex $positional 0]] }
        get_bd_nets { return net_0 }
        default { return [lindex $positional 0] }
    }
}

# IP made so far in the current project: all, or the one of that name.
proc made_ips {name} {
    set made {}
    foreach record $recorder::records {
        switch -- [lindex $record 0] {
            create_project { set made {} }
            create_ip { lappend made [dict get [lindex $record 1] -module_name] }
        }
    }
    return [expr {$name eq "" ? $made : [lsearch -all -inline -exact $made $name]}]
}

# Files added so far whose path or name matches.
proc added_files {pattern} {
    set found {}
    foreach record [recorder::of add_files] {
        foreach file [lindex $record 1 0] {
            if {[string match $pattern $file] || [string match $pattern [file tail $file]]} { lappend found $file }
        }
    }
    return $found
}

proc property {name} {
    switch -- $name {
        PROGRESS { return 100% }
        STATS.WNS { return 0.012 }
        PROGRAM.HW_CFGMEM { return cfgmem_0 }
        PROGRAM.HW_CFGMEM_BITFILE { return loader.bit }
        default { error "the stand-in knows no property $name" }
    }
}

# Cages, clocks and kernel pins of a platform with two cages.
proc block_design {query name} {
    set known {
        get_bd_intf_pins {macs_1/gt_serial0 macs_1/gt_serial1 macs_1/gt_refclk0 macs_1/gt_refclk1}
        get_bd_intf_ports {io_gt_qsfp0_00 io_gt_qsfp1_00 io_clk_qsfp0_refclka_00 io_clk_qsfp1_refclka_00}
        get_bd_ports {}
        get_bd_pins {macs_1/clk_gt_freerun ii_level0_wire/ulp_m_aclk_freerun_ref_00}
    }
    return [expr {$name in [dict get $known $query] ? $name : {}}]
}

set interpreter [recorder::interpreter [set ${table}_commands] answer $arguments]
# Files that the real tool would have made.
$interpreter alias file file_command $interpreter
proc file_command {interpreter args} {
    if {[lindex $args 0] eq "copy"} {
        lappend recorder::records [list file-copy {} [lrange $args 1 end]]
        return
    }
    if {[lindex $args 0] eq "exists" && [file extension [lindex $args 1]] eq ".mcs"} { return 1 }
    return [file {*}$args]
}
$interpreter eval [list source $script]
set stream [open $record_file w]
foreach record $recorder::records { puts $stream $record }
close $stream
