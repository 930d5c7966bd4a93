#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds for a card with the vendor's tools, and flashes it. docs/cards.md describes it.
# usage: card.sh bitstream|flash|hls-vitis BUILD-FOLDER CARD CARD_SHELL      CARD_SHELL: vfio or xrt
# Environment: SA_CAPACITY, CLOCK_KHZ: of the design; DEVICE: PCI address, for xbmgmt
set -euo pipefail
usage="usage: card.sh bitstream|flash|hls-vitis BUILD-FOLDER CARD CARD_SHELL"
action=${1:?$usage} build=$(realpath -m "${2:?$usage}") card=${3:?$usage} shell=${4:?$usage}
root=$(cd "$(dirname "$0")/.." && pwd)
version=$(sed -n 's/^set tool_version //p' "$root/constraints/versions.tcl")

fail() {
  echo "make $action: $*" >&2
  exit 1
}

need() { # need PROGRAM PRODUCT
  command -v "$1" >/dev/null || fail "needs $2 $version ($1 is not in PATH)"
}

cards() { cd "$root/constraints" && ls */card.tcl | xargs -n1 dirname | tr '\n' ' '; }
[[ -f $root/constraints/$card/card.tcl ]] || fail "CARD=$card: no such card; there are: $(cards)"
[[ $shell == vfio || $shell == xrt ]] || fail "CARD_SHELL=$shell: the shells are vfio and xrt"

fact() { # fact NAME: of the card, a single word
  sed -n "s/^dict set card $1 //p" "$root/constraints/$card/card.tcl"
}

# A commit speaks for its own files only.
commit() {
  if [[ -n $(git -C "$root" status --porcelain --untracked-files=no) ]]; then
    echo "make $action: warning: the tree has changes, so the card will tell no commit" >&2
    echo 00000000
  else
    git -C "$root" rev-parse --short=8 HEAD
  fi
}

# What the tools are given has to be made first.
prepare() {
  make --no-print-directory -C "$root" configure "BUILD=$build" >/dev/null
  cmake --build "$build" --target sapulse_generated
}

folder=$build/cards/$card-$shell
settings() { # settings FOLDER: arguments of the scripts, one a line
  printf '%s\n' "card=$card" "shell=$shell" "build=$1" "sources=$build/constraints/card.files" \
    "includes=$root/rtl/common $build/contract/include" \
    "version=$(sed -n 's/^CMAKE_PROJECT_VERSION:STATIC=//p' "$build/CMakeCache.txt")" "git=$(commit)" \
    ${SA_CAPACITY:+"sa_capacity=$SA_CAPACITY"} ${CLOCK_KHZ:+"clock_khz=$CLOCK_KHZ"}
}

vivado_batch() { # vivado_batch SCRIPT
  local arguments
  mkdir -p "$folder"
  mapfile -t arguments < <(settings "$folder")
  (cd "$folder" && "${vivado:-vivado}" -mode batch -notrace -source "$root/constraints/$1" -tclargs "${arguments[@]}")
}

bitstream() {
  need vivado Vivado
  [[ $shell == vfio ]] || need v++ Vitis
  prepare
  if [[ $shell == vfio ]]; then
    vivado_batch vfio/build.tcl
  else
    vivado_batch xrt/package.tcl
    (cd "$folder" && v++ --link --target hw --config link.cfg --output sapulse.xclbin sapulse.xo sapulse_macs.xo)
    echo "made $folder/sapulse.xclbin"
  fi
}

flash() {
  if [[ $shell == xrt ]]; then
    command -v xbmgmt >/dev/null || fail "needs XRT for the platform $(fact platform) (xbmgmt is not in PATH)"
    [[ -n ${DEVICE:-} ]] || fail "DEVICE=<PCI address> says which card to flash (xbmgmt examine lists them)"
    xbmgmt program --device "$DEVICE" --base
    echo "the platform is in the flash; sapulse.xclbin is loaded by the host library"
    return
  fi
  [[ -f $folder/sapulse.mcs ]] || fail "no $folder/sapulse.mcs: make bitstream CARD=$card first"
  if command -v vivado >/dev/null; then
    vivado_batch vfio/flash.tcl
  elif command -v vivado_lab >/dev/null; then
    vivado=vivado_lab vivado_batch vfio/flash.tcl
  elif command -v program_flash >/dev/null; then
    program_flash -f "$folder/sapulse.mcs" -flash_type "$(fact flash_part)" -blank_check -verify
  else
    fail "needs Vivado or Vivado Lab $version, or program_flash of Vitis $version" \
         "(none of vivado, vivado_lab, program_flash is in PATH)"
  fi
}

hls_vitis() {
  local arguments
  need vitis_hls "Vitis HLS"
  prepare
  folder=$build/cards/$card-hls
  mkdir -p "$folder"
  mapfile -t arguments < <(settings "$folder")
  (cd "$folder" && vitis_hls -f "$root/constraints/hls/kernels.tcl" "${arguments[@]}")
}

case $action in
  bitstream) bitstream ;;
  flash) flash ;;
  hls-vitis) hls_vitis ;;
  *) fail "$usage" ;;
esac
