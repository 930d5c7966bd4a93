#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Coverage of the C++ by its own tests, by clang's source-based counters, in a build folder of its own. Prints it by folder, writes
# docs/coverage.md, and pages with every line: BUILD-FOLDER/coverage/html/index.html. Which tests run is said here; which files
# count, and why others do not, in docs/coverage.yaml. Exit code 1: a test fails; less than the goal; or a file with little coverage
# that docs/coverage.yaml says nothing of.
# Tests with network interfaces take root; without it, they are skipped, and driver/net has little coverage.
# usage: coverage.sh BUILD-FOLDER [JOBS]
set -euo pipefail
source "${BASH_SOURCE%/*}/configure.sh"
build=$(realpath -m "${1:?usage: coverage.sh BUILD-FOLDER [JOBS]}")
jobs=${2:-$(nproc)}
folder=$build/coverage
profiles=$folder/profiles

# hlsc with the kernels that it compiles, whose RTL nothing simulates here but that of the card; host and drivers; the command; the
# kernels as programs; the simulation as far as it does not take hours; what guests run.
readonly targets=(
  hlsc hlsc_unit_test hlsc_corpus_reports
  host_test config_memory_test host_threads_test service_test service_process_test secret_memory_test metrics_test metrics_fleet
  reactions_test vici_test kernel_sas_test traffic_capture_test sapulse_endpoint_example host_sim_test
  card_model_test driver_net_test open_device_test vfio_test interrupt_relay_test xrt_platform_test fuzzers
  sapulse sapulse-verify command_unit_test command_test serve_test simulator_unit_test lab_test
  device_net_test net_test device_xrt_test xrt_test
  kernels_test hls_headers_test
  card_1024_view fast_model_test device_fast_test fast_requester_test sim_harness_test sim_device_test sim_network_test
  sim_pcie_test sim_xrt_test background_thread_test transaction_rules_test card_module_test device_tlm_fast_test systemc_drop_in
  sapulse-platform
  uml_kernel_sas_test uml_kernel_reload_test uml_strongswan_test vm_image)
readonly tests='^(driver|fuzz|hls|host|kernels|sim)\.|^hlsc\.(cli|cosim$|refusals|try_kernels|unit|vitis)'\
'|^tests\.(CFace|Command.*|InfoCommand|LabCommand|Serve.*|System/Transactions|UserMistakes|Xrt.*|fast|net|tlm\.fast|xrt)\.'\
'|^tests\.(DocumentedCommands|monitoring_page|systemc\.(drop_in|platform)|watch_terminal)$'
# What builds the host once more finds nothing here; liveness of a thousand SAs takes minutes and runs nothing else.
readonly not_these='^host\.(alone|includes|install|package)|^tests\.xrt\.DeviceLivenessAtScale|^tests\.net\.bench'
readonly uml_guests='^tests\.uml\.|^tests\.live\.(deleted_sa|nat)$'
readonly qemu_guests='^tests\.vm\.(device|driver|xfrm)$'

configure "$folder" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE=-O1 -DSAPULSE_COVERAGE=ON \
  -DSAPULSE_VENV_PYTHON="$build/venv/bin/python3"
python=$(sed -n 's/^SAPULSE_PYTHON:[A-Z]*=//p' "$folder/CMakeCache.txt")

run() { # run PROFILES JOBS TESTS [OPTION...]: runs tests; counters of all runs of a program are added up in one file
  (cd "$folder" && LLVM_PROFILE_FILE=$1/%m.profraw \
    ctest --output-on-failure --no-tests=error -j "$2" -R "$3" -E "$not_these" "${@:4}")
}

unpack_counters() { # unpack_counters LOG: what guests of QEMU have printed, below $profiles
  local packed
  awk -v folder="$profiles" '{ sub(/\r$/, ""); sub(/^[0-9]+: /, "") }
    /^end of counters$/ { file = "" } file { print > file } /^counters:$/ { file = folder "/qemu" ++guests ".base64" }' "$1"
  for packed in "$profiles"/qemu*.base64; do
    mkdir "${packed%.base64}"
    base64 -d "$packed" | tar -xzC "${packed%.base64}"
  done
}

rm -rf "$profiles"
mkdir -p "$profiles/uml"
# What hlsc does in a build counts, too: without their reports, all kernels are compiled again.
find "$folder" -name '*.rpt' -delete
LLVM_PROFILE_FILE=$profiles/%m.profraw cmake --build "$folder" -j "$jobs" --target "${targets[@]}"
run "$profiles" "$jobs" "$tests"
# Kernels that do not know of each other's locks: one at a time, and files of their own.
run "$profiles/uml" 1 "$uml_guests"
run "$profiles" 1 "$qemu_guests" -V >"$folder/qemu.log" || { cat "$folder/qemu.log"; exit 1; }
unpack_counters "$folder/qemu.log"

find "$profiles" -name '*.profraw' >"$folder/profiles.list"
llvm-profdata-19 merge --sparse --input-files="$folder/profiles.list" -o "$folder/all.profdata"
mapfile -t objects < <(find "$folder/bin" "$folder/lib" -type f \( -perm -u+x -o -name '*.so*' \) -exec sh -c \
  'readelf -SW "$1" 2>/dev/null | grep -q __llvm_covmap && echo "-object=$1"' _ {} \;)
# Of functions that are not the same in all programs, the first one is shown: kernels as hlsc compiles them, before those that are
# made of instructions of the processor.
show=(-instr-profile="$folder/all.profdata" "$folder/bin/kernels_test" "${objects[@]}")
llvm-cov-19 export -summary-only "${show[@]}" >"$folder/summary.json"
llvm-cov-19 show -format=html -output-dir="$folder/html" \
  -ignore-filename-regex="$("$python" -B scripts/coverage.py --ignored docs/coverage.yaml)" "${show[@]}"
exec "$python" -B scripts/coverage.py "$folder/summary.json" docs/coverage.yaml docs/coverage.md
