# SPDX-License-Identifier: Apache-2.0
# Configuration of the link step (v++ --config): which kernels there are, their streams, host memory, place and clock.
proc link_configuration {settings card post_link} {
    set core [dict get $card slr_core]
    set macs [dict get $card slr_macs]
    return "# Made by constraints/xrt/link.tcl.
platform=[dict get $card platform]
kernel_frequency=[expr {[dict get $settings clock_khz] / 1000}]

\[connectivity\]
nk=sapulse:1:sapulse_1
nk=sapulse_macs:1:macs_1
slr=sapulse_1:$core
slr=macs_1:$macs
sp=sapulse_1.m_axi:HOST\[0\]
stream_connect=macs_1.m_axis_line:sapulse_1.s_axis_line:64
stream_connect=sapulse_1.m_axis_line:macs_1.s_axis_line:64
stream_connect=macs_1.m_axis_core:sapulse_1.s_axis_core:64
stream_connect=sapulse_1.m_axis_core:macs_1.s_axis_core:64

\[advanced\]
param=compiler.userPostSysLinkOverlayTcl=$post_link"
}
