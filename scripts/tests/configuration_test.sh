#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A first configuration, in an empty folder, finds every SAPULSE_ variable that it reads: a part that reads what a later part makes
# would build from a warm folder alone.
set -euo pipefail
. scripts/configure.sh
folder=$(mktemp -d)
trap 'rm -rf "$folder" "$folder.log"' EXIT
configure "$folder" --warn-uninitialized 2>"$folder/warnings" || { cat "$folder/warnings"; exit 1; }
grep -q "CMake Warning" "$folder/warnings" || { echo "CMake warned of nothing: does it still look?"; exit 1; }
if grep -B3 -A1 "uninitialized variable 'SAPULSE_" "$folder/warnings"; then exit 1; fi
