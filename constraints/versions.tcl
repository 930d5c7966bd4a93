# SPDX-License-Identifier: Apache-2.0
# Versions of the vendor's tools that the scripts are written for, and of every IP that they make. Sources: UG973 (2023.2), and the
# product guides PG302 (QDMA), PG203 (CMAC), PG065 (clocking wizard).
set tool_version 2023.2
set ip_versions [dict create \
    clk_wiz      6.0 \
    cmac_usplus  3.1 \
    qdma         5.0]

# Refuses another version of the tool: the IP above belong to this one. ANY_VERSION=1 in the environment goes on regardless.
proc require_tool {found} {
    global tool_version env
    if {[string match "$tool_version*" $found]} return
    set message "the scripts are written for version $tool_version of the vendor's tools, this is $found"
    if {![info exists env(ANY_VERSION)]} { error "$message (ANY_VERSION=1 goes on regardless)" }
    puts "warning: $message"
}

# Makes IP `kind` as module `name` with `properties`, a list of CONFIG names and values.
proc pinned_ip {kind name properties} {
    global ip_versions
    create_ip -vendor xilinx.com -library ip -name $kind -version [dict get $ip_versions $kind] -module_name $name
    set_property -dict $properties [get_ips $name]
}
