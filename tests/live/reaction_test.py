#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""With a reaction by VICI the traffic comes back by itself: of an SA that b has lost, and of all when b has been rebooted.

usage: gateways.sh CHILDREN REKEY-TIME reaction_test.py SAPULSE"""
import sys
import time

from gateway import DEATHS, PATIENT_PROBES, both_gateways, delete_at_b, ike_sas
from traffic import Traffic

RESTART = "does not rekey: terminate: done"


def check_deaths(gateway):
    """All that have been told since the last time, one at least, for the proof that the peer has sent."""
    deaths = gateway.changes_to(DEATHS)
    assert deaths and all((death["to"], death["reason"]) == ("lost", "crash-token") for death in deaths), deaths
    gateway.changes.clear()


def main():
    a, b = both_gateways(sys.argv[1], *PATIENT_PROBES, reacts=True)
    traffic = Traffic()
    traffic.wait(time.monotonic())
    before = ike_sas()

    deleted = time.monotonic()
    delete_at_b(a.sas()[1]["spi_out"])
    a.wait_death()
    print(f"SA deleted at b: traffic of all children {traffic.wait(time.monotonic()) - deleted:.2f} s later")
    a.wait_for_log("is dead: rekey: done")
    if ike_sas() != before:  # as on a machine that stalls, where rekeying takes too long
        a.wait_for_log(RESTART)
    a.wait_all_up()  # what has never been up knows no token, and nobody could call it lost
    check_deaths(a)

    before = ike_sas()
    b.crash()
    crashed = time.monotonic()
    b.boot()
    a.wait_death()  # of all, unless the reaction replaces some before they are asked
    print(f"b rebooted: traffic of all children {traffic.wait(time.monotonic()) - crashed:.2f} s later")
    after = ike_sas()
    assert after and not set(after) & set(before), f"b does not know {before}; there are {after}"
    check_deaths(a)
    traffic.stop()
    for gateway in (a, b):
        gateway.stop()


main()
