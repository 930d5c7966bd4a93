#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Two gateways in network namespaces a (192.0.2.1) and b (192.0.2.2), joined by a cable, each with strongSwan: a connection gw-gw with
# CHILD_SAs net0, net1... of three kinds of ciphers in turn. Then runs a command in namespace a; its exit code is ours.
# usage: gateways.sh CHILDREN REKEY-TIME COMMAND [ARGUMENT...]       inside of run.sh; VICI: /run/a/vici, /run/b/vici
set -euo pipefail
children=${1:?} rekey_time=${2:?}
shift 2
proposals=(aes128gcm16 aes128-sha256 chacha20poly1305)

connect() { # the cable
  ip netns add a && ip netns add b
  ip link add eth0 netns a type veth peer name eth0 netns b
  local number=0 side
  for side in a b; do
    number=$((number + 1))
    ip -n $side link set lo up
    ip -n $side address add 192.0.2.$number/24 dev eth0
    ip -n $side link set eth0 up
  done
}

daemon_settings() { # daemon_settings SIDE
  cat <<EOF
charon-systemd {
  load_modular = no
  load = random nonce aes gcm sha1 sha2 hmac kdf curve25519 gmp openssl x509 pubkey pem kernel-netlink socket-default vici
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

connection() { # connection LOCAL-NUMBER REMOTE-NUMBER: swanctl.conf
  local i
  cat <<EOF
connections {
  gw-gw {
    version = 2
    local_addrs = 192.0.2.$1
    remote_addrs = 192.0.2.$2
    proposals = aes128-sha256-x25519
    local {
      auth = psk
      id = gw$1
    }
    remote {
      auth = psk
      id = gw$2
    }
    children {
EOF
  for ((i = 0; i < children; ++i)); do
    cat <<EOF
      net$i {
        local_ts = 10.$1.$i.0/24
        remote_ts = 10.$2.$i.0/24
        esp_proposals = ${proposals[i % 3]}
        rekey_time = $rekey_time
        rand_time = 0
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

start() { # start SIDE LOCAL-NUMBER REMOTE-NUMBER
  mkdir -p "/run/$1"
  daemon_settings "$1" >"/run/$1/strongswan.conf"
  connection "$2" "$3" >"/run/$1/swanctl.conf"
  # /run is shared; its process file is not needed.
  STRONGSWAN_CONF=/run/$1/strongswan.conf ip netns exec "$1" /usr/sbin/charon-systemd >"/run/$1/log" 2>&1 &
  local tries=0
  until swanctl --load-all --file "/run/$1/swanctl.conf" --uri "unix:///run/$1/vici" >/dev/null 2>"/run/$1/error"; do
    tries=$((tries + 1))
    [ $tries -lt 300 ] || { cat "/run/$1/error" "/run/$1/log" >&2; exit 1; }
    sleep 0.1 # there is nothing to wait for but the socket
  done
}

connect
start a 1 2
start b 2 1
for ((i = 0; i < children; ++i)); do
  swanctl --initiate --child "net$i" --uri unix:///run/a/vici >"/run/initiate" 2>&1 || { cat /run/initiate >&2; exit 1; }
done
ip netns exec a "$@"
