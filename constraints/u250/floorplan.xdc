# SPDX-License-Identifier: Apache-2.0
# Alveo U250: hints for the placer. Regions as in corundum fpga/mqnic/Alveo/fpga_100g/placement_au250.xdc. Only what is
# near pins is held: the PCIe bridge and, in the fabric next to the MACs, the halves of the crossings that run with their clock. The
# core is kept in the SLR of PCIe, so that only streams with registers on both sides cross to another one.
create_pblock pblock_host_bus
add_cells_to_pblock [get_pblocks pblock_host_bus] [get_cells u_host_bus]
resize_pblock [get_pblocks pblock_host_bus] -add {CLOCKREGION_X6Y4:CLOCKREGION_X7Y7}

create_pblock pblock_macs
add_cells_to_pblock [get_pblocks pblock_macs] [get_cells {u_macs/g_port[0].u_port}]
add_cells_to_pblock [get_pblocks pblock_macs] [get_cells {u_macs/g_port[1].u_port}]
resize_pblock [get_pblocks pblock_macs] -add {CLOCKREGION_X0Y8:CLOCKREGION_X0Y11}

create_pblock pblock_core
add_cells_to_pblock [get_pblocks pblock_core] [get_cells u_core]
resize_pblock [get_pblocks pblock_core] -add {SLR1}
