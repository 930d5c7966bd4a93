#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One fault between the gateways: prints, as JSON, the seconds until a notices it (its daemon gives the SA up, sapulse tells) and
until traffic flows again; null: not within LIMIT seconds.

usage: gateways.sh 1 1h outage.py LIMIT deleted|reboot|blocked [SAPULSE]"""
import json
import sys
import time

from gateway import GATEWAYS, both_gateways, delete_at_b, drop_esp, lose_ipsec, pass_esp, run, start_charon
from traffic import Traffic

BLOCKED = 20  # s
POLL = 0.05  # s


def spis_of_a():
    """Of the SAs by which a sends."""
    words = run("ip", "-n", "a", "xfrm", "state", "list", "src", GATEWAYS["a"], "dst", GATEWAYS["b"]).split()
    return {int(words[i + 1], 16) for i, word in enumerate(words) if word == "spi"}


def has_died(gateway):
    return not gateway.arrived.empty() and any(entry[1]["to"] in ("down", "lost") for entry in list(gateway.arrived.queue))


def cause(fault, spi, b):
    """When it was complete: from then on nothing passes."""
    if fault == "deleted":
        delete_at_b(spi)
    elif fault == "blocked":
        drop_esp()
    elif b:
        b.crash()
    else:
        lose_ipsec("b")
    begin = time.monotonic()
    if fault == "reboot" and b:
        b.boot()
    elif fault == "reboot":
        start_charon("b")
    return begin


def main():
    limit, fault, sapulse = float(sys.argv[1]), sys.argv[2], sys.argv[3:]
    # The intervals are those of a gateway if nobody says otherwise.
    a, b = both_gateways(sapulse[0], "500ms", 4, reacts=True) if sapulse else (None, None)
    traffic = Traffic()
    traffic.wait(time.monotonic())
    spi = spis_of_a().pop()
    begin = cause(fault, spi, b)
    passes = begin + BLOCKED if fault == "blocked" else None
    noticed = flows = None
    while time.monotonic() < begin + limit and (noticed is None or flows is None):
        time.sleep(POLL)  # the resolution of the measurement
        now = time.monotonic()
        if noticed is None and (has_died(a) if a else spi not in spis_of_a()):
            noticed = now - begin
        if passes and now >= passes:
            pass_esp()
            passes = None
        if flows is None and traffic.sent[0] > begin:
            flows = traffic.arrived[0] - begin
        if fault == "blocked" and flows:
            break
    print(json.dumps({"noticed": noticed, "flows": flows}))


main()
