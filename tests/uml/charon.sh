#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Starts strongSwan of a gateway of gateways.sh with the files that are in /run/SIDE, and waits until it has loaded them. Its
# process number is in /run/SIDE/pid.
# usage: charon.sh SIDE
set -euo pipefail
run=/run/${1:?usage: charon.sh SIDE}
export STRONGSWAN_CONF=$run/strongswan.conf
ip netns exec "$1" /usr/sbin/charon-systemd >>"$run/log" 2>&1 </dev/null &
echo $! >"$run/pid"
tries=0
# Starting swanctl costs more than a look at the socket, which does not yet take connections when it appears.
until [ -S "$run/vici" ] && swanctl --load-all --file "$run/swanctl.conf" --uri "unix://$run/vici" >/dev/null 2>"$run/error"; do
  tries=$((tries + 1))
  [ $tries -lt 3000 ] || { cat "$run/error" "$run/log" >&2; exit 1; }
  sleep 0.1 # there is nothing to wait for but the socket
done
