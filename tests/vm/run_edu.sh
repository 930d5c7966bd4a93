#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The control: QEMU with its own device "edu" instead of the simulated card, and nothing of ours beside it.
# Room for two processors: see sim/pcie/qemu.cpp.
# usage: run_edu.sh FOLDER (with vmlinuz and initramfs.cpio)
set -euo pipefail
folder=${1:?usage: run_edu.sh FOLDER}
console=$folder/edu.log
qemu-system-x86_64 -machine q35,accel=tcg -cpu max -smp 1,maxcpus=2 -m 512 -nodefaults -no-user-config -display none -no-reboot \
  -device intel-iommu,intremap=on,caching-mode=on -device edu,addr=4 -serial "file:$console" \
  -kernel "$folder/vmlinuz" -initrd "$folder/initramfs.cpio" \
  -append "console=ttyS0 quiet intel_iommu=on no_timer_check panic=-1 suite=edu" </dev/null
cat "$console"
grep -q 'init: suite edu ended with status 0' "$console"
