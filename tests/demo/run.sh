#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs the shipped captures through the simulated card and verifies everything that comes out.
# usage: run.sh [BUILD_DIRECTORY]     from the top of the repository; exit 1 when anything is wrong
set -eu
build=${1:-build}
demo=$(dirname "$0")
out=$build/demo
mkdir -p "$out"
"$build/bin/sapulse" sim --sas "$demo/sas.yaml" --line-in "$demo/line.pcap" --core-in "$demo/core.pcap" \
  --line-out "$out/line-out.pcap" --core-out "$out/core-out.pcap" --report "$out/report.json"
"$build/bin/sapulse-verify" --sas "$demo/sas.yaml" --line-in "$demo/line.pcap" --core-in "$demo/core.pcap" \
  --line-out "$out/line-out.pcap" --core-out "$out/core-out.pcap" --report "$out/report.json"

echo
echo "Second act: two gateways watch 64 SAs. One crashes; an SA becomes a black hole; somebody forges errors."
echo
"$build/bin/sapulse" lab "$demo/lab.yaml" --each-sa

echo
"$demo/cable.sh" "$build/bin/sapulse"
