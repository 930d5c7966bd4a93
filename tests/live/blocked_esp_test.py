#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Something between the gateways drops ESP, but not IKE: both find every SA down. IKE has noticed nothing, and rekeys what it is
told is dead. When the obstacle is gone, traffic flows.

usage: gateways.sh CHILDREN REKEY-TIME blocked_esp_test.py SAPULSE"""
import sys
import time

from gateway import CHILDREN, POLL, both_gateways, drop_esp, ike_sas, pass_esp
from traffic import PATIENCE, Traffic

INTERVAL, MULTIPLIER = "500ms", 6


def wait_until_replaced(gateway, old):
    end = time.monotonic() + PATIENCE
    while old & {sa["spi_in"] for sa in gateway.sas()}:
        assert time.monotonic() < end, f"{gateway.side}: not all are rekeyed:\n" + "".join(gateway.log)
        time.sleep(POLL)


def wait_until_all_are_down(gateway, blocked):
    downs = {}
    while len(downs) < CHILDREN:
        change, told = gateway.wait_death()
        assert (change["to"], change["reason"]) == ("down", "silence"), change
        downs[change["spi_in"]] = told - blocked
    print(f"{gateway.side}: {CHILDREN} SAs down (silence) {min(downs.values()):.2f} to {max(downs.values()):.2f} s later")


def main():
    gateways = both_gateways(sys.argv[1], INTERVAL, MULTIPLIER, reacts=True)
    traffic = Traffic()
    traffic.wait(time.monotonic())
    old = [{sa["spi_in"] for sa in gateway.sas()} for gateway in gateways]
    drop_esp()
    blocked = time.monotonic()
    for gateway in gateways:
        wait_until_all_are_down(gateway, blocked)
    assert ike_sas(), "IKE has noticed, too"
    # By the side that was the first to tell.
    for gateway, spis in zip(gateways, old):
        wait_until_replaced(gateway, spis)
    assert max(traffic.sent) < blocked, "traffic flows through the filter"
    pass_esp()
    passes = time.monotonic()
    print(f"ESP passes again: traffic of all children {traffic.wait(passes) - passes:.2f} s later")
    traffic.stop()
    for gateway in gateways:
        gateway.wait_all_up()
    for gateway in gateways:  # only now: without the one, the other hears nothing
        gateway.stop()


main()
