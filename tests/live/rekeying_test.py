#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Children that IKE rekeys all the time, under traffic: both services follow, and never tell of a death that is none.

usage: gateways.sh CHILDREN REKEY-TIME rekeying_test.py SAPULSE"""
import sys

from gateway import CHILDREN, both_gateways
from traffic import MODE, Traffic

SAS = 3 * CHILDREN  # to be seen alive: three generations
# A probe for an SA that the peer has already deleted is found by its crash token at once, however long the multiplier makes
# silence; so the machine's pauses count for nothing.
INTERVAL, MULTIPLIER = "250ms", 255


def main():
    gateways = both_gateways(sys.argv[1], INTERVAL, MULTIPLIER)
    traffic = Traffic()
    for gateway in gateways:
        gateway.wait_up(SAS)
        gateway.check_no_fault()
        print(f"{gateway.side}, {MODE}: {SAS} SAs of {CHILDREN} children seen alive, no false alarm")
    traffic.stop()
    print("packets through the SAs and back meanwhile:", traffic.counts)
    assert all(traffic.counts), "an SA has carried nothing"
    for gateway in gateways:
        gateway.stop()


main()
