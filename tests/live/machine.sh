#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The first process of machine.py: gives itself a copy of all files (an overlay), an empty /run but for /run/a, and becomes systemd,
# which starts nothing but what it is told to.
set -euo pipefail
root=/mnt/root
mount --make-rprivate /
mount -t tmpfs none /mnt
mkdir /mnt/upper /mnt/work $root
mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work $root
mount -t proc proc $root/proc
for folder in /sys /dev; do mount --rbind $folder $root$folder; done
mount -t tmpfs none $root/run
mkdir -p $root/run/{a,guest,systemd/system}
mount --bind /run/a $root/run/a

rm -rf $root/usr/lib/systemd/system-generators $root/{usr/lib,etc}/systemd/system/sysinit.target.wants
printf '[Unit]\nDefaultDependencies=no\nWants=systemd-journald.socket\n' >$root/run/systemd/system/sysinit.target
printf '[Unit]\nDefaultDependencies=no\nRequires=sysinit.target\n' >$root/run/systemd/system/machine.target
cd $root
pivot_root . run/guest
umount --lazy run/guest
exec env -i container=uml /lib/systemd/systemd --system --unit=machine.target
