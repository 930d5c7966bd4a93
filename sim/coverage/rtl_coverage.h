// SPDX-License-Identifier: Apache-2.0
// Coverage of Verilated RTL, with SAPULSE_RTL_COVERAGE: seen by all that Verilator makes (cmake/SapulseRtlTest.cmake).
#pragma once

class VerilatedContext;

/// Adds the counters of a model, which ends, to those of the program, which are written when the program ends: into a
/// file of its own in the folder that the environment variable SAPULSE_RTL_COVERAGE_FOLDER names; without it nothing is
/// kept. Thread-safe.
void sapulse_keep_coverage(VerilatedContext* context);
