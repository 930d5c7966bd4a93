#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Third act of the demonstration, on this very machine: two network namespaces, each with a card made of software and its service,
# joined by a cable, which is cut. Needs root for the namespaces; says so without.
# usage: cable.sh SAPULSE     exit 1 when anything does not happen
set -euo pipefail
sapulse=${1:?usage: cable.sh SAPULSE}
count=8
if ! unshare --net true 2>/dev/null; then
  echo "Third act: two software cards and a cable that is cut need root, for network namespaces. Try: sudo $0 $sapulse"
  exit 0
fi

folder=$(mktemp -d)
processes=()
clean_up() {
  kill "${processes[@]}" 2>/dev/null || true
  wait
  ip netns delete sapulse-west 2>/dev/null || true
  ip netns delete sapulse-east 2>/dev/null || true
  rm -rf "$folder"
}
trap clean_up EXIT

random() { head -c "$1" /dev/urandom | od -An -vtx1 | tr -d ' \n'; } # random BYTES

write_sas() { # SAs with fresh keys, as west and as east have them
  local i there back
  cat >"$folder/west" <<EOF
local: ["192.0.2.1"]
secret: "$(random 32)"
liveness: { interval: 100ms, multiplier: 3 }
path: { mac: "02:5a:00:00:00:01", peer_mac: "02:5a:00:00:00:02" }
sas:
EOF
  sed 's/192.0.2.1/192.0.2.2/; s/^secret:.*/secret: "'"$(random 32)"'"/
    s/^path:.*/path: { mac: "02:5a:00:00:00:02", peer_mac: "02:5a:00:00:00:01" }/' "$folder/west" >"$folder/east"
  for ((i = 0; i < count; ++i)); do
    there="{ spi: $((4096 + i)), key: \"$(random 16)\", salt: \"$(random 4)\" }"
    back="{ spi: $((8192 + i)), key: \"$(random 16)\", salt: \"$(random 4)\" }"
    echo "  - { name: sa$i, local: \"192.0.2.1\", peer: \"192.0.2.2\", in: $back, out: $there }" >>"$folder/west"
    echo "  - { name: sa$i, local: \"192.0.2.2\", peer: \"192.0.2.1\", in: $there, out: $back }" >>"$folder/east"
  done
  chmod 600 "$folder/west" "$folder/east"
}

serve() { # serve SIDE: on the end of the cable in its namespace
  : >"$folder/$1.log" # is looked at before the service may have begun
  nsenter --net="/run/netns/sapulse-$1" "$sapulse" serve --device net:cable --sas "$folder/$1" --socket "$folder/$1.sock" \
    >"$folder/$1.log" 2>&1 &
  processes+=($!)
  until_true "$1 serves" grep -q ", socket " "$folder/$1.log"
}

until_true() { # until_true WHAT COMMAND..: waits at most half a minute
  local tries=0
  until "${@:2}"; do
    tries=$((tries + 1))
    [ $tries -lt 300 ] || { echo "it does not happen: $1" >&2; cat "$folder"/*.log >&2; exit 1; }
    sleep 0.1
  done
}

states() { # states N STATE: whether so many SAs of west are in it
  [ "$("$sapulse" sa list --json --socket "$folder/west.sock" | grep -o "\"state\":\"$2\"" | wc -l)" = "$1" ]
}

echo "Third act: two software cards on this machine, $count SAs probed every 100 ms, and a cable."
ip netns add sapulse-west
ip netns add sapulse-east
ip link add cable address 02:5a:00:00:00:01 netns sapulse-west type veth \
  peer name cable address 02:5a:00:00:00:02 netns sapulse-east
for side in west east; do ip -n sapulse-$side link set cable up; done
write_sas
serve west
serve east
until_true "all are up" states $count up
"$sapulse" watch --socket "$folder/west.sock" 2>/dev/null &  # says at the end that the service has gone
processes+=($!)
"$sapulse" ping sa0 --count 3 --interval 100ms --socket "$folder/west.sock"

echo; echo "== the cable is cut"
ip -n sapulse-east link set cable down
until_true "all are down" states $count down
echo; echo "== and mended"
ip -n sapulse-east link set cable up
until_true "all are up again" states $count up
echo; echo "== east forgets one SA: its crash token proves it to west at once"
"$sapulse" sa del sa3 --socket "$folder/east.sock"
until_true "one is lost" states 1 lost
until_true "the others live" states $((count - 1)) up
echo; echo "Cut, mended, proved: west has noticed everything by itself."
