# SPDX-License-Identifier: Apache-2.0
# With SAPULSE_COVERAGE, programs count which lines and branches of the C++ they run. scripts/coverage.sh builds so, runs the
# tests and reports.
if(SAPULSE_COVERAGE)
  add_compile_options(-fprofile-instr-generate -fcoverage-mapping)
  add_link_options(-fprofile-instr-generate)
endif()
