#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""a is behind a router that masquerades it, and which then gives it another port: b finds that and moves the paths, no alarm.

usage: MODE=nat gateways.sh CHILDREN REKEY-TIME nat_test.py SAPULSE"""
import sys
import time

from gateway import CHILDREN, PATIENT_PROBES, both_gateways, run
from kernel_sas import kernel_sas, wait_for_all_ciphers
from traffic import Traffic


def ports_of_a():
    """UDP ports that b's kernel sends ESP to."""
    return {sa.ports[1] for sa in kernel_sas("b").values() if sa.source == "192.0.2.2"}


def main():
    gateways = both_gateways(sys.argv[1], *PATIENT_PROBES)
    a, b = gateways
    for gateway in gateways:
        wait_for_all_ciphers(gateway)
    before = ports_of_a()
    assert before and "4500" not in before, f"not behind a NAT: {before}"
    # With its interface the router loses what it has remembered.
    run("ip", "-n", "hub", "link", "set", "dev", "b", "down")
    run("ip", "-n", "hub", "link", "set", "dev", "b", "up")
    moved = time.monotonic()
    b.wait_for_log(": peer moved from 192.0.2.1 port ", CHILDREN)
    print(f"b: paths moved {time.monotonic() - moved:.2f} s after the router was back")
    traffic = Traffic()
    traffic.wait(moved)
    traffic.stop()
    after = ports_of_a()
    print(f"b's kernel sent to port {before}, now to {after}")
    assert after and not after & before
    # Charon has deleted the SAs for that, and put them into the kernel anew. A probe meanwhile must not find them gone.
    for gateway in gateways:
        gateway.wait_all_up()
        gateway.check_no_fault()
    for gateway in gateways:
        gateway.stop()


main()
