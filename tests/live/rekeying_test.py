#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Children that IKE rekeys all the time, under traffic: both services follow, and never tell of a death that is none.

usage: [NETEM=DISTURBANCE] gateways.sh CHILDREN REKEY-TIME rekeying_test.py SAPULSE"""
import os
import sys

from gateway import CHILDREN, PATIENT_PROBES, both_gateways, disturb
from iperf import RECEIVING, Iperf
from kernel_sas import wait_for_all_ciphers, wait_for_packets
from traffic import MODE

SAS = CHILDREN  # to be seen alive under traffic: another generation. More are a long time on a machine that hardly keeps up


def main():
    # A probe for an SA that the peer has already deleted is found by its crash token at once, however patient they are.
    gateways = both_gateways(sys.argv[1], *PATIENT_PROBES)
    traffic = Iperf()
    if netem := os.environ.get("NETEM"):
        disturb(netem)
    for gateway in gateways:
        gateway.take_arrived()
        gateway.up.clear()
    for gateway in gateways:
        wait_for_all_ciphers(gateway)
        gateway.wait_up(SAS)
        wait_for_packets(gateway, len(RECEIVING[gateway.side]))
    print("packets of iperf3 that arrived meanwhile, by child:", traffic.stop())
    for gateway in gateways:
        gateway.check_no_fault()
        print(f"{gateway.side}, {MODE}: {SAS} SAs of {CHILDREN} children seen alive, no false alarm")
    for gateway in gateways:
        gateway.stop()


main()
