#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# All static checks: formatting, clang-tidy, Verilator lint, Yosys elaboration, generated documents up to date.
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

tidy() {
  git ls-files '*.cpp' | grep -vE '^hls/compiler/tests/(refusals|random)/' |
    xargs -P "$(nproc)" -n 4 clang-tidy-19 -p "$build" --quiet 2>&1 | grep -E 'error:|warning:' && return 1
  return 0
}

shell_scripts() { local f; for f in $(git ls-files '*.sh' .ci/run); do bash -n "$f" || return 1; done; }

step "clang-format" formatting
step "shell syntax" shell_scripts
step "build" cmake --build "$build" --target sapulse_generated
step "Verilator lint and Yosys elaboration" cmake --build "$build" --target lint_rtl
step "register page up to date" cmake --build "$build" --target lint_registers
step "clang-tidy" tidy
exit $failed
