#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Children that IKE rekeys all the time, under traffic: both services follow, and never tell of a death that is none.

usage: gateways.sh CHILDREN REKEY-TIME rekeying_test.py SAPULSE"""
import pathlib
import subprocess
import sys

from gateway import PATIENCE, both_gateways

CHILDREN = 3  # as gateways.sh is asked for
SAS = 5 * CHILDREN  # to be seen alive: five generations
# A probe for an SA that the peer has already deleted is found by its crash token at once, however long the multiplier makes
# silence; so the machine's pauses count for nothing.
INTERVAL, MULTIPLIER = "100ms", 255
TRAFFIC = pathlib.Path(__file__).with_name("traffic.py")


def start_traffic(side, what):
    return subprocess.Popen(["ip", "netns", "exec", side, sys.executable, str(TRAFFIC), what, str(CHILDREN)],
                            stdout=subprocess.PIPE, text=True)


def main():
    gateways = both_gateways(sys.argv[1], INTERVAL, MULTIPLIER)
    receiver = start_traffic("b", "receive")
    assert receiver.stdout.readline() == "ready\n"
    sender = start_traffic("a", "send")
    for gateway in gateways:
        gateway.wait_up(SAS)
        gateway.check_no_fault()
        print(f"{gateway.side}: {SAS} SAs of {CHILDREN} children seen alive, no false alarm")
    sender.terminate()
    sender.wait(timeout=PATIENCE)
    receiver.terminate()
    counts = [int(line.split()[0]) for line in receiver.communicate(timeout=PATIENCE)[0].splitlines()]
    print("packets through the tunnels meanwhile:", counts)
    assert len(counts) == CHILDREN and all(counts), "a tunnel has carried nothing"
    for gateway in gateways:
        gateway.stop()


main()
