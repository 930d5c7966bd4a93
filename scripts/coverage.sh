#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Coverage of library and service by their own tests, by clang's source-based counters, in a build folder of its own. Prints it
# by folder, writes docs/coverage.md, and pages with every line: BUILD-FOLDER/coverage/html/index.html. Exit code 1: a test fails;
# less than the goal; or a file with little coverage that docs/coverage.yaml says nothing of.
# usage: coverage.sh BUILD-FOLDER [JOBS]
set -euo pipefail
source "${BASH_SOURCE%/*}/configure.sh"
build=$(realpath -m "${1:?usage: coverage.sh BUILD-FOLDER [JOBS]}")
jobs=${2:-$(nproc)}
folder=$build/coverage
readonly components='driver;host;tests/traffic;tests/support;tests/fuzz'

configure "$folder" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE=-O1 -DSAPULSE_COMPONENTS="$components" \
  -DSAPULSE_COVERAGE=ON

# Counters of all runs of a program are added up in one file.
profiles=$folder/profiles
rm -rf "$profiles"
mkdir -p "$profiles"
export LLVM_PROFILE_FILE=$profiles/%m.profraw
cmake --build "$folder" -j "$jobs"
# What builds the host once more finds nothing here.
(cd "$folder" &&
  ctest --output-on-failure --no-tests=error -j "$jobs" -R '^(host|driver|fuzz)\.' -E '^host\.(alone|includes|package)')
unset LLVM_PROFILE_FILE

llvm-profdata-19 merge --sparse "$profiles"/*.profraw -o "$folder/all.profdata"
mapfile -t objects < <(find "$folder/bin" "$folder/lib" -type f \( -perm -u+x -o -name '*.so*' \) -exec sh -c \
  'readelf -SW "$1" 2>/dev/null | grep -q __llvm_covmap && echo "-object=$1"' _ {} \;)
# Neither tests, nor what is generated, nor what runs in tests with simulated cards, guests and networks: these are not run here.
ignored='(^|/)tests/|/build[^/]*/|^/usr/|/(hls|sim)/'
ignored+='|/host/(capture|command|examples|simulator)/|/driver/(net|open|privileges|vfio|xrt)/'
llvm-cov-19 export -summary-only -instr-profile="$folder/all.profdata" -ignore-filename-regex="$ignored" "${objects[@]}" \
  >"$folder/summary.json"
llvm-cov-19 show -format=html -output-dir="$folder/html" -instr-profile="$folder/all.profdata" \
  -ignore-filename-regex="$ignored" "${objects[@]}"
exec "$(sed -n 's/^SAPULSE_PYTHON:[A-Z]*=//p' "$folder/CMakeCache.txt")" -B scripts/coverage.py "$folder/summary.json" \
  docs/coverage.yaml docs/coverage.md
