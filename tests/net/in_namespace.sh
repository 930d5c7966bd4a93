#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs a command in a network namespace of its own. Exit code: that of the command; 77: this user may not.
# usage: in_namespace.sh COMMAND [ARGUMENT...]
set -euo pipefail
if ! unshare --net true 2>/dev/null; then
  echo "skipped: network namespaces take root"
  exit 77
fi
exec unshare --net "$@"
