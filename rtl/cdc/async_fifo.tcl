# SPDX-License-Identifier: Apache-2.0
# Scoped to async_fifo: a word is written at least one cycle of the writer and two of the reader before its pointer lets it be read.
# The pointers have the exceptions of gray_crossing.
set reader [get_property -min PERIOD [get_clocks -of_objects [get_pins {out_data_reg[0]/C}]]]
set memory [get_cells -hierarchical -filter {NAME =~ *memory_reg*}]
set_max_delay -datapath_only -from $memory -to [get_cells {out_data_reg[*]}] $reader
