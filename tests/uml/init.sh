#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Process 1 of the guest: prepares it, runs the command of run.sh, and switches off. $folder comes from the kernel's command line.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs tmpfs /run
# The guest's modules are not where modprobe, or the kernel when it misses one, would look.
mkdir -p /run/guest/lib/modules
ln -s "/usr/lib/uml/modules/$(uname -r)" "/run/guest/lib/modules/$(uname -r)"
printf '#!/bin/sh\nexec /sbin/modprobe -d /run/guest "$@"\n' >/run/guest/modprobe
chmod +x /run/guest/modprobe
echo /run/guest/modprobe >/proc/sys/kernel/modprobe
/run/guest/modprobe -a xfrm_user esp4 esp6 ah4 ipcomp cbc ctr gcm ghash-generic authenc chacha20poly1305 seqiv echainiv veth 8021q \
  >"$folder/modules" 2>&1
ln -s /proc/self/fd /dev/fd
ip link set lo up
cd "$(cat "$folder/directory")" || exit
bash "$folder/command" </dev/null >"$folder/output" 2>&1
echo $? >"$folder/status"
sync
poweroff -f
