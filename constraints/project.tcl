# SPDX-License-Identifier: Apache-2.0
# What the projects of both shells have in common: sources, include folders, and the constraints that travel with the crossing
# cells.

# Folder of this file, and the root of the sources.
set constraints_folder [file dirname [file normalize [info script]]]
set root_folder [file dirname $constraints_folder]

proc add_sources {settings top} {
    add_files -norecurse [read_list [dict get $settings sources]]
    set_property file_type SystemVerilog [get_files *.sv]
    set_property include_dirs [concat [dict get $settings includes] [dict get $settings build]/include] [current_fileset]
    set_property top $top [current_fileset]
}

# Each module of rtl/cdc that needs timing exceptions has them in a file of its name beside it.
proc add_cell_constraints {} {
    global root_folder
    foreach file [lsort [glob $root_folder/rtl/cdc/*.tcl]] {
        add_files -fileset constrs_1 -norecurse $file
        set_property SCOPED_TO_REF [file rootname [file tail $file]] [get_files $file]
        set_property USED_IN {synthesis implementation} [get_files $file]
        set_property PROCESSING_ORDER LATE [get_files $file]
    }
}
