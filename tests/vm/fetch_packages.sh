#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fetches Debian's cloud kernel and udev for the test guest, without installing them: FOLDER/vmlinuz, FOLDER/modules and
# FOLDER/udevadm.
# usage: fetch_packages.sh FOLDER
set -euo pipefail
folder=${1:?usage: fetch_packages.sh FOLDER}
mkdir -p "$folder"
cd "$folder"

fail() {
  echo "fetch_packages: $1" >&2
  exit 1
}

fetch() { # fetch PACKAGE: its files below unpacked/
  rm -f ./*.deb
  apt-get download -qq -o APT::Sandbox::User=root "$1" || fail "apt-get cannot download $1: is there a network?"
  dpkg-deb -x ./"$1"_*.deb unpacked
  rm -f ./*.deb
}

kernel=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null | sed -n 's/^ *Depends: \(linux-image-.*\)$/\1/p' | head -n 1)
[ -n "$kernel" ] || fail "apt knows no package linux-image-cloud-amd64: run 'apt-get update' once as root"
rm -rf unpacked modules
fetch "$kernel"
fetch udev
mv unpacked/lib/modules/*/kernel modules
mv unpacked/bin/udevadm udevadm
cp unpacked/boot/vmlinuz-* vmlinuz.new
mv vmlinuz.new vmlinuz
rm -rf unpacked
