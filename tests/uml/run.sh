#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs a command as root in a Linux of its own, Debian's User-Mode Linux, which has ESP whatever the kernel of this machine has. The
# files are this machine's; /run is new. Exit code: that of the command; 125: it has not come to its end.
# usage: run.sh SECONDS COMMAND [ARGUMENT...]
set -euo pipefail
seconds=${1:?usage: run.sh SECONDS COMMAND [ARGUMENT...]}
shift
[ -n "${1:-}" ] || { echo "run.sh: no command" >&2; exit 2; }
linux=$(command -v linux.uml) || { echo "run.sh: no linux.uml: install user-mode-linux" >&2; exit 125; }
here=$(cd "$(dirname "$0")" && pwd)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
printf '%q ' "$@" > "$folder/command"
printf '%s' "$PWD" > "$folder/directory"
# The kernel hands settings that it does not know to process 1, in its environment; one of them, if it is set, where programs leave
# the counters of scripts/coverage.sh.
TMPDIR=$folder timeout --kill-after=5 "$seconds" "$linux" mem=768M root=/dev/root rootfstype=hostfs rootflags=/ rw \
  "init=$here/init.sh" "folder=$folder" ${LLVM_PROFILE_FILE+"LLVM_PROFILE_FILE=$LLVM_PROFILE_FILE"} con=null con0=fd:0,fd:1 quiet \
  </dev/null > "$folder/console" 2>&1 || true
[ ! -e "$folder/output" ] || cat "$folder/output"
if [ -s "$folder/status" ]; then exit "$(cat "$folder/status")"; fi
echo "run.sh: the guest has not come to its end in $seconds s:" >&2
cat "$folder/console" >&2
exit 125
