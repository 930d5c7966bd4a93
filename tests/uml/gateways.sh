#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Two gateways in network namespaces a and b, joined by a third one, hub, each with strongSwan: a connection gw-gw with CHILD_SAs
# net0, net1... of three kinds of ciphers in turn. Then runs a command in namespace a; its exit code is ours. No SA expires:
# rekeying takes as long as it takes on a busy machine.
#
# MODE=tunnel (if nobody says otherwise): each connects 10.1.i.1 with 10.2.i.1, a is 192.0.2.1 and b 192.0.2.2, hub a bridge.
# MODE=transport: the same, but each is for UDP port 5000 + i of the gateways themselves.
# MODE=nat: tunnels, but a is 172.16.0.2 behind hub, a router that masquerades it as 192.0.2.1 with random ports.
# DPD=TIME: strongSwan's dpd_delay, with about a second for each of four tries, and a restart by a; without, its defaults: none.
# VICI: /run/a/vici, /run/b/vici.
# usage: [MODE=MODE] [DPD=TIME] gateways.sh CHILDREN REKEY-TIME COMMAND [ARGUMENT...]       inside of run.sh
set -euo pipefail
export MODE=${MODE:-tunnel} CHILDREN=${1:?}
dpd=${DPD:-} rekey_time=${2:?}
shift 2
here=$(cd "$(dirname "$0")" && pwd)
. "$here/ike.sh"
declare -A address=([a]=192.0.2.1 [b]=192.0.2.2)
[ "$MODE" != nat ] || address[a]=172.16.0.2

connect() { # the cables
  local number=0 side i
  ip netns add hub
  for side in a b; do
    number=$((number + 1))
    ip netns add $side
    ip link add eth0 netns $side type veth peer name $side netns hub
    ip -n $side link set lo up
    ip -n $side address add "${address[$side]}/24" dev eth0
    for ((i = 0; i < CHILDREN; ++i)); do ip -n $side address add 10.$number.$i.1/32 dev lo; done
    ip -n $side link set eth0 up
    ip -n hub link set dev $side up
    ip -n $side route add 10.0.0.0/8 dev eth0
  done
  if [ "$MODE" = nat ]; then masquerade; else bridge; fi
  for side in a b; do drop_clear $side; done
}

drop_clear() { # drop_clear SIDE: what a gateway sends without ESP, as one does that has lost its policies, too, must not arrive
  local i
  tc -n hub qdisc add dev "$1" ingress
  if [ "$MODE" != transport ]; then
    tc -n hub filter add dev "$1" ingress pref 1 protocol ip flower dst_ip 10.0.0.0/8 action drop
    return
  fi
  for ((i = 0; i < CHILDREN; ++i)); do
    tc -n hub filter add dev "$1" ingress pref 1 protocol ip flower ip_proto udp dst_port $((5000 + i)) action drop
  done
}

bridge() {
  ip -n hub link add bridge type bridge
  ip -n hub link set dev a master bridge
  ip -n hub link set dev b master bridge
  ip -n hub link set bridge up
}

masquerade() {
  ip -n hub address add 172.16.0.1/24 dev a
  ip -n hub address add 192.0.2.1/24 dev b
  ip netns exec hub sysctl --quiet net.ipv4.ip_forward=1
  ip -n a route add default via 172.16.0.1
  # This kernel has no nftables for IPv4.
  ip netns exec hub iptables-legacy -t nat -A POSTROUTING -o b -j MASQUERADE --random-fully
}

connect
if [ "$MODE" = nat ]; then start b 2 %any 1 none; else start b 2 "${address[a]}" 1 none; fi
start a 1 "${address[b]}" 2 start # a's daemon opens all children itself, before the first is due for rekeying
wait_for_children
STRONGSWAN_CONF=/run/a/strongswan.conf ip netns exec a "$@"
