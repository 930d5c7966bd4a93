#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Something between the gateways drops ESP, but not IKE: both find every SA down, while IKE is content. They find it up again.

usage: gateways.sh CHILDREN REKEY-TIME blocked_esp_test.py SAPULSE"""
import sys
import time

from gateway import CHILDREN, both_gateways, drop_esp, pass_esp, run

INTERVAL, MULTIPLIER = "500ms", 6


def main():
    gateways = both_gateways(sys.argv[1], INTERVAL, MULTIPLIER)
    drop_esp()
    blocked = time.monotonic()
    for gateway in gateways:
        downs = {}
        while len(downs) < CHILDREN:
            change, told = gateway.wait_death()
            assert (change["to"], change["reason"]) == ("down", "silence"), change
            downs[change["spi_in"]] = told - blocked
        print(f"{gateway.side}: {CHILDREN} SAs down (silence) {min(downs.values()):.2f} to {max(downs.values()):.2f} s later")
    children = run("swanctl", "--list-sas", "--uri", "unix:///run/a/vici")
    assert children.count("INSTALLED") == CHILDREN and "ESTABLISHED" in children, f"IKE has noticed, too:\n{children}"
    pass_esp()
    for gateway in gateways:
        for _ in range(CHILDREN):
            gateway.wait(lambda change: change["to"] == "up")
    for gateway in gateways:  # only now: without the one, the other hears nothing
        gateway.stop()


main()
