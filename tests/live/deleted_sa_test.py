#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One SA is deleted at b without IKE: a is told at once and proves it; IKE notices nothing; the other children live on. Then b is
rebooted: a is told of each of them.

usage: gateways.sh CHILDREN REKEY-TIME deleted_sa_test.py SAPULSE"""
import sys
import time

from gateway import CHILDREN, PATIENT_PROBES, both_gateways, delete_at_b, run


def lost_at_a(a):
    """The next SA that a tells is dead, which must be for a proof, and when it was told."""
    change, told = a.wait_death()
    assert (change["to"], change["reason"]) == ("lost", "crash-token"), change
    return change["spi_in"], told


def main():
    a, b = both_gateways(sys.argv[1], *PATIENT_PROBES)
    victim = a.sas()[1]
    before = time.monotonic()
    delete_at_b(victim["spi_out"])
    deleted = time.monotonic()
    spi, told = lost_at_a(a)
    print(f"{victim['name']}: lost (crash-token), told {told - before:.3f} s after `ip xfrm state delete` "
          f"was started, {told - deleted:.3f} s after its end")
    assert spi == victim["spi_in"]

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

    others = {sa["spi_in"] for sa in a.sas()} - {spi}
    b.crash()
    b.start()
    assert {lost_at_a(a)[0] for _ in others} == others
    print(f"b rebooted: the other {len(others)} lost (crash-token)")
    for gateway in (a, b):
        gateway.stop()


main()
