#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes packages of what has been built, and installs, starts, upgrades and purges them in a copy of this system that is thrown away
# (an overlay in a mount namespace of its own), or in ROOT, a Debian root that is made if need be. Nothing there is started by
# systemd, since it is not the first process: the service is started as its unit says, by hand.
# usage: package_test.sh BUILD SOURCE [ROOT]      needs root; exit status 77: it is not there
set -euo pipefail
build=$(realpath "$1") source=$(realpath "$2") root=${3:-}
work=$build/package_test
if [ "$(id -u)" != 0 ]; then
  echo "packages are installed by root only"
  exit 77
fi

if [ -z "${INSIDE:-}" ]; then
  SAPULSE_COMPRESSION=1 bash "$source/host/package/deb.sh" "$build" "$source" "$work/packages"
  [ -z "$root" ] || bash "$source/host/package/debian_root.sh" "$root" "$work"/packages/*.deb
  exec env INSIDE=1 unshare --mount "$0" "$@"
fi

lower=${root:-/}
layers=$work/layers
mkdir -p "$layers"
mount -t tmpfs none "$layers"
mkdir "$layers"/{upper,work,root}
mount -t overlay overlay -o "lowerdir=$lower,upperdir=$layers/upper,workdir=$layers/work" "$layers/root"
inside=$layers/root
mount -t proc proc "$inside/proc"
mount -t tmpfs none "$inside/run"
mount --rbind /dev "$inside/dev"
cp "$work"/packages/*.deb "$inside/run"
cp "$source/tests/demo/sas.yaml" "$source/docs/gateway.md" "$source/host/package/in_root.sh" "$inside/run"
exec chroot "$inside" /bin/bash /run/in_root.sh
