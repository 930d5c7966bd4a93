// SPDX-License-Identifier: Apache-2.0
// Included ahead of Verilator's run-time sources, which print through VL_PRINTF.
#pragma once

#ifdef __cplusplus
/// Collects a line of a $display, $error or $fatal until Verilator reports the stop that belongs to it.
int sapulse_sim_print(const char* format, ...) __attribute__((format(printf, 1, 2)));
#endif
