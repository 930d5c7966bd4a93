#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Coverage of the hand-written RTL by the tests of its modules and by those of the whole card, by Verilator's counters, in a build
# folder of its own. Prints it by folder and writes docs/rtl-coverage.md; what is not covered, a line each:
# BUILD-FOLDER/coverage_rtl/counters.missing. Exit code 1: a test fails; less than a goal; or a file with little coverage that
# docs/rtl-coverage.yaml says nothing of.
# usage: rtl_coverage.sh BUILD-FOLDER [JOBS]
set -euo pipefail
source "${BASH_SOURCE%/*}/configure.sh"
build=$(realpath -m "${1:?usage: rtl_coverage.sh BUILD-FOLDER [JOBS]}")
jobs=${2:-$(nproc)}
folder=$build/coverage_rtl

configure "$folder" -DCMAKE_BUILD_TYPE=Release -DSAPULSE_VENV_PYTHON="$build/venv/bin/python3" -DSAPULSE_SIM_CAPACITIES=1024 \
  -DSAPULSE_SIM_TRACED= -DSAPULSE_SIM_OPTIMISE=-O1 -DSAPULSE_RTL_COVERAGE=ON
cmake --build "$folder" -j "$jobs" --target rtl_tests card_1024_view reset_test system_test attack_test

export SAPULSE_RTL_COVERAGE_FOLDER=$folder/counters
rm -rf "$SAPULSE_RTL_COVERAGE_FOLDER"
mkdir -p "$SAPULSE_RTL_COVERAGE_FOLDER"
# Tests of the whole card that run the same modules for long once more (docs/rtl-coverage.yaml names them).
export left_out='*/Capacity.*:Churn.*:*.HundredsOfSas*:*Floods.*:*/FullLine.*:*/fast*'
run() { # run TEST: its last lines, or all if it fails
  local log=$folder/${1##*/}.log filter=
  [[ $1 == */rtl_*_test ]] || filter=--gtest_filter=-$left_out
  local begin=$SECONDS
  "$1" --gtest_brief=1 $filter >"$log" 2>&1 || { cat "$log"; return 1; }
  echo "${1##*/}: $(tail -1 "$log"), $((SECONDS - begin)) s"
}
export -f run
export folder
printf '%s\n' "$folder"/bin/{reset,system,attack,rtl_*}_test | xargs -P "$jobs" -I{} bash -c 'run "$1"' _ {}

exec "$(sed -n 's/^SAPULSE_PYTHON:[A-Z]*=//p' "$folder/CMakeCache.txt")" -B scripts/coverage.py "$SAPULSE_RTL_COVERAGE_FOLDER" \
  docs/rtl-coverage.yaml docs/rtl-coverage.md
