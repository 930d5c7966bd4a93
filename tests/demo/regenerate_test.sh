#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Regenerates the demo's files and compares them with the shipped ones.
# usage: regenerate_test.sh sapulse-traffic SHIPPED_DIRECTORY SCRATCH_DIRECTORY
set -eu
"$1" --out "$3"
for file in line.pcap core.pcap sas.yaml; do
  cmp "$2/$file" "$3/$file"
done
