# SPDX-License-Identifier: Apache-2.0
# strongSwan of two gateways, in the network namespaces a and b, each with files of its own in /run/SIDE: a connection gw-gw with
# CHILD_SAs net0, net1... of three kinds of ciphers in turn. For bash. Whoever takes this in sets
#   MODE, CHILDREN, dpd, rekey_time, address[a], address[b]        as gateways.sh explains them
proposals=(aes128gcm16 aes128-sha256 chacha20poly1305)

daemon_settings() { # daemon_settings SIDE
  cat <<EOF
charon-systemd {
  load_modular = no
  load = random nonce aes sha1 sha2 hmac kdf curve25519 kernel-netlink socket-default vici
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
swanctl {
  # All that there are, which is its default, have the kernel look for dozens of modules in vain, for seconds.
  load = pem
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
  bash "${BASH_SOURCE[0]%/*}/charon.sh" "$1"
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
