# SPDX-License-Identifier: Apache-2.0
# Vitis HLS: the kernels through the vendor's compiler, one project each; their RTL and reports for comparison with hlsc.
#   vitis_hls -f kernels.tcl SETTINGS     (constraints/settings.tcl)
set here [file dirname [file normalize [info script]]]
source $here/../settings.tcl

# vitis_hls passes its own arguments, too.
set settings [parse_settings [lsearch -all -inline -regexp $argv {^[a-z_]+=}]]
set card [card_facts $here/.. [dict get $settings card]]
set kernels [file dirname [file dirname $here]]/hls/kernels
set flags "-std=c++20 -I$kernels"
foreach folder [dict get $settings includes] { append flags " -I$folder" }
set build [dict get $settings build]

file mkdir $build
cd $build
foreach folder [lsort [glob -type d $kernels/*]] {
    set kernel [file tail $folder]
    if {![file exists $folder/$kernel.cpp]} continue
    open_project -reset $kernel
    set_top $kernel
    add_files $folder/$kernel.cpp -cflags $flags
    open_solution -reset solution -flow_target vivado
    set_part [dict get $card part]
    create_clock -period [format %.3f [expr {1e6 / [dict get $settings clock_khz]}]] -name default
    csynth_design
    export_design -format ip_catalog
    close_project
}
puts "made the kernels in $build"
