# SPDX-License-Identifier: Apache-2.0
# Evaluates the constraint files that a recorded build script has added, against the names of the real design.
#   tclsh run_constraints.tcl RECORD-FILE PROJECT MODEL-FILE OUTPUT-FILE
# RECORD-FILE: of run_script.tcl; PROJECT: which of its projects. MODEL-FILE: a Tcl dictionary made by netlist.py: ports (name,
# width, ..) and cells (module name, or "" for the top; list of cells seen from there). OUTPUT-FILE: JSON, an object for each
# constraint, objects resolved to names. A name that is not in the design is an error, and so is a command that constraint files
# cannot have.
set here [file dirname [file normalize [info script]]]
source $here/commands.tcl
source $here/recorder.tcl
lassign $argv record_file project model_file output_file

proc read_file {name} {
    set stream [open $name]
    set text [read $stream]
    close $stream
    return $text
}
set model [read_file $model_file]

# Files in the order of the script, with the module that each is scoped to.
set files {}
set current ""
foreach line [split [string trim [read_file $record_file]] "\n"] {
    lassign $line name options positional
    if {$name eq "create_project"} { set current [lindex $positional 0] }
    if {$current ne $project} continue
    if {$name eq "add_files" && [dict exists $options -fileset] && [dict get $options -fileset] eq "constrs_1"} {
        foreach file [lindex $positional 0] { dict set files $file "" }
    }
    if {$name eq "set_property" && [lindex $positional 0] eq "SCOPED_TO_REF"} {
        foreach file [lindex $positional 2] { dict set files $file [lindex $positional 1] }
    }
}

# Names among `all` for glob patterns in which brackets stand for themselves.
proc match {kind patterns all} {
    set found {}
    foreach pattern $patterns {
        set escaped [string map {[ \\[ ] \\]} $pattern]
        set hits [lsearch -all -inline -glob $all $escaped]
        if {![llength $hits]} { error "no $kind $pattern in the design" }
        lappend found {*}$hits
    }
    return $found
}

# A port of one bit may be a vector or not: the model does not tell.
proc all_ports {} {
    set ports {}
    foreach {name width} [dict get $::model ports] {
        if {$width == 1} { lappend ports $name }
        for {set i 0} {$i < $width} {incr i} { lappend ports $name\[$i\] }
    }
    return $ports
}

proc all_cells {} {
    if {![dict exists $::model cells $::scope]} { error "no module $::scope in the design" }
    return [dict get $::model cells $::scope]
}

proc answer {name options positional} {
    switch -- $name {
        get_ports { return [match port [lindex $positional 0] [all_ports]] }
        get_cells {
            if {[dict exists $options -filter]} {
                if {![regexp {^NAME =~ (\S+)$} [dict get $options -filter] -> pattern]} {
                    error "filter not understood: [dict get $options -filter]"
                }
                return [match cell [list $pattern] [all_cells]]
            }
            return [match cell [lindex $positional 0] [all_cells]]
        }
        get_pins { return [pins [lindex $positional 0]] }
        get_clocks { return [list clock_of [lindex [dict get $options -of_objects] 0]] }
        get_pblocks { return [match pblock [lindex $positional 0] $::pblocks] }
        get_property { return 3.103 }
        create_pblock { lappend ::pblocks [lindex $positional 0] }
        current_design { return design }
        default { note $name $options $positional }
    }
}

proc pins {patterns} {
    set found {}
    foreach pattern $patterns {
        if {![regexp {^(.*)/(C|D|PRE|CLR|CE|R|S)$} $pattern -> cell pin]} { error "not a pin of a register: $pattern" }
        foreach hit [match cell [list $cell] [all_cells]] { lappend found $hit/$pin }
    }
    return $found
}

proc json_string {text} { return \"[string map {\\ \\\\ \" \\\"} $text]\" }
proc json_list {items} { return \[[join [lmap item $items { json_string $item }] ,]\] }

set notes {}
proc note {name options positional} {
    set fields [list "\"command\":[json_string $name]" "\"file\":[json_string $::file]" "\"scope\":[json_string $::scope]" \
        "\"arguments\":[json_list [concat {*}$positional]]"]
    foreach {option value} $options { lappend fields "[json_string $option]:[json_list $value]" }
    lappend ::notes \{[join $fields ,]\}
}

set pblocks {}
dict for {file scope} $files {
    set interpreter [recorder::interpreter $constraint_commands answer {}]
    if {[file extension $file] eq ".xdc"} {
        foreach name {proc if foreach while for source open puts get_property} { $interpreter alias $name recorder::refuse $name }
    }
    if {[catch {$interpreter eval [list eval [read_file $file]]} message]} {
        puts stderr "$file: $message"
        exit 1
    }
    interp delete $interpreter
}
set stream [open $output_file w]
puts $stream \[[join $notes ,\n]\]
close $stream
