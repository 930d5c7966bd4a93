#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The driver finds XRT's headers where releases before and from 2.17 on have them.
# usage: headers_test.sh COMPILER SOURCE-FOLDER
set -euo pipefail
compiler=$1 source=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

for place in experimental xrt/experimental; do
  tree=$scratch/${place//\//-}
  mkdir -p "$tree/xrt" "$tree/$place"
  : > "$tree/xrt/xrt_device.h"
  echo 'constexpr int ip_found = 1;' > "$tree/$place/xrt_ip.h"
  echo 'constexpr int xclbin_found = 1;' > "$tree/$place/xrt_xclbin.h"
  printf '#include "xrt_api.h"\nstatic_assert(ip_found + xclbin_found == 2);\n' > "$tree/main.cpp"
  "$compiler" -std=c++20 -nostdinc -fsyntax-only -isystem "$tree" -I "$source/src" "$tree/main.cpp"
  echo "$place: found"
done
