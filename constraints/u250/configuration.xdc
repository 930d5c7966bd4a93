# SPDX-License-Identifier: Apache-2.0
# Alveo U250: configuration from flash, as far as cards differ (corundum fpga_au200.xdc; power: open-nic constr/au250/general.xdc).
set_property BITSTREAM.CONFIG.CONFIGRATE 63.8 [current_design]
set_operating_conditions -design_power_budget 160
