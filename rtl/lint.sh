#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Lints sapulse_core with Verilator and elaborates it with Yosys, for every SA capacity. One line each; details of what fails.
# usage: lint.sh FILE-LIST INCLUDE-FOLDER
set -uo pipefail
list=${1:?usage: lint.sh FILE-LIST INCLUDE-FOLDER}
include=${2:?usage: lint.sh FILE-LIST INCLUDE-FOLDER}
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

elaborate() { # elaborate CAPACITY
  yosys -q -p "read_verilog -sv -I$include ${files[*]}; chparam -set SA_CAPACITY $1 sapulse_core; hierarchy -check -top sapulse_core"
}

for capacity in 1024 16384 65536; do
  check "verilator --lint-only -Wall, $capacity SAs" \
    verilator --lint-only -Wall --assert "-I$include" --top-module sapulse_core "-GSA_CAPACITY=$capacity" "${files[@]}"
  check "yosys hierarchy -check, $capacity SAs" elaborate "$capacity"
done
exit $failed
