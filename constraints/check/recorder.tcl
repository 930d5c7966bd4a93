# SPDX-License-Identifier: Apache-2.0
# A stand-in for the vendor's tools: runs a script in an interpreter of its own, in which the commands of a table exist, are checked
# for their options, and are recorded. Every other command that Tcl itself does not have is an error.

namespace eval recorder {
    variable records {}
}

# Splits the arguments of a command: {options positional}. Abbreviations are refused.
proc recorder::parse {name row arguments} {
    lassign $row flags values least most
    set options {}
    set positional {}
    for {set i 0} {$i < [llength $arguments]} {incr i} {
        set argument [lindex $arguments $i]
        if {$argument in $flags} {
            lappend options $argument 1
        } elseif {$argument in $values} {
            if {[incr i] >= [llength $arguments]} { error "$name: $argument without a value" }
            lappend options $argument [lindex $arguments $i]
        } elseif {[regexp {^-[a-z_]} $argument]} {
            error "$name: unknown option $argument"
        } else {
            lappend positional $argument
        }
    }
    # A query that found nothing: the real tool refuses that, too.
    if {"" in $positional} { error "$name: an empty argument: $positional" }
    set count [llength $positional]
    if {$count < $least || ($most >= 0 && $count > $most)} { error "$name: $count arguments: $positional" }
    return [list $options $positional]
}

# An interpreter for `script_arguments` with the commands of `table`. answer: command prefix that is given name, options and
# positional arguments, and whose result the script sees.
proc recorder::interpreter {table answer script_arguments} {
    set child [interp create]
    foreach {name flags values least most} $table {
        if {[string match *::* $name]} { $child eval [list namespace eval [namespace qualifiers $name] {}] }
        $child alias $name recorder::call $name [list $flags $values $least $most] $answer
    }
    foreach name {exec exit socket load} { $child alias $name recorder::refuse $name }
    $child alias unknown recorder::refuse
    $child eval [list set argv $script_arguments]
    return $child
}

proc recorder::refuse {name args} { error "the tool has no command $name" }

proc recorder::call {name row answer args} {
    variable records
    lassign [parse $name $row $args] options positional
    lappend records [list $name $options $positional]
    return [{*}$answer $name $options $positional]
}

# The records of a command, oldest first: {options positional} each.
proc recorder::of {name} {
    variable records
    set found {}
    foreach record $records {
        if {[lindex $record 0] eq $name} { lappend found [lrange $record 1 2] }
    }
    return $found
}
