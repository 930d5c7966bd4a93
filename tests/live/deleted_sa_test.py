#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One SA is deleted at b without IKE: a is told at once and proves it; IKE notices nothing; the other children live on.

usage: gateways.sh CHILDREN REKEY-TIME deleted_sa_test.py SAPULSE"""
import sys
import time

from gateway import CHILDREN, both_gateways, delete_at_b, run

# Silence for 25 s would be a death, too; the proof must come first.
INTERVAL, MULTIPLIER = "100ms", 255


def main():
    a, b = both_gateways(sys.argv[1], INTERVAL, MULTIPLIER)
    victim = a.sas()[1]
    before = time.monotonic()
    delete_at_b(victim["spi_out"])
    deleted = time.monotonic()
    change, told = a.wait_death()
    print(f"{change['sa']}: {change['to']} ({change['reason']}), told {told - before:.3f} s after `ip xfrm state delete` "
          f"was started, {told - deleted:.3f} s after its end")
    assert (change["spi_in"], change["to"], change["reason"]) == (victim["spi_in"], "lost", "crash-token"), change

    children = run("swanctl", "--list-sas", "--uri", "unix:///run/a/vici")
    assert children.count("INSTALLED") == CHILDREN, f"IKE has noticed, too:\n{children}"
    print("IKE at a still holds all its CHILD_SAs for good")
    rest = [(sa["spi"], sa["reason"]) for sa in b.unwatched()]
    assert rest == [(victim["spi_in"], "its partner has been deleted")], rest
    for gateway, left in ((a, CHILDREN), (b, CHILDREN - 1)):
        states = {sa["spi_in"]: sa["liveness"]["state"] for sa in gateway.sas()}
        assert len(states) == left, states
        assert all(state == ("lost" if spi == victim["spi_in"] else "up") for spi, state in states.items()), states
    b.check_no_fault()
    for gateway in (a, b):
        gateway.stop()


main()
