# SPDX-License-Identifier: Apache-2.0
# Scoped to gray_crossing: neighbouring codes must not overtake each other, so all bits arrive within one period of the writer, and
# none later than one period of either clock.
set writer [get_property -min PERIOD [get_clocks -of_objects [get_pins {gray_reg[0]/C}]]]
set reader [get_property -min PERIOD [get_clocks -of_objects [get_pins {u_flops/meta_reg[0]/C}]]]
set_max_delay -datapath_only -from [get_cells {gray_reg[*]}] -to [get_cells {u_flops/meta_reg[*]}] [expr {min($writer, $reader)}]
set_bus_skew -from [get_cells {gray_reg[*]}] -to [get_cells {u_flops/meta_reg[*]}] $writer
