#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes a Debian 12 root in FOLDER with what the packages depend on, from the archive that this system uses. Not made again.
# usage: debian_root.sh FOLDER      needs root
set -euo pipefail
folder=$1
[ ! -e "$folder/made" ] || exit 0
# systemd for its tools and the service's user; man-db and python3 for package_test.sh.
packages=systemd,udev,python3,man-db,bash-completion,libfmt9,libmnl0,libpcap0.8,libspdlog1.10,libssl3,libstdc++6,libsystemd0
packages+=,libuuid1,libxrt1,libyaml-cpp0.7,zlib1g,libexpected-dev
archive=$(apt-get indextargets 'Created-By: Packages' 'Codename: bookworm' --format '$(SITE)' | head -1)
rm -rf "$folder"
debootstrap --variant=minbase --include="$packages" bookworm "$folder" "${archive:?no archive in sources.list}"
touch "$folder/made"
