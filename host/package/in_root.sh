#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The part of package_test.sh that runs in the root: /run has the packages, a configuration with SAs and docs/gateway.md.
set -euo pipefail
cd /run
export PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive

step() { echo "== $*"; }
fail() { echo "package: $*" >&2; exit 1; }
is() { [ "$2" = "$3" ] || fail "$1: '$2', not '$3'"; }
has() { [ -e "$1" ] || fail "$1 is missing"; }
gone() { [ ! -e "$1" ] || fail "$1 is still there"; }

step install
command=$(grep --max-count=1 '^apt install ' gateway.md) # as the page says; what it depends on is here
echo "$command"
eval "$command --yes --no-install-recommends"
dpkg --install ./*.deb # and the others
is "service user" "$(id -un sapulse)" sapulse
getent group sapulse-watch > /dev/null
is "configuration" "$(stat -c '%a %U %G' /etc/sapulse/sapulse.yaml)" "640 root sapulse"
is "its folder" "$(stat -c '%a %U %G' /etc/sapulse)" "750 root sapulse"
for file in /lib/systemd/system/sapulse.service /lib/udev/rules.d/60-sapulse.rules \
  /usr/share/man/man1/sapulse.1.gz /usr/share/bash-completion/completions/sapulse \
  /usr/share/zsh/vendor-completions/_sapulse; do has $file; done
for page in gateway monitoring service wireshark; do has /usr/share/doc/sapulse/$page.md*; done
gone /etc/systemd/system/multi-user.target.wants/sapulse.service # somebody has to say first what to watch
sapulse check-config /etc/sapulse/sapulse.yaml

step unit
systemd-analyze verify sapulse.service
systemd-analyze security --offline=true --threshold=25 sapulse.service | tail -1

step completion
complete_words() { # what bash offers after these words
  bash -c '. /usr/share/bash-completion/completions/sapulse; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _sapulse
    printf "%s " "${COMPREPLY[@]}"' bash "$@"
}
is "after 'sapulse pi'" "$(complete_words sapulse pi | xargs)" ping
is "after 'sapulse sa '" "$(complete_words sapulse sa '' | xargs)" "list add import del down up -h --help"
is "after '--model '" "$(complete_words sapulse lab --model '' | xargs)" "rtl fast"

step python
/usr/bin/python3 - sas.yaml <<'PYTHON'
import sys, sapulse
with sapulse.open("model", sys.argv[1]) as endpoint:
    assert len(endpoint.sas()) == 8, endpoint.sas()
PYTHON

step start
cp sas.yaml /etc/sapulse/sapulse.yaml # on the card in memory
install -d -o sapulse -g sapulse sapulse
install -d -m 700 -o sapulse -g sapulse /var/lib/sapulse
command=$(sed -n '/^ExecStart=/,/[^\\]$/p' /lib/systemd/system/sapulse.service | sed 's/^ExecStart=//' | tr -d '\\\n')
# Says READY=1 to a socket as systemd's, and lives as long as its user.
mkfifo told
setpriv --reuid=sapulse --regid=sapulse --init-groups /usr/bin/python3 - $command > service.log 2>&1 3> told <<'PYTHON' &
import os, signal, socket, subprocess, sys
told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
told.bind("/run/sapulse/notify")
environment = dict(os.environ, NOTIFY_SOCKET="/run/sapulse/notify", RUNTIME_DIRECTORY="/run/sapulse")
service = subprocess.Popen(sys.argv[1:], env=environment)
signal.signal(signal.SIGTERM, lambda *_: service.terminate())
told.settimeout(60)
os.write(3, told.recv(4096).replace(b"\n", b" ") + b"\n")
sys.exit(service.wait())
PYTHON
service=$!
trap 'kill $service 2>/dev/null || true' EXIT # also when something is wrong
read -r line < told || { cat service.log >&2; fail "the service has ended"; }
is "what the service tells systemd" "$line" "READY=1 STATUS=model: 8 SAs"
is "SAs" "$(sapulse sa list | wc -l)" 9
as() { setpriv --reuid=nobody --regid=nogroup --groups="$1" "${@:2}"; }
is "a watcher's list" "$(as sapulse-watch sapulse sa list | wc -l)" 9
refused() { # refused GROUP TEXT COMMAND...: what the service says to a member of this group alone
  local said
  if said=$(as "$1" "${@:3}" 2>&1); then fail "$1: '${*:3}' is allowed"; fi
  case $said in *"$2"*) ;; *) fail "$1: '$said', not '$2'" ;; esac
}
refused sapulse-watch 'may only look' sapulse sa del peer0
refused nogroup 'none of the groups' sapulse sa list
as sapulse sapulse sa del peer0
is "SAs without that one" "$(sapulse sa list | wc -l)" 8
kill $service
wait $service || { cat service.log >&2; fail "the service has not stopped in order"; }

step upgrade
dpkg-deb --raw-extract ./sapulse_*.deb newer
sed -i 's/^Version: .*/&+upgrade/' newer/DEBIAN/control
echo "# another default" >> newer/etc/sapulse/sapulse.yaml
dpkg-deb --root-owner-group -Znone --build newer newer.deb > /dev/null
dpkg --force-confdef --force-confold --force-depends --install newer.deb
cmp sas.yaml /etc/sapulse/sapulse.yaml || fail "an upgrade has changed the configuration"
has /var/lib/sapulse/sas

step purge
dpkg --purge sapulse-sim sapulse
gone /etc/sapulse/sapulse.yaml
gone /var/lib/sapulse
gone /usr/bin/sapulse
dpkg --purge libsapulse-dev python3-sapulse libsapulse1
gone /usr/lib/python3/dist-packages/sapulse
echo "package: installed, started, upgraded and purged"
