# SPDX-License-Identifier: Apache-2.0
# Alveo U50: clocks that come in by pins (frequencies: card.tcl), and the pins that no clock is meant for.
create_clock -name sysclk -period 10.000 [get_ports sysclk_p]
create_clock -name pcie_refclk -period 10.000 [get_ports pcie_refclk_p]
create_clock -name qsfp_refclk0 -period 6.206 [get_ports {qsfp_refclk_p[0]}]

# The reset of the slot is taken in by the PCIe block at any time; pins at a fixed level never change.
set_input_delay 0 [get_ports pcie_perst_n]
set_false_path -from [get_ports pcie_perst_n]
set_output_delay 0 [get_ports {fixed_pins[*]}]
set_false_path -to [get_ports {fixed_pins[*]}]
