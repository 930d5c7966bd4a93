#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fetches Debian's cloud kernel for the test guest, without installing it: FOLDER/vmlinuz and FOLDER/modules.
# usage: fetch_kernel.sh FOLDER
set -euo pipefail
folder=${1:?usage: fetch_kernel.sh FOLDER}
mkdir -p "$folder"
cd "$folder"

fail() {
  echo "fetch_kernel: $1" >&2
  exit 1
}

package=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null | sed -n 's/^ *Depends: \(linux-image-.*\)$/\1/p' | head -n 1)
[ -n "$package" ] || fail "apt knows no package linux-image-cloud-amd64: run 'apt-get update' once as root"
rm -rf unpacked modules ./*.deb
apt-get download -qq -o APT::Sandbox::User=root "$package" || fail "apt-get cannot download $package: is there a network?"
dpkg-deb -x ./"$package"_*.deb unpacked
mv unpacked/lib/modules/*/kernel modules
cp unpacked/boot/vmlinuz-* vmlinuz.new
mv vmlinuz.new vmlinuz
rm -rf unpacked ./*.deb
