# SPDX-License-Identifier: Apache-2.0
# Alveo U50: configuration from flash, as far as cards differ (corundum fpga_au50.xdc; power: open-nic constr/au50/general.xdc).
set_property BITSTREAM.CONFIG.CONFIGRATE 85.0 [current_design]
set_operating_conditions -design_power_budget 63
