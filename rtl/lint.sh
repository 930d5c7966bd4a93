#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Lints sapulse_core with Verilator and elaborates it with Yosys: for every SA capacity, and for narrower beats with the kernels as
# black boxes, since these are made for one width. One line each; details of what fails.
# usage: lint.sh FILE-LIST INCLUDE-FOLDER VENV-PYTHON NARROW-FOLDER
#   NARROW-FOLDER/16, /32: the generated packages for beats of that many bytes, in place of those of the same name in the list
set -uo pipefail
usage="usage: lint.sh FILE-LIST INCLUDE-FOLDER VENV-PYTHON NARROW-FOLDER"
list=${1:?$usage}
include=${2:?$usage}
python=${3:?$usage}
narrow=${4:?$usage}
yosys=$(cd "$(dirname "$0")/.." && pwd)/scripts/yosys.py
kernels=(align assemble classify header open request respond seal)
mapfile -t files <"$list"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=0

check() { # check NAME COMMAND...
  local name=$1
  shift
  if "$@" >"$log" 2>&1; then
    echo "$name: ok"
  else
    echo "$name: FAILED"
    cat "$log"
    failed=1
  fi
}

elaborate() { # elaborate "OPTIONS OF read_slang" FILE...
  local options=$1
  shift
  "$python" "$yosys" "read_slang -I$include --top lint_top $options $*; hierarchy -check -top lint_top"
}

for capacity in 1024 16384 65536; do
  check "verilator --lint-only -Wall, $capacity SAs" \
    verilator --lint-only -Wall --assert "-I$include" --top-module lint_top "-GSA_CAPACITY=$capacity" "${files[@]}"
  check "yosys read_slang, $capacity SAs" elaborate "-G SA_CAPACITY=$capacity" "${files[@]}"
done
for bytes in 16 32; do
  narrowed=()
  for file in "${files[@]}"; do
    if [ -e "$narrow/$bytes/${file##*/}" ]; then narrowed+=("$narrow/$bytes/${file##*/}"); else narrowed+=("$file"); fi
  done
  check "yosys read_slang, beats of $bytes bytes" elaborate "${kernels[*]/#/--blackboxed-module }" "${narrowed[@]}"
done
exit $failed
