#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scapy at the other end of a software card's cable: `sapulse serve --device net:..` answers its pings, and takes its replies.

usage: scapy_net_test.py SAPULSE SCRATCH_DIRECTORY

To be run in a network namespace of its own; exit status 77 (skipped) where the user may not make a cable there.
"""

import contextlib
import json
import pathlib
import select
import socket
import subprocess
import sys
import tempfile
import time

from scapy.layers.l2 import Ether

import scapy_esp as esp
from scapy_card_test import opened_reply, ping
from scapy_peer_test import FORGED, Peer

SAS = 4
PINGS = 64
SKIPPED = 77
CABLE, FAR = "card", "far"
PATIENCE = 60  # s; so slow is no machine
ETH_P_ALL = 3
IPV4 = b"\x08\x00"  # EtherType
FIRST_TRANSACTION = 1000


def make_cable():
    """False: this user may not."""
    commands = [f"ip link add {CABLE} type veth peer name {FAR}", *(f"ip link set {end} up" for end in (CABLE, FAR))]
    return all(subprocess.run(command.split(), check=False).returncode == 0 for command in commands)


@contextlib.contextmanager
def service(sapulse, scratch, socket_path):
    command = [sapulse, "serve", "--device", f"net:{CABLE}", "--sas", str(scratch / "sas.yaml"), "--socket", str(socket_path)]
    with subprocess.Popen([*command, "--state", str(scratch / "state")]) as running:
        try:
            deadline = time.monotonic() + PATIENCE
            while not socket_path.exists():
                assert running.poll() is None and time.monotonic() < deadline, "the service has not started"
                time.sleep(0.01)
            yield
        finally:
            running.terminate()
    assert running.returncode == 0, f"the service ended with {running.returncode}"


def open_far_end():
    port = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    port.bind((FAR, ETH_P_ALL))
    return port


def received(port, until):
    """Frames that the card sends, until the condition holds."""
    deadline = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < deadline, "the card sends nothing more"
        if select.select([port], [], [], 0.05)[0]:
            frame, address = port.recvfrom(65536)
            if address[2] != socket.PACKET_OUTGOING and frame[12:14] == IPV4:  # the kernel looks for IPv6 routers
                yield frame


def ask(port, numbers, sas):
    """Pings of Scapy; the number of answers that are not as they must be."""
    wanted, found = {}, {}
    for i in range(PINGS):
        frame, wanted[FIRST_TRANSACTION + i] = ping(numbers, sas[i % SAS], 1 + i // SAS, FIRST_TRANSACTION + i)
        port.send(bytes(frame))
    for frame in received(port, lambda: len(found) == PINGS):
        transaction, copied = opened_reply(Ether(frame), sas)
        found[transaction] = copied
    wrong = sum(found.get(transaction) != copied for transaction, copied in wanted.items())
    print(f"{len(found)} of {PINGS} pings of Scapy answered, {wrong} wrong")
    return wrong


def answer(port, numbers, sas, command):
    """Pings of the service, which Scapy answers; one line for each thing that is not as it must be."""
    peer = Peer(numbers, sas)
    # Behind the numbers of the replies that have been received already.
    for spi in peer.sent:
        peer.sent[spi] = PINGS
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as asking:
        for frame in received(port, lambda: asking.poll() is not None):
            port.send(peer.answer(frame))
        lines = [json.loads(line) for line in asking.stdout]
    pings = [line["ping"] for line in lines if "ping" in line]
    wrong = []
    if [said["answered"] for said in pings] != [wanted["answered"] for wanted in peer.wanted]:
        wrong.append(f"answered: {pings}, not {peer.wanted}")
    wrong += [f"round trip of {said['rtt_ns']} ns" for said in pings if said["answered"] and said["rtt_ns"] <= 0]
    answered = sum(said["answered"] for said in pings)
    print(f"Scapy opened {len(peer.wanted)} pings of the service, which took {answered} replies for good; {len(wrong)} complaints")
    return wrong


def main():
    sapulse, scratch = sys.argv[1], pathlib.Path(sys.argv[2])
    if not make_cable():
        print("skipped: no cable can be made in this network namespace")
        return SKIPPED
    scratch.mkdir(parents=True, exist_ok=True)
    numbers = esp.seeded_numbers()
    sas = esp.make_sas(numbers, SAS)
    with tempfile.TemporaryDirectory(dir=scratch) as folder, open_far_end() as port:
        here = pathlib.Path(folder)
        (here / "sas.yaml").touch(mode=0o600)  # it has keys
        (here / "sas.yaml").write_text(esp.configuration(sas))
        socket_path = here / "socket"
        with service(sapulse, here, socket_path):
            wrong = ask(port, numbers, sas)
            command = [sapulse, "ping", "sa1", "--socket", str(socket_path), "--count", str(FORGED), "--interval", "20ms", "--json"]
            complaints = answer(port, numbers, sas, command)
    print("\n".join(complaints))
    return 1 if wrong or complaints else 0


if __name__ == "__main__":
    sys.exit(main())
