#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The targets for cards: what they say without the vendor's tools, and what they tell them. Made-up tools write down how they are called.
# usage: make_targets.sh SOURCE-FOLDER BUILD-FOLDER
set -uo pipefail
root=$1 build=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/tools" "$work/out"
failed=0

fail() {
  echo "FAILED: $*"
  failed=1
}

target() { # target ARGUMENT..: output (without make's own line about the failed recipe) in $work/output
  env -u MAKEFLAGS -u MAKELEVEL -u MAKEOVERRIDES PATH="$work/tools:/usr/local/bin:/usr/bin:/bin" make --no-print-directory -C "$root" "$@" \
    >"$work/raw" 2>&1
  local status=$?
  grep -vE '^make(\[[0-9]+\])?: \*\*\* \[|: warning: the tree has changes' "$work/raw" >"$work/output"
  return $status
}

one_line() { # one_line PATTERN ARGUMENT..: fails with one line that matches
  local pattern=$1
  shift
  target "$@" && fail "$*: succeeded"
  [[ $(wc -l <"$work/output") == 1 ]] && grep -qE "$pattern" "$work/output" ||
    { fail "$*: not one line with '$pattern' but:"; cat "$work/output"; }
}

tool() { # tool NAME: writes its arguments into $work/NAME
  cat >"$work/tools/$1" <<SCRIPT
#!/bin/bash
printf '%s\n' "\$@" >"$work/$1"
SCRIPT
  chmod +x "$work/tools/$1"
}

told() { # told TOOL LINE: the tool got this argument
  grep -qxF -- "$2" "$work/$1" || { fail "$1 was not told $2, but:"; cat "$work/$1"; }
}

# Nothing is installed.
one_line 'needs Vivado 2023\.2 \(vivado' bitstream CARD=u50 "BUILD=$build"
one_line 'needs Vivado 2023\.2 \(vivado' bitstream CARD=u50 CARD_SHELL=vfio "BUILD=$build"
one_line 'needs Vivado 2023\.2 \(vivado' bitstream CARD=u250 CARD_SHELL=xrt "BUILD=$build"
one_line 'needs Vitis HLS 2023\.2 \(vitis_hls' hls-vitis "BUILD=$build"
one_line 'needs XRT .*xilinx_u55c.*xbmgmt' flash CARD=u55c CARD_SHELL=xrt "BUILD=$build"
one_line 'no .*/u50-vfio/sapulse\.mcs' flash CARD=u50 "BUILD=$work/out"
one_line 'CARD=u51: no such card; there are: u250 u50 u55c' bitstream CARD=u51 "BUILD=$build"
one_line 'CARD_SHELL=fish: the shells are vfio and xrt' bitstream CARD_SHELL=fish
mkdir -p "$work/out/cards/u50-vfio" && touch "$work/out/cards/u50-vfio/sapulse.mcs" && cp "$build/CMakeCache.txt" "$work/out"
one_line 'needs Vivado or Vivado Lab 2023\.2, or program_flash of Vitis 2023\.2' flash CARD=u50 "BUILD=$work/out"

# Vivado and its relatives are there.
tool vivado
one_line 'needs Vitis 2023\.2 \(v\+\+' bitstream CARD=u250 CARD_SHELL=xrt "BUILD=$build"
target bitstream CARD=u55c CARD_SHELL=vfio "BUILD=$build" || { fail "bitstream with vivado:"; cat "$work/raw"; }
told vivado card=u55c
told vivado shell=vfio
told vivado "version=$(sed -n 's/^project(sapulse VERSION \([0-9.]*\).*/\1/p' "$root/CMakeLists.txt")"
grep -qE '^git=[0-9a-f]{8}$' "$work/vivado" || fail "vivado was not told the commit"
target bitstream CARD=u50 SA_CAPACITY=65536 CLOCK_KHZ=250000 "BUILD=$build" || fail "bitstream with parameters"
told vivado sa_capacity=65536
told vivado clock_khz=250000
target flash CARD=u50 "BUILD=$work/out" || { fail "flash with vivado:"; cat "$work/raw"; }
told vivado "$root/constraints/vfio/flash.tcl"

tool v++
target bitstream CARD=u250 CARD_SHELL=xrt "BUILD=$build" || { fail "bitstream for XRT:"; cat "$work/raw"; }
told vivado shell=xrt
told v++ link.cfg

rm "$work/tools/vivado"
tool program_flash
target flash CARD=u50 "BUILD=$work/out" || { fail "flash with program_flash:"; cat "$work/raw"; }
told program_flash mt25qu01g-spi-x1_x2_x4
tool xbmgmt
one_line 'DEVICE=<PCI address>' flash CARD=u50 CARD_SHELL=xrt "BUILD=$build"
target flash CARD=u50 CARD_SHELL=xrt DEVICE=0000:65:00.0 "BUILD=$build" || { fail "flash with xbmgmt:"; cat "$work/raw"; }
told xbmgmt 0000:65:00.0
tool vitis_hls
target hls-vitis CARD=u50 "BUILD=$build" || { fail "hls-vitis:"; cat "$work/raw"; }
told vitis_hls "$root/constraints/hls/kernels.tcl"

[[ $failed == 0 ]] && echo "all targets as they should be"
exit $failed
