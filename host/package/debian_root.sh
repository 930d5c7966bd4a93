#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes a Debian 12 root in FOLDER with what PACKAGEs depend on, from the archive that this system uses; not again for the same.
# usage: debian_root.sh FOLDER PACKAGE...      needs root
set -euo pipefail
folder=$1
shift

dependencies() { # of packages: what apt would install with them where there is nothing yet
  apt-get install --simulate --no-install-recommends -o Dir::State::status=/dev/null "$@" |
    sed -n -e '/ local-deb /d' -e 's/^Inst \([^ ]*\) .*/\1/p' | sort
}

# systemd for its tools and the service's user; man-db and bash-completion for package_test.sh.
packages=systemd,udev,man-db,bash-completion,$(dependencies "$@" | paste -sd,)
[ "$(cat "$folder/made" 2>/dev/null)" != "$packages" ] || exit 0
archive=$(apt-get indextargets 'Created-By: Packages' 'Codename: bookworm' --format '$(SITE)' | head -1)
rm -rf "$folder"
debootstrap --variant=minbase --include="$packages" bookworm "$folder" "${archive:?no archive in sources.list}"
echo "$packages" > "$folder/made"
