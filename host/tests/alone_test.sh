#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `make host` with g++ where nothing of the simulator can be found: what it builds has read nothing of it, works, and says in one
# line what is missing. Precompiled headers are off: every source includes what it needs.
# usage: alone_test.sh SOURCE SCRATCH-FOLDER
set -euo pipefail
source=$1 scratch=$2
blind='^(clang|llvm|lld|ld\.lld|hlsc|verilator|yosys|qemu|tclsh|systemc)'
rm -rf "$scratch/tools"
mkdir -p "$scratch/tools"
IFS=: read -ra folders <<<"$PATH"
for folder in "${folders[@]}"; do
  for tool in "$folder"/*; do # the first of a name counts, as in PATH
    name=${tool##*/}
    [[ ! -x $tool || $name =~ $blind || -e $scratch/tools/$name ]] || ln -s "$tool" "$scratch/tools/$name"
  done
done
export PATH=$scratch/tools
unset CXX CXXFLAGS MAKEFLAGS MAKELEVEL

launcher=()
[ -x "$scratch/tools/ccache" ] && launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
absent=()
for package in LLVM GTest Verilator SystemC SystemCLanguage; do absent+=("-DCMAKE_DISABLE_FIND_PACKAGE_$package=ON"); done
# The packages are known to be there: this is a test of the build, and must not install anything.
make -C "$source" -o deps-host host "HOST_BUILD=$scratch/build" XRT=0 \
  "HOST_CMAKE_ARGS=-DCMAKE_CXX_COMPILER=g++ ${launcher[*]} ${absent[*]} \
  -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS='-O1 -Werror' -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON"

fail() { echo "alone_test: $*" >&2; exit 1; }

echo "== it has read nothing of the simulator"
foreign="verilat|llvm|systemc|$source/(sim|hls/(compiler|kernels))/|/xrt/|/pcap[./]|lpcap|libpcap"
# CMake's own modules are no part of it: one of them is about Intel's LLVM.
if { ninja -C "$scratch/build" -t deps; cat "$scratch/build/build.ninja"; } | grep -vE '^[[:space:]]*#' | tr ' ' '\n' |
  grep -vE '^/usr/share/cmake' | grep -iE "$foreign"; then
  fail "the build of the host knows the simulator, LLVM or XRT"
fi

echo "== commands"
sapulse=$scratch/build/bin/sapulse
"$sapulse" --help | grep -q '^  lab ' || fail "--help does not list lab"
for verb in serve ping watch check sa stats bind unbind info; do
  "$sapulse" "$verb" --help | grep -q "^Usage: sapulse $verb" || fail "$verb --help"
done

refuses() { # refuses STATUS PATTERN ARGUMENT..: ends with this status and one line that matches
  local status=0
  "$sapulse" "${@:3}" > "$scratch/output" 2>&1 || status=$?
  [[ $status == "$1" && $(wc -l < "$scratch/output") == 1 ]] && grep -qE "$2" "$scratch/output" ||
    fail "${*:3}: status $status instead of $1, or not one line with '$2': $(cat "$scratch/output")"
}
simulator='^sapulse: the simulator is not installed .*make all.*libsapulse_simulator'
sas=$source/host/examples/sas.yaml
refuses 2 "$simulator" sim --sas "$sas"
refuses 2 "$simulator" sim --help
refuses 2 "$simulator" lab scenario.yaml
refuses 2 "$simulator" info --device sim
refuses 2 'no software card' info
refuses 2 "$simulator" ping peer1 --sas "$sas" --device sim
refuses 2 'no software card' serve --sas "$sas" --socket "$scratch/socket"
refuses 1 'without the backend xrt' info --device xrt:a.xclbin
refuses 1 '^sapulse: .*ffff:00:00\.0' info --device vfio:ffff:00:00.0
refuses 2 'no such file' serve --device vfio:ffff:00:00.0 --sas "$scratch/none.yaml"
refuses 2 'no service' stats --socket "$scratch/nobody"
echo "the host stands alone"
