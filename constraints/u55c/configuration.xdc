# SPDX-License-Identifier: Apache-2.0
# Alveo U55C: configuration from flash, as far as cards differ (corundum fpga_au55.xdc; power: open-nic constr/au55c/general.xdc).
set_property BITSTREAM.CONFIG.CONFIGRATE 85.0 [current_design]
set_operating_conditions -design_power_budget 100
