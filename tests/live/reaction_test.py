#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""With a reaction by VICI the traffic comes back by itself: of an SA that b has lost, and of all when b has been rebooted.

usage: gateways.sh CHILDREN REKEY-TIME reaction_test.py SAPULSE"""
import sys
import time

from gateway import CHILDREN, both_gateways, delete_at_b, run
from traffic import Traffic

# In silence of a minute nobody is called down: the crash tokens have to come first.
INTERVAL, MULTIPLIER = "250ms", 255


def ike_sas():
    """Numbers of the IKE_SAs at a that are established."""
    listed = run("swanctl", "--list-sas", "--uri", "unix:///run/a/vici").splitlines()
    return [line.split("#")[1].split(",")[0] for line in listed if "ESTABLISHED" in line]


def wait_lost(gateway, count):
    for _ in range(count):
        change, _ = gateway.wait_death()
        assert (change["to"], change["reason"]) == ("lost", "crash-token"), change


def main():
    a, b = both_gateways(sys.argv[1], INTERVAL, MULTIPLIER, reacts=True)
    traffic = Traffic()
    traffic.wait(time.monotonic())
    before = ike_sas()

    deleted = time.monotonic()
    delete_at_b(a.sas()[1]["spi_out"])
    wait_lost(a, 1)
    print(f"SA deleted at b: traffic of all children {traffic.wait(time.monotonic()) - deleted:.2f} s later")
    a.wait_for_log("is dead: rekey: done")
    assert ike_sas() == before, "a rekeying would have been enough"
    a.wait_up(CHILDREN + 1)  # what has never been up knows no token, and nobody could call it lost

    b.crash()
    crashed = time.monotonic()
    b.boot()
    wait_lost(a, CHILDREN)
    print(f"b rebooted: traffic of all children {traffic.wait(time.monotonic()) - crashed:.2f} s later")
    a.wait_for_log("does not rekey: terminate: done")
    traffic.stop()
    for gateway in (a, b):
        gateway.stop()


main()
