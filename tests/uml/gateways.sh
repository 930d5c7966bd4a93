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
proposals=(aes128gcm16 aes128-sha256 chacha20poly1305)
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

daemon_settings() { # daemon_settings SIDE
  cat <<EOF
charon-systemd {
  load_modular = no
  load = random nonce aes gcm sha1 sha2 hmac kdf curve25519 gmp openssl x509 pubkey pem kernel-netlink socket-default vici
${dpd:+  retransmit_timeout = 1
  retransmit_base = 1.1
  retransmit_tries = 3}
  journal {
    default = -1
  }
  plugins {
    vici {
      socket = unix:///run/$1/vici
    }
  }
}
EOF
}

selectors() { # selectors LOCAL-NUMBER REMOTE-NUMBER CHILD
  if [ "$MODE" = transport ]; then
    local port=$((5000 + $3))
    printf '        mode = transport\n        local_ts = dynamic[udp/%s]\n        remote_ts = dynamic[udp/%s]\n' $port $port
  else
    printf '        local_ts = 10.%s.%s.0/24\n        remote_ts = 10.%s.%s.0/24\n' "$1" "$3" "$2" "$3"
  fi
}

connection() { # connection SIDE LOCAL-NUMBER REMOTE REMOTE-NUMBER START-ACTION: swanctl.conf
  local i
  cat <<EOF
connections {
  gw-gw {
    version = 2
    local_addrs = ${address[$1]}
    remote_addrs = $3
    proposals = aes128-sha256-x25519
${dpd:+    dpd_delay = $dpd}
    local {
      auth = psk
      id = gw$2
    }
    remote {
      auth = psk
      id = gw$4
    }
    children {
EOF
  for ((i = 0; i < CHILDREN; ++i)); do
    cat <<EOF
      net$i {
$(selectors "$2" "$4" $i)
        esp_proposals = ${proposals[i % 3]}
        rekey_time = $rekey_time
        life_time = 24h
        rand_time = 1s
        start_action = $5
${dpd:+        dpd_action = $5}
      }
EOF
  done
  cat <<EOF
    }
  }
}
secrets {
  ike-1 {
    id-1 = gw1
    id-2 = gw2
    secret = "only for tests"
  }
}
EOF
}

start() { # start SIDE LOCAL-NUMBER REMOTE REMOTE-NUMBER START-ACTION
  mkdir -p "/run/$1"
  daemon_settings "$1" >"/run/$1/strongswan.conf"
  connection "$@" >"/run/$1/swanctl.conf"
  "$here/charon.sh" "$1"
}

wait_for_children() { # until both kernels have all SAs, placeholders of IKE not counted
  local side tries=0
  for side in a b; do
    until [ "$(ip -n $side xfrm state | grep -cE '^\s(aead|enc) ')" -ge $((2 * CHILDREN)) ]; do
      tries=$((tries + 1))
      [ $tries -lt 3000 ] || { ip -n $side xfrm state count >&2; cat /run/a/log /run/b/log >&2; exit 1; }
      sleep 0.1 # there is nothing to wait for
    done
  done
}

connect
if [ "$MODE" = nat ]; then start b 2 %any 1 none; else start b 2 "${address[a]}" 1 none; fi
start a 1 "${address[b]}" 2 start # a's daemon opens all children itself, before the first is due for rekeying
wait_for_children
ip netns exec a "$@"
