#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tests of host, drivers, service and command with AddressSanitizer and UndefinedBehaviorSanitizer, those with threads with
# ThreadSanitizer; each in a folder of its own below the build folder. The fuzzers (tests/fuzz) are among the first.
# usage: sanitize.sh BUILD-FOLDER [JOBS [fuzzers]]   fuzzers: only builds these
set -euo pipefail
source "${BASH_SOURCE%/*}/configure.sh"
usage='usage: sanitize.sh BUILD-FOLDER [JOBS [fuzzers]]'
build=${1:?$usage}
jobs=${2:-$(nproc)}
export ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1 TSAN_OPTIONS=halt_on_error=1

# Sanitizers make nothing of mlock(), so that tests of locked memory cannot pass. Tests with Prometheus and a browser find no more
# than those beside them.
readonly not_here='^host\.(alone|includes|metrics\.[a-z])|_NOT_BUILT|SecretMemory.(KeysAreLocked|WithoutLeave)'

# With coverage of what the fuzzers' inputs reach.
readonly address_components='driver;host;tests/traffic;tests/support;tests/fuzz'

build_sanitized() { # build_sanitized KIND COMPONENTS TARGET...
  local kind=$1 components=$2 folder=$build/sanitize-$1
  shift 2
  configure "$folder" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O1 -DSAPULSE_SANITIZE="$kind" \
    -DSAPULSE_COMPONENTS="$components"
  cmake --build "$folder" -j "$jobs" --target "$@"
}

sanitize() { # sanitize KIND COMPONENTS TESTS TARGET...: TESTS is what the names of all tests of the targets begin with
  local folder=$build/sanitize-$1 tests=$3
  build_sanitized "$1" "$2" "${@:4}"
  (cd "$folder" && ctest --output-on-failure --no-tests=error -j "$jobs" -R "$tests" \
    -E "$not_here")
}

mkdir -p "$build"
if [ "${3:-}" = fuzzers ]; then
  build_sanitized address "$address_components" fuzzers
  exit
fi
# Not service_process_test, which searches the memory of a process: the sanitizer keeps copies of its own there.
sanitize address "$address_components" '^(host|driver|fuzz)\.' fuzzers host_test host_threads_test service_test \
  command_unit_test metrics_test reactions_test vfio_test open_device_test interrupt_relay_test
sanitize thread 'hls;rtl;driver;sim;host' '\.(BackgroundThread|CThreads|HeldUp.*|InterruptRelay|SecretMemory)\.' \
  background_thread_test host_threads_test interrupt_relay_test secret_memory_test
