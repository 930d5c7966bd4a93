# SPDX-License-Identifier: Apache-2.0
# Scoped to bit_synchronizer: its input belongs to any clock, and each bit stands for itself.
set_false_path -to [get_pins {u_flops/meta_reg[*]/D}]
