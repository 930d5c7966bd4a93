#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian packages that are missing; with --check only lists them (exit 1 if any is).
# usage: deps.sh [--check] [GROUP...]      groups of packages.txt; without: all of them
set -euo pipefail

check=false
if [ "${1:-}" = --check ]; then
  check=true
  shift
fi

list=$(cd "$(dirname "$0")" && pwd)/packages.txt
for group in "$@"; do
  grep -q "^\[$group\]" "$list" || { echo "deps: no group '$group' in $list" >&2; exit 2; }
done
mapfile -t wanted < <(awk -v groups=" $* " '
  /^\[/ { taken = groups ~ /^ *$/ || index(groups, " " substr($1, 2, length($1) - 2) " "); next }
  /^[^#]/ && taken' "$list")

missing=()
for package in "${wanted[@]}"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || missing+=("$package")
done

if [ ${#missing[@]} -eq 0 ]; then
  echo "deps: all ${#wanted[@]} packages are installed"
  exit 0
fi
if $check; then
  echo "deps: missing: ${missing[*]}" >&2
  exit 1
fi

if [ "$(id -u)" -eq 0 ]; then
  run=()
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
  run=(sudo)
else
  echo "deps: cannot install packages (neither root nor password-less sudo). Please install:" >&2
  echo "  apt-get install ${missing[*]}" >&2
  exit 1
fi

# Some are for tests alone: their daemons must not start with the installation, nor with the machine.
for daemon in charon-systemd:strongswan prometheus:prometheus; do
  if [[ " ${missing[*]} " == *" ${daemon%:*} "* ]] && command -v systemctl >/dev/null; then
    "${run[@]}" systemctl --quiet mask "${daemon#*:}.service"
    echo "deps: ${daemon#*:}.service stays off; to use it: systemctl unmask ${daemon#*:}.service"
  fi
done
echo "deps: installing ${#missing[@]} packages: ${missing[*]}"
"${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 -qq update
"${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 -y -qq --no-install-recommends \
  install "${missing[@]}" >/dev/null
echo "deps: done"
