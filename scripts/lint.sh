#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# All static checks: formatting, names, width of lines, tests that the threat model names, the test plan, clang-tidy, flake8,
# Verilator lint, Yosys elaboration, levels of the kernels, cells of what is quickly synthesised, generated documents up to date.
# usage: lint.sh BUILD-FOLDER (configured)
set -uo pipefail
build=${1:?usage: lint.sh BUILD-FOLDER}
failed=0

step() { # step NAME COMMAND...
  local name=$1
  shift
  if "$@"; then echo "lint: $name: ok"; else echo "lint: $name: FAILED"; failed=1; fi
}

formatting() { git ls-files '*.cpp' '*.h' | xargs clang-format-19 --dry-run -Werror; }

python_style() { git ls-files '*.py' | xargs flake8; }

cmake_syntax() { # a fresh configuration reads every CMake file of the project
  local folder status
  folder=$(mktemp -d)
  cmake -S . -B "$folder" -G Ninja -DCMAKE_CXX_COMPILER=clang++-19 -Werror=dev >"$folder/log" 2>&1
  status=$?
  [ $status = 0 ] || cat "$folder/log"
  rm -rf "$folder"
  return $status
}

shell_scripts() { local f; for f in $(git ls-files '*.sh' .ci/run); do bash -n "$f" || return 1; done; }

step "clang-format" formatting
step "shell syntax" shell_scripts
step "flake8" python_style
step "width of lines" python3 -B scripts/line_width.py
step "names in SystemVerilog" python3 -B scripts/sv_style.py
step "tests that the threat model names" python3 -B scripts/attack_page.py
step "CMake files" cmake_syntax
step "binary interface of the C face" python3 -B scripts/abi.py
step "share of ports and connections in the shell" python3 -B scripts/port_share.py
step "build, for the headers that it generates" cmake --build "$build" -j "$(nproc)"
step "Verilator lint and Yosys elaboration" cmake --build "$build" --target lint_rtl
step "constraints" cmake --build "$build" --target lint_constraints
step "test plan and its page" cmake --build "$build" --target lint_test_plan
step "register page up to date" cmake --build "$build" --target lint_registers
step "levels of the kernels" cmake --build "$build" --target levels
step "cells and levels of blocks" cmake --build "$build" --target lint_synth
step "clang-tidy" python3 scripts/tidy.py "$build"
exit $failed
