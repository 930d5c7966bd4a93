# SPDX-License-Identifier: Apache-2.0
# What a build is told, and what it tells the design: arguments of the scripts, facts of the card, the include file of the card
# tops.

# Arguments name=value; every script takes these. No other name is known, none but the last two may be missing.
#   card, shell      u50 ..; vfio or xrt
#   build            folder for everything that is made
#   sources          file with the names of the SystemVerilog files, packages first
#   includes         list of folders with include files, of SystemVerilog and of C++
#   version, git     MAJOR.MINOR.PATCH of the project; first 8 hexadecimal digits of the commit, 00000000 for a changed tree
#   sa_capacity      1024, 16384 or 65536
#   clock_khz        of the core
proc parse_settings {arguments} {
    set settings [dict create sa_capacity 16384 clock_khz 300000]
    foreach argument $arguments {
        if {![regexp {^([a-z_]+)=(.*)$} $argument -> name value]} { error "not name=value: $argument" }
        if {$name ni {card shell build sources includes version git sa_capacity clock_khz}} { error "unknown setting: $name" }
        dict set settings $name $value
    }
    foreach name {card shell build sources includes version git} {
        if {![dict exists $settings $name]} { error "setting missing: $name" }
    }
    check_setting $settings shell {^(vfio|xrt)$}
    check_setting $settings git {^[0-9a-f]{8}$}
    check_setting $settings version {^\d+\.\d+\.\d+$}
    check_setting $settings sa_capacity {^(1024|16384|65536)$}
    check_setting $settings clock_khz {^\d+$}
    return $settings
}

proc check_setting {settings name pattern} {
    set value [dict get $settings $name]
    if {![regexp $pattern $value]} { error "bad $name: $value" }
}

# The facts of a card: constraints/CARD/card.tcl fills the dictionary `card`.
proc card_facts {folder name} {
    set file $folder/$name/card.tcl
    if {![file exists $file]} { error "no such card: $name (no $file)" }
    set card [dict create]
    source $file
    return $card
}

proc read_list {file} {
    set stream [open $file]
    set lines [split [string trim [read $stream]] "\n"]
    close $stream
    return $lines
}

proc write_text {file text} {
    file mkdir [file dirname $file]
    set stream [open $file w]
    puts $stream $text
    close $stream
}

# sapulse_build.svh: the only way of parameters into the card tops.
proc write_build_header {settings card} {
    set pins [dict get $card fixed_pins]
    set levels ""
    foreach pin $pins { set levels [lindex $pin 1]$levels }
    set defines [list \
        SA_CAPACITY [dict get $settings sa_capacity] \
        CLOCK_KHZ [dict get $settings clock_khz] \
        GIT_HASH 32'h[dict get $settings git] \
        CAGES [llength [dict get $card cages]] \
        LINE_VID 12'd[dict get $card line_vid] \
        CORE_VID 12'd[dict get $card core_vid] \
        FIXED_PINS [llength $pins] \
        FIXED_LEVELS [llength $pins]'b$levels]
    set text "// Made by constraints/settings.tcl for [dict get $settings card], shell [dict get $settings shell].\n"
    foreach {name value} $defines { append text "`define SAPULSE_BUILD_$name $value\n" }
    write_text [dict get $settings build]/include/sapulse_build.svh $text
}

# 32 bits for the bitstream's USERID register: major, minor, patch (8, 8, 16 bits), like the card's register VERSION.
proc version_word {version} {
    lassign [split $version .] major minor patch
    return [format %02x%02x%04x $major $minor $patch]
}
