# SPDX-License-Identifier: Apache-2.0
# Scoped to reset_synchronizer: the reset may come at any time; the chain orders its end.
set_false_path -to [get_pins {stage_reg[*]/PRE}]
